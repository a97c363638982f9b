// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/private_state.h"

#include "base/json.h"
#include "base/time_format.h"
#include "resources/sealed/payload.h"
#include "schema/cty/json.h"

namespace resources::certificate {
namespace {

using schema::cty::Value;

Value DefaultsFrom(const std::optional<std::string>& text) {
  const auto& type = ProfileDefaults::Schema().type();
  if (!text) return Value::Null(type);
  const auto defaults = schema::cty::FromJson(*text, type, schema::cty::UnknownMembers::kDropped);
  return defaults ? *defaults : Value::Null(type);
}

}  // namespace

std::string ToText(const PrivateState& memory) {
  base::Json json = {{"directory_url", memory.directory_url}, {"account_url", memory.account_url}, {"due", memory.due}};
  if (!memory.profile_id.empty()) json["profile_id"] = memory.profile_id;
  if (const auto defaults = schema::cty::ToJson(memory.defaults); memory.defaults.is_known() && defaults) {
    json["defaults"] = *defaults;
  }
  if (memory.is_new) json["is_new"] = true;
  if (memory.ask_after) json["ask_after"] = base::FormatRfc3339(*memory.ask_after);
  return base::DumpJson(json);
}

PrivateState ParsePrivateState(const std::string& private_data) {
  const auto json = base::ParseJsonObject(private_data);
  if (!json) return {};
  return {.directory_url = base::FindString(*json, "directory_url").value_or(""),
          .account_url = base::FindString(*json, "account_url").value_or(""),
          .profile_id = base::FindString(*json, "profile_id").value_or(""),
          .defaults = DefaultsFrom(base::FindString(*json, "defaults")),
          .due = base::FindBool(*json, "due").value_or(false),
          .is_new = base::FindBool(*json, "is_new").value_or(false),
          .ask_after = base::ParseRfc3339(base::FindString(*json, "ask_after").value_or(""))};
}

PrivateState ReadPrivateState(const Context& context, const CertificateModel& certificate, const std::string& private_data) {
  PrivateState memory = ParsePrivateState(private_data);
  if (!memory.directory_url.empty() || memory.is_new || !certificate.external_ca.is_known()) return memory;
  const auto ca = sealed::OpenCa(context.sealer, certificate.external_ca.OrEmpty().Reveal());
  if (!ca) return memory;
  memory.directory_url = ca->directory_url;
  memory.account_url = ca->account_url;
  return memory;
}

}  // namespace resources::certificate

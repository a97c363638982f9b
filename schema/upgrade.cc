// SPDX-License-Identifier: MPL-2.0
#include "schema/upgrade.h"

#include "base/text.h"
#include "schema/cty/json.h"

namespace schema {

base::Result<cty::Value> UpgradeState(const Schema& schema, std::span<const UpgradeStep> steps, std::int64_t version,
                                      std::string_view json) {
  if (version < 0 || version > schema.version) {
    return base::Error{base::ErrorKind::kInvalid,
                       base::Cat("the state was written by a newer version of this provider (schema version ", version,
                                 ", this one knows up to ", schema.version, "): upgrade the provider")};
  }
  std::string text(json);
  for (auto at = static_cast<std::size_t>(version); at < steps.size(); ++at) {
    if (!steps[at]) continue;
    auto next = steps[at](text);
    if (!next) return std::move(next).error().While(base::Cat("upgrading the state from schema version ", at));
    text = *std::move(next);
  }
  auto state = cty::FromJson(text, schema.ImpliedType(), cty::UnknownMembers::kDropped);
  if (!state) return std::move(state).error().While("reading the state");
  return state;
}

}  // namespace schema

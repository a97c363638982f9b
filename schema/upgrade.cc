// SPDX-License-Identifier: MPL-2.0
#include "schema/upgrade.h"

#include "base/text.h"
#include "schema/cty/json.h"

namespace schema {

base::Result<cty::Value> UpgradeState(const Present& present, std::span<const UpgradeStep> steps, std::int64_t version,
                                      std::string_view json) {
  if (version < 0 || version > present.version) {
    return base::Error{base::ErrorKind::kInvalid,
                       base::Cat("the state was written by a newer version of this provider (schema version ", version,
                                 ", this one knows up to ", present.version, "): upgrade the provider")};
  }
  std::string upgraded;
  for (auto at = static_cast<std::size_t>(version); at < steps.size(); ++at) {
    if (!steps[at]) continue;
    auto next = steps[at](json);
    if (!next) return std::move(next).error().While(base::Cat("upgrading the state from schema version ", at));
    upgraded = *std::move(next);
    json = upgraded;
  }
  auto state = cty::FromJson(json, present.type, cty::UnknownMembers::kDropped);
  if (!state) return std::move(state).error().While("reading the state");
  return state;
}

}  // namespace schema

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/import.h"

#include "base/text.h"
#include "engine/vendors/catalog.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;

base::Error Malformed(std::string_view what) {
  return {base::ErrorKind::kInvalid,
          Cat(what,
              "; it is the destination's kind, a slash, and then for each key of `certificates` the object that is there, as in "
              "aws_certificate_manager/web=arn:aws:acm:eu-west-1:123456789012:certificate/…")};
}

}  // namespace

base::Result<DeployedByKey> ParseSyncImport(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return Malformed("the id has no slash");
  const std::string_view kind = id.substr(0, slash);
  if (engine::vendors::FindDestination(kind) == nullptr) {
    return Malformed(Cat("there is no destination \"", base::Printable(kind, 60), "\""));
  }
  DeployedByKey imported;
  for (const std::string& pair : base::Split(id.substr(slash + 1), ',')) {
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == pair.size()) {
      return Malformed(Cat("\"", base::Printable(pair, 200), "\" is no key=object"));
    }
    const bool is_new =
        imported.emplace(pair.substr(0, equals), engine::sync::Deployed{.external_id = pair.substr(equals + 1)}).second;
    if (!is_new) return Malformed(Cat("the key \"", base::Printable(pair.substr(0, equals), 60), "\" is there twice"));
  }
  return imported;
}

}  // namespace resources::certificate_sync

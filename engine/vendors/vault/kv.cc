// SPDX-License-Identifier: MPL-2.0
// vault_kv: each certificate is a secret of a key/value engine, version 2, of Vault or OpenBao.
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/vendors/vault/connection.h"
#include "engine/vendors/vault/kv_store.h"
#include "engine/vendors/vault/vendor.h"

namespace engine::vendors::vault {
namespace {

using base::Cat;
using base::Result;
using sync::DestinationSpec;
using sync::kFieldNames;
using sync::Settings;
using sync::Setup;

constexpr std::array kDestinationFields{
    base::ConfigField{.name = "mount",
                      .default_value = "secret",
                      .doc = "Where the key/value engine, version 2, is mounted.",
                      .identity = true},
    base::ConfigField{.name = "path",
                      .doc = "The folder that the secrets go to, such as `certificates/web`. The top of the mount if not set.",
                      .identity = true},
    kFieldNames,
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  for (const std::string_view field : {"mount", "path"}) {
    if (!settings.Has(field)) continue;
    if (std::string problem = PathProblem(settings.Text(field)); !problem.empty())
      problems.push_back({std::string(field), problem});
  }
  sync::CheckFieldNames(settings, problems);
  return problems;
}

std::string CheckName(std::string_view name) {
  const std::string problem = PathProblem(name);
  return problem.empty() ? problem : Cat("The name \"", base::Printable(name, 60), "\" is no path of Vault's. ", problem);
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  auto api = ShareVaultApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  KvOptions options{.mount = std::string(setup.settings.Text("mount")),
                    .folder = std::string(setup.settings.Text("path")),
                    .names = sync::ReadFieldNames(setup.settings)};
  auto store = MakeKvStore(*std::move(api), *setup.connection, std::move(options));
  return sync::MakeStoredObjectDestination(std::move(store), setup);
}

}  // namespace

constexpr DestinationSpec kKv{
    .kind = "vault_kv",
    .title = "HashiCorp Vault and OpenBao (key/value engine)",
    .doc =
        "Writes each certificate as a secret into a key/value engine, version 2, of HashiCorp Vault or OpenBao. A renewal is a "
        "new "
        "version of the same secret, written only over the version that was seen (check-and-set); secrets of others are never "
        "touched.",
    .connection = "vault",
    .fields = kDestinationFields,
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByName; },
    .has_versions = true,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::vault

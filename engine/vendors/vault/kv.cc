// SPDX-License-Identifier: MPL-2.0
// vault_kv: each certificate is a secret of a key/value engine, version 2, of Vault or OpenBao.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
//
// The marks of ownership are in the secret's custom_metadata, which is written after the content.
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/field_names.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/vault/connection.h"
#include "engine/vendors/vault/vendor.h"

namespace engine::vendors::vault {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using sync::Bundle;
using sync::Deployed;
using sync::DestinationSpec;
using sync::kFieldNames;
using sync::Match;
using sync::ObjectWrite;
using sync::SettingReader;
using sync::Settings;
using sync::Setup;
using sync::StoredObject;

constexpr std::array kFields{
    base::ConfigField{.name = "mount",
                      .default_value = "secret",
                      .doc = "Where the key/value engine, version 2, is mounted.",
                      .identity = true},
    base::ConfigField{.name = "path",
                      .doc = "The folder that the secrets go to, such as `certificates/web`. The top of the mount if not set.",
                      .identity = true},
    kFieldNames[0],
    kFieldNames[1],
    kFieldNames[2],
    kFieldNames[3],
    kFieldNames[4],
};

// Why Vault does not accept the path; empty when it does.
std::string PathProblem(std::string_view path) {
  for (const std::string& part : base::Split(path, '/')) {
    if (part.empty()) return "Leave out slashes at both ends, and two in a row.";
    if (part == "." || part == "..") return "No part of it may be \".\" or \"..\".";
    if (base::Printable(part, part.size()) != part) return "It holds a control character.";
  }
  return {};
}

constexpr sync::StoreTraits kTraits{.ownership = sync::OwnershipRule::kMarkOrContent,
                                    .writes_tags_with_content = false,
                                    .certificate_mark = "the custom metadata certwright:certificate-id"};

// StoredObject::details: {"data": the content, null when its last version was deleted; "marks": all of custom_metadata}.
class KvStore final : public sync::ObjectStore {
 public:
  KvStore(std::unique_ptr<VaultApi> api, const Setup& setup)
      : api_(std::move(api)),
        connection_(*setup.connection),
        mount_(SettingReader(setup.settings, kFields).Text("mount")),
        folder_(SettingReader(setup.settings, kFields).Text("path")),
        names_(sync::ReadFieldNames(setup.settings)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return known.name; }
  Json Render(const Bundle& bundle, std::string_view) const override { return sync::Render(bundle, names_); }
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    return object.details.at("data") == write.content ? Match::kComplete : Match::kDifferent;
  }
  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override { return object.version == known.version; }

  // Over everything in the secret and the names that its fields should have, so that another name is a difference. It does not
  // reveal the private key, which has at least 128 bits of strength.
  std::string KeyFingerprint(const StoredObject& object, const Deployed&, sync::TagState) const override {
    std::string all =
        base::Join(std::array{names_.certificate, names_.private_key, names_.certificate_chain, names_.ca_certificate}, "\n");
    for (const auto& [mark, value] : object.tags) all.append(Cat('\n', mark, '=', value));
    all.append(Cat('\n', base::DumpJson(object.details.at("data"))));
    return base::Hex(base::crypto::Sha256(all));
  }

  std::string ConflictMessage(const ObjectWrite&, const StoredObject& object) const override {
    return Cat(object.id, " exists and was not written by this sync; move it away, or choose another path or name_schema");
  }

  Result<Deployed> ParseId(std::string_view external_id) const override {
    const std::string folder = Locate("");
    if (!external_id.starts_with(folder) || !PathProblem(external_id.substr(folder.size())).empty()) {
      return Error{ErrorKind::kInvalid, Cat("it is no secret below ", folder)};
    }
    return Deployed{.name = std::string(external_id.substr(folder.size()))};
  }

  Error Explain(Error error) const override { return BlameVaultField(std::move(error), connection_); }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& name) override {
    const auto answer = api_->Read(call, PathOf("data", name));
    if (!answer) return answer.error();
    if (!*answer) return std::optional<StoredObject>();
    const Json* outer = base::FindMember(**answer, "data");
    const Json* metadata = outer == nullptr ? nullptr : base::FindMember(*outer, "metadata");
    const auto version = metadata == nullptr ? std::nullopt : base::FindInteger(*metadata, "version");
    if (!version) {
      return Error{ErrorKind::kProtocol,
                   Cat("Vault's answer has no data.metadata.version: is ", mount_, " a key/value engine of version 2?")};
    }
    const Json* data = base::FindMember(*outer, "data");
    return std::optional(
        Describe(name, *version, data == nullptr ? Json() : *data, base::FindStringMap(*metadata, "custom_metadata")));
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override { return Write(call, write, 0, {}); }

  // Only over the version that was seen (check-and-set).
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    return Write(call, write, object.details.at("version").get<std::int64_t>(), base::FindStringMap(object.details, "marks"));
  }

  // Metadata of others stays.
  Result<void> Complete(const Call& call, const ObjectWrite& write, StoredObject& object) override {
    if (sync::MissingTags(object.tags, write.tags).empty()) return {};
    const sync::Tags marks = sync::WithMarks(base::FindStringMap(object.details, "marks"), write.tags);
    auto marked = api_->Change(call, "POST", PathOf("metadata", write.address), {{"custom_metadata", marks}});
    if (!marked) return std::move(marked).error().While("marking the secret as this sync's");
    object.tags = write.tags;
    return {};
  }

  // All versions, because each of them contains a private key.
  Result<void> Remove(const Call& call, const StoredObject&, const Deployed& deployed) override {
    const auto removed = api_->Change(call, "DELETE", PathOf("metadata", deployed.name));
    return removed ? Result<void>() : removed.error();
  }

 private:
  std::string Below(std::string_view name) const { return folder_.empty() ? std::string(name) : Cat(folder_, "/", name); }
  std::string Locate(std::string_view name) const { return Cat(mount_, "/", Below(name)); }
  std::string PathOf(std::string_view endpoint, std::string_view name) const {
    return Cat(EncodeVaultPath(mount_), "/", endpoint, "/", EncodeVaultPath(Below(name)));
  }

  StoredObject Describe(std::string_view name, std::int64_t version, Json data, const sync::Tags& marks) const {
    StoredObject object{.id = Locate(name),
                        .version = std::to_string(version),
                        .presence = data.is_null() ? sync::Presence::kEmpty : sync::Presence::kPresent,
                        .tags = sync::MarksIn(marks),
                        .leaf_sha256 = sync::LeafFingerprint(data, names_)};
    object.details = {{"version", version}, {"data", std::move(data)}, {"marks", marks}};
    return object;
  }

  Result<StoredObject> Write(const Call& call, const ObjectWrite& write, std::int64_t version, const sync::Tags& marks) {
    const auto answer =
        api_->Change(call, "POST", PathOf("data", write.address), {{"options", {{"cas", version}}}, {"data", write.content}});
    if (!answer) return answer.error();
    const Json* data = base::FindMember(*answer, "data");
    const auto written = data == nullptr ? std::nullopt : base::FindInteger(*data, "version");
    if (!written) return Error{ErrorKind::kProtocol, "Vault's answer has no data.version"};
    return Describe(write.address, *written, write.content, marks);
  }

  std::unique_ptr<VaultApi> api_;
  connections::Connection connection_;
  std::string mount_;
  std::string folder_;
  sync::FieldNames names_;
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const SettingReader reader(settings, kFields);
  for (const std::string_view field : {"mount", "path"}) {
    if (!reader.Has(field)) continue;
    if (std::string problem = PathProblem(reader.Text(field)); !problem.empty())
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
  auto api = MakeVaultApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  return sync::MakeStoredObjectDestination(std::make_unique<KvStore>(*std::move(api), setup), setup);
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
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::vault

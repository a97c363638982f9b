// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/kv_store.h"

#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/vendors/vault/connection.h"

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
using sync::Match;
using sync::ObjectWrite;
using sync::StoredObject;

constexpr sync::StoreTraits kTraits{.unmarked = sync::UnmarkedRule::kUnchangedOrSame,
                                    .writes_tags_with_content = false,
                                    .certificate_mark = "the custom metadata certwright:certificate-id"};

// StoredObject::details: {"data": the content, null when its last version was deleted; "marks": all of custom_metadata}.
class KvStore final : public sync::ObjectStore {
 public:
  KvStore(std::shared_ptr<VaultApi> api, connections::Connection connection, KvOptions options)
      : api_(std::move(api)), connection_(std::move(connection)), options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return known.name; }
  Json Render(const Bundle& bundle, std::string_view) const override { return sync::Render(bundle, options_.names); }
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    return object.details.at("data") == write.content ? Match::kComplete : Match::kDifferent;
  }
  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override { return object.version == known.version; }

  // Everything in the secret and the names that its fields should have, so that another name is a difference.
  sync::Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    const sync::FieldNames& names = options_.names;
    const std::array fields{names.certificate, names.private_key, names.certificate_chain, names.ca_certificate};
    std::string marks;
    for (const auto& [mark, value] : object.tags) marks.append(Cat('\n', mark, '=', value));
    sync::Parts parts{{"settings", sync::PartDigest(base::Join(fields, "\n"))}, {"custom metadata", sync::PartDigest(marks)}};
    const Json& data = object.details.at("data");
    if (!data.is_object()) return parts;
    parts.emplace("number of fields", std::to_string(data.size()));
    for (const std::string& field : fields) {
      if (data.contains(field)) parts.emplace(Cat("field ", field), sync::PartDigest(base::DumpJson(data.at(field))));
    }
    return parts;
  }

  std::string ConflictMessage(const ObjectWrite&, const StoredObject& object) const override {
    return Cat(object.id, " exists and was not written by this sync");
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
                   Cat("Vault's answer has no data.metadata.version: is ", options_.mount, " a key/value engine of version 2?")};
    }
    const Json* data = base::FindMember(*outer, "data");
    return std::optional(
        Describe(name, *version, data == nullptr ? Json() : *data, base::FindStringMap(*metadata, "custom_metadata")));
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    if (auto fits = CheckEngine(call); !fits) return std::move(fits).error();
    return Write(call, write, 0, {});
  }

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
  // An engine of version 1 stores a write for version 2 as it is, private key included, under another path. Vault's own command
  // asks in the same way; a server that does not tell is written to.
  Result<void> CheckEngine(const Call& call) const {
    const auto mount = api_->Read(call, Cat("sys/internal/ui/mounts/", EncodeVaultPath(options_.mount)));
    const Json* data = mount && *mount ? base::FindMember(**mount, "data") : nullptr;
    const Json* options = data == nullptr ? nullptr : base::FindMember(*data, "options");
    const bool is_old = data != nullptr && (options == nullptr || base::FindString(*options, "version").value_or("1") != "2");
    if (!is_old) return {};
    return Error{.kind = ErrorKind::kInvalid,
                 .message = Cat("the mount ", options_.mount,
                                " is not a key/value engine of version 2; enable it with `vault kv enable-versioning ",
                                options_.mount, "`, or name another mount"),
                 .blame = sync::DestinationField("mount")};
  }

  std::string Below(std::string_view name) const {
    return options_.folder.empty() ? std::string(name) : Cat(options_.folder, "/", name);
  }
  std::string Locate(std::string_view name) const { return Cat(options_.mount, "/", Below(name)); }
  std::string PathOf(std::string_view endpoint, std::string_view name) const {
    return Cat(EncodeVaultPath(options_.mount), "/", endpoint, "/", EncodeVaultPath(Below(name)));
  }

  StoredObject Describe(std::string_view name, std::int64_t version, Json data, const sync::Tags& marks) const {
    StoredObject object{.id = Locate(name),
                        .version = std::to_string(version),
                        .presence = data.is_null() ? sync::Presence::kEmpty : sync::Presence::kPresent,
                        .tags = sync::MarksIn(marks),
                        .leaf_sha256 = sync::LeafFingerprint(data, options_.names)};
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

  std::shared_ptr<VaultApi> api_;
  connections::Connection connection_;
  KvOptions options_;
};

}  // namespace

std::string PathProblem(std::string_view path) {
  for (const std::string& part : base::Split(path, '/')) {
    if (part.empty()) return "Leave out slashes at both ends, and two in a row.";
    if (part == "." || part == "..") return "No part of it may be \".\" or \"..\".";
    if (base::Printable(part, part.size()) != part) return "It holds a control character.";
  }
  return {};
}

std::unique_ptr<sync::ObjectStore> MakeKvStore(std::shared_ptr<VaultApi> api, connections::Connection connection,
                                               KvOptions options) {
  return std::make_unique<KvStore>(std::move(api), std::move(connection), std::move(options));
}

}  // namespace engine::vendors::vault

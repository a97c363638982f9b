// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/vault/kv_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/without_value.h"
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
// In the custom metadata: how the fields are called, as a JSON list, if not as by default. A sync that takes the secret over
// knows by it which of them are the certificate's.
constexpr std::string_view kFieldsMark = "certwright:fields";
constexpr std::size_t kMaxMark = 512;              // characters of a value there
constexpr std::string_view kFieldPart = "field ";  // of Deployed::parts, before the name that the field has in the secret

// StoredObject::details: {"data": the content, null when its last version was deleted; "marks": all of custom_metadata}.
class KvStore final : public sync::ObjectStore {
 public:
  KvStore(std::shared_ptr<VaultApi> api, connections::Connection connection, KvOptions options)
      : api_(std::move(api)), connection_(std::move(connection)), options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return known.name; }
  Json Render(const Bundle& bundle, std::string_view) const override { return sync::Render(bundle, options_.names); }
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    return object.details.at("data") == ContentFor(object, write) ? Match::kComplete : Match::kDifferent;
  }
  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override { return object.version == known.version; }

  // The fields of the certificate and the names that they should have, so that another name is a difference.
  sync::Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    const sync::FieldNames& names = options_.names;
    const std::array fields = FieldsOf(names);
    std::string marks;
    for (const auto& [mark, value] : object.tags) marks.append(Cat('\n', mark, '=', value));
    sync::Parts parts{{"settings", sync::PartDigest(base::Join(fields, "\n"))}, {"custom metadata", sync::PartDigest(marks)}};
    const Json& data = object.details.at("data");
    if (!data.is_object()) return parts;
    for (const std::string& field : fields) {
      if (data.contains(field)) parts.emplace(Cat(kFieldPart, field), sync::PartDigest(base::DumpJson(data.at(field))));
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
    return Write(call, write.address, write.content, {});
  }

  // Only over the version that was seen (check-and-set).
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    return Write(call, write.address, ContentFor(object, write), object);
  }

  // Metadata of others stays.
  Result<void> Complete(const Call& call, const ObjectWrite& write, StoredObject& object) override {
    const sync::Tags present = base::FindStringMap(object.details, "marks");
    sync::Tags marks = sync::WithMarks(present, write.tags);
    marks.erase(std::string(kFieldsMark));
    if (auto fields = FieldsMark(); !fields.empty()) marks.emplace(kFieldsMark, std::move(fields));
    if (marks == present) return {};
    auto marked = api_->Change(call, "POST", PathOf("metadata", write.address), {{"custom_metadata", marks}});
    if (!marked) return std::move(marked).error().While("marking the secret as this sync's");
    object.tags = write.tags;
    return {};
  }

  // All versions, because each of them contains a private key. Fields of others stay, in a version of their own.
  Result<void> Remove(const Call& call, const StoredObject& object, const Deployed& deployed) override {
    const Json& data = object.details.at("data");
    Json others = OthersIn(object, &deployed);
    if (others.empty()) return WithoutValue(api_->Change(call, "DELETE", PathOf("metadata", deployed.name)));
    StoredObject left = object;
    if (others != data) {
      auto written = Write(call, deployed.name, std::move(others), object);
      if (!written) return std::move(written).error();
      left = *std::move(written);
    }
    if (auto destroyed = DestroyVersionsBefore(call, deployed.name, VersionOf(left)); !destroyed) return destroyed;
    sync::Tags marks = base::FindStringMap(left.details, "marks");
    for (const std::string_view own : {sync::kSyncTag, sync::kCertificateTag, kFieldsMark}) marks.erase(std::string(own));
    return WithoutValue(api_->Change(call, "POST", PathOf("metadata", deployed.name), {{"custom_metadata", marks}}));
  }

 private:
  static std::array<std::string, 4> FieldsOf(const sync::FieldNames& names) {
    return {names.certificate, names.private_key, names.certificate_chain, names.ca_certificate};
  }

  // Empty for the default names, and for names that are too long for it.
  std::string FieldsMark() const {
    const auto fields = FieldsOf(options_.names);
    if (fields == FieldsOf({})) return {};
    std::string text = base::DumpJson(Json(fields));
    return text.size() <= kMaxMark ? text : std::string();
  }

  // What others added to the secret: all but the certificate's fields, under their names of now, under those that the secret's
  // mark says, and, if `known`, under those that the state says.
  Json OthersIn(const StoredObject& object, const Deployed* known) const {
    const Json& data = object.details.at("data");
    Json others = data.is_object() ? data : Json::object();
    for (const std::string& field : FieldsOf(options_.names)) others.erase(field);
    const auto mark = base::ParseJson(base::FindStringMap(object.details, "marks")[std::string(kFieldsMark)]);
    for (const Json& field : mark && mark->is_array() ? *mark : Json::array()) {
      if (field.is_string()) others.erase(field.get<std::string>());
    }
    if (known == nullptr) return others;
    for (const auto& [part, digest] : known->parts) {
      if (part.starts_with(kFieldPart)) others.erase(part.substr(kFieldPart.size()));
    }
    return others;
  }
  Json ContentFor(const StoredObject& object, const ObjectWrite& write) const {
    Json content = OthersIn(object, write.previous);
    // Another sync's fields go with its mark.
    const auto owner = object.tags.find(sync::kSyncTag);
    const bool is_anothers = owner != object.tags.end() && !sync::HasTag(write.tags, sync::kSyncTag, owner->second);
    if (is_anothers && !base::FindStringMap(object.details, "marks").contains(std::string(kFieldsMark))) {
      for (const std::string& field : FieldsOf({})) content.erase(field);
    }
    content.update(write.content);
    return content;
  }

  static bool HoldsPem(const Json& data) {
    return std::any_of(data.begin(), data.end(), [](const Json& value) {
      return value.is_string() && value.get_ref<const std::string&>().find("-----BEGIN ") != std::string::npos;
    });
  }

  static std::int64_t VersionOf(const StoredObject& object) { return object.details.at("version").get<std::int64_t>(); }

  Result<void> DestroyVersionsBefore(const Call& call, std::string_view name, std::int64_t version) const {
    const auto metadata = api_->Read(call, PathOf("metadata", name));
    if (!metadata) return metadata.error();
    const Json* data = *metadata ? base::FindMember(**metadata, "data") : nullptr;
    const Json* versions = data == nullptr ? nullptr : base::FindMember(*data, "versions");
    Json former = Json::array();
    // One that came meanwhile is somebody else's.
    for (std::int64_t one = 1; versions != nullptr && one < version; ++one) {
      if (versions->contains(std::to_string(one))) former.push_back(one);
    }
    if (former.empty()) return {};
    return WithoutValue(api_->Change(call, "POST", PathOf("destroy", name), {{"versions", former}}));
  }

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
    sync::Tags tags = sync::MarksIn(marks);
    // Marked, and without a certificate under any name: a removal that left the fields of others was cut off.
    const bool is_empty = data.is_null() || (!tags.empty() && !HoldsPem(data));
    StoredObject object{.id = Locate(name),
                        .version = std::to_string(version),
                        .presence = is_empty ? sync::Presence::kEmpty : sync::Presence::kPresent,
                        .tags = std::move(tags),
                        .leaf_sha256 = sync::LeafFingerprint(data, options_.names)};
    object.details = {{"version", version}, {"data", std::move(data)}, {"marks", marks}};
    return object;
  }

  // Over the version in `seen`; as the first one where nothing was seen.
  Result<StoredObject> Write(const Call& call, const std::string& address, Json content, const StoredObject& seen) {
    const bool is_first = seen.details.is_null();
    const Json body = {{"options", {{"cas", is_first ? 0 : VersionOf(seen)}}}, {"data", content}};
    const auto answer = api_->Change(call, "POST", PathOf("data", address), body);
    if (!answer) return answer.error();
    const Json* data = base::FindMember(*answer, "data");
    const auto written = data == nullptr ? std::nullopt : base::FindInteger(*data, "version");
    if (!written) return Error{ErrorKind::kProtocol, "Vault's answer has no data.version"};
    const sync::Tags marks = is_first ? sync::Tags() : base::FindStringMap(seen.details, "marks");
    return Describe(address, *written, std::move(content), marks);
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

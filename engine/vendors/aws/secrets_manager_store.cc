// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/secrets_manager_store.h"

#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/vendors/aws/connection.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::Json;
using base::Result;
using sync::Bundle;
using sync::Deployed;
using sync::Match;
using sync::ObjectWrite;
using sync::Setup;
using sync::StoredObject;

// The key of a secret that names none, by its alias. An update without a key leaves the former one.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html
constexpr std::string_view kDefaultKey = "alias/aws/secretsmanager";
constexpr const char* kContentPart = "content";  // of Deployed::parts; in former records a note

// A version id makes a repeated write the same write.
constexpr sync::StoreTraits kTraits{.unmarked = sync::UnmarkedRule::kInState,
                                    .after_create = sync::LostAnswer::kIgnore,
                                    .after_replace = sync::LostAnswer::kIgnore,
                                    .tags_part = "tags",
                                    .certificate_mark = "the tag certwright:certificate-id"};

// StoredObject::details: {"digest": of the content, once it is known; "kms_key_id": of DescribeSecret}.
class SecretStore final : public sync::ObjectStore {
 public:
  SecretStore(SecretsManagerApi api, const Setup& setup, SecretsManagerOptions options)
      : api_(std::move(api)),
        connection_(*setup.connection),
        random_(*setup.deps.random),
        sync_id_(setup.sync_id),
        options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }

  // An ARN. A new secret is created without a look, because AWS refuses a name that is taken.
  std::string AddressFor(std::string_view name, const Bundle& bundle, const Deployed* previous) const override {
    std::string address = ObjectStore::AddressFor(name, bundle, previous);
    return address == name ? std::string() : address;
  }

  // Only the id: the text contains the private key, and is made where it is sent.
  Json Render(const Bundle&, std::string_view) const override { return {{"version", base::Hex(random_.Bytes(16))}}; }

  // The content is not fetched before a write.
  Match Compare(const StoredObject&, const ObjectWrite&) const override { return Match::kDifferent; }
  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override { return object.version == known.version; }

  // With a digest of the settings: it differs when the same certificate has to be written in another way.
  sync::Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    const sync::FieldNames& names = options_.names;
    const std::string settings = base::Join(
        std::array{options_.kms_key_id, names.certificate, names.private_key, names.certificate_chain, names.ca_certificate},
        "\n");
    sync::Parts parts{{"settings", sync::PartDigest(settings)}};
    const std::string digest = base::FindString(object.details, "digest").value_or("");
    if (!digest.empty()) parts.emplace(kContentPart, digest);
    return parts;
  }

  std::string ConflictMessage(const ObjectWrite&, const StoredObject& object) const override {
    const bool is_deleted = object.presence == sync::Presence::kDeleted;
    return Cat("a secret that this sync did not make has the name: ", object.id,
               is_deleted ? "; it is in deletion: restore it, or wait for its end" : "");
  }

  Error Explain(Error error) const override { return BlameAwsField(std::move(error), connection_); }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& address) override {
    return Describe(call, address);
  }

  // A request for each hundred secrets of the sync.
  Result<sync::ObjectList> List(const Call& call) override {
    const auto listed = api_.List(call, sync::kSyncTag, sync_id_);
    if (!listed) return listed.error();
    sync::ObjectList list;
    for (const auto& [arn, details] : *listed) list.emplace(arn, ToObject(details));
    return list;
  }

  Result<void> Load(const Call& call, const Deployed& known, StoredObject& object) override {
    if (IsUnchanged(object, known)) {
      object.leaf_sha256 = known.fingerprint_sha256;
      object.details["digest"] = FindContentDigest(known);
      return {};
    }
    const auto current = api_.GetCurrent(call, object.id);
    if (!current) return current.error();
    object.version = current->id;
    object.leaf_sha256 = sync::LeafFingerprint(current->text, options_.names);
    object.details["digest"] = sync::PartDigest(current->text.Reveal());
    return {};
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    auto arn = api_.Create(call, write.name, VersionOf(write), options_.kms_key_id, write.tags);
    return arn ? Written(*std::move(arn), write, {}) : Result<StoredObject>(std::move(arn).error());
  }

  // The tags first: with them alone, what a later failure leaves is found again.
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    const AwsTags missing = MissingTags(object.tags, write.tags);
    if (!missing.empty()) {
      if (auto tagged = api_.AddTags(call, object.id, missing); !tagged) return std::move(tagged).error();
    }
    const bool has_own_key = !base::FindString(object.details, "kms_key_id").value_or("").empty();
    const std::string_view key = options_.kms_key_id.empty() && has_own_key ? kDefaultKey : std::string_view(options_.kms_key_id);
    const auto updated = api_.Update(call, object.id, VersionOf(write), key);
    return updated ? Written(object.id, write, object.tags) : Result<StoredObject>(updated.error());
  }

  // By its name. A name that is taken may be ours, from a run that was interrupted or from before a destroy.
  Result<std::optional<StoredObject>> FindBlocker(const Call& call, const ObjectWrite& write, const Error& error) override {
    const bool is_taken = error.code == "ResourceExistsException" || error.code == "InvalidRequestException";
    return is_taken ? Describe(call, write.name) : std::optional<StoredObject>();
  }

  Result<void> Restore(const Call& call, const ObjectWrite&, const StoredObject& object) override {
    return api_.Restore(call, object.id);
  }

  Result<void> Remove(const Call& call, const StoredObject& object, const Deployed&) override {
    return api_.Delete(call, object.id, options_.recovery_days);
  }

 private:
  SecretVersion VersionOf(const ObjectWrite& write) const {
    return {.id = write.content.at("version").get<std::string>(),
            .text = base::Secret(base::DumpJson(sync::Render(*write.bundle, options_.names)))};
  }

  static std::string FindContentDigest(const Deployed& known) {
    if (const auto part = known.parts.find(kContentPart); part != known.parts.end()) return part->second;
    const auto note = known.notes.find(kContentPart);
    return note == known.notes.end() ? std::string() : note->second;
  }

  static StoredObject ToObject(const SecretDetails& details) {
    return {.id = details.arn,
            .version = details.version_id,
            .presence = details.is_in_deletion ? sync::Presence::kDeleted : sync::Presence::kPresent,
            .tags = details.tags,
            .details = {{"kms_key_id", details.kms_key_id}}};
  }

  StoredObject Written(std::string arn, const ObjectWrite& write, AwsTags others) const {
    AwsTags tags = write.tags;
    tags.merge(others);
    const SecretVersion version = VersionOf(write);
    return {.id = std::move(arn),
            .version = version.id,
            .tags = std::move(tags),
            .leaf_sha256 = write.bundle->chain.front().fingerprint_sha256,
            .details = {{"digest", sync::PartDigest(version.text.Reveal())}}};
  }

  Result<std::optional<StoredObject>> Describe(const Call& call, const std::string& id) const {
    const auto details = base::OrAbsent(api_.Describe(call, id));
    if (!details) return details.error();
    return *details ? std::optional(ToObject(**details)) : std::nullopt;
  }

  SecretsManagerApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  std::string sync_id_;
  SecretsManagerOptions options_;
};

}  // namespace

std::unique_ptr<sync::ObjectStore> MakeSecretsManagerStore(SecretsManagerApi api, const Setup& setup,
                                                           SecretsManagerOptions options) {
  return std::make_unique<SecretStore>(std::move(api), setup, std::move(options));
}

}  // namespace engine::vendors::aws

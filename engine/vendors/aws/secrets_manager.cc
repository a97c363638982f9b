// SPDX-License-Identifier: MPL-2.0
// AWS Secrets Manager: each certificate as a secret, a JSON object. The content of a version never changes, so the id of the
// current one tells whether anything did.
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/field_names.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/secrets_manager_api.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
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
using sync::TagState;

constexpr std::string_view kTagsLost = "tags lost";  // for Deployed::key_fingerprint
constexpr int kMinDays = 7;
constexpr int kMaxDays = 30;
constexpr std::array<std::string_view, 1> kReservedTags{"aws:"};

constexpr std::array kFields{
    base::ConfigField{.name = "region", .doc = "The region. The connection's if not set.", .identity = true},
    base::ConfigField{
        .name = "kms_key_id",
        .doc = "The id, ARN or alias of the KMS key that encrypts the secrets. AWS's own (`aws/secretsmanager`) if not "
               "set."},
    kFieldNames[0],
    kFieldNames[1],
    kFieldNames[2],
    kFieldNames[3],
    kFieldNames[4],
    base::ConfigField{.name = "recovery_window_days",
                      .kind = base::FieldKind::kNumber,
                      .default_value = "30",
                      .doc = "For how many days a removed secret can be restored, 7 to 30. Nothing is ever deleted at once."},
    base::ConfigField{
        .name = "tags", .kind = base::FieldKind::kStringMap, .doc = "Tags of the secrets, besides Certwright's own."},
};

// A version id makes a repeated write the same write.
constexpr sync::StoreTraits kTraits{.ownership = sync::OwnershipRule::kMarksOrState,
                                    .after_create = sync::LostAnswer::kIgnore,
                                    .after_replace = sync::LostAnswer::kIgnore,
                                    .certificate_mark = "the tag certwright:certificate-id"};

std::string Digest(std::string_view text) { return base::Hex(base::crypto::Sha256(text)); }

// StoredObject::details: {"digest": of the content}, once it is known.
class SecretStore final : public sync::ObjectStore {
 public:
  SecretStore(SecretsManagerApi api, const Setup& setup)
      : api_(std::move(api)),
        connection_(*setup.connection),
        random_(*setup.deps.random),
        sync_id_(setup.sync_id),
        fields_(sync::ReadFieldNames(setup.settings)) {
    const SettingReader reader(setup.settings, kFields);
    kms_key_id_ = reader.Text("kms_key_id");
    recovery_days_ = static_cast<int>(reader.Integer("recovery_window_days", kMinDays, kMaxDays).value_or(kMaxDays));
  }

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
  std::string KeyFingerprint(const StoredObject& object, const Deployed&, TagState tags) const override {
    if (tags == TagState::kMissing) return std::string(kTagsLost);
    const std::string settings = base::Join(
        std::array{kms_key_id_, fields_.certificate, fields_.private_key, fields_.certificate_chain, fields_.ca_certificate},
        "\n");
    return Cat(base::FindString(object.details, "digest").value_or(""), " as:", Digest(settings).substr(0, 16));
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
      object.details = {{"digest", known.key_fingerprint.substr(0, known.key_fingerprint.find(' '))}};
      return {};
    }
    const auto current = api_.GetCurrent(call, object.id);
    if (!current) return current.error();
    object.version = current->id;
    object.leaf_sha256 = sync::LeafFingerprint(current->text, fields_);
    object.details = {{"digest", Digest(current->text.Reveal())}};
    return {};
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    auto arn = api_.Create(call, write.name, VersionOf(write), kms_key_id_, write.tags);
    return arn ? Written(*std::move(arn), write, {}) : Result<StoredObject>(std::move(arn).error());
  }

  // The tags first: with them alone, what a later failure leaves is found again.
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    const AwsTags missing = MissingTags(object.tags, write.tags);
    if (!missing.empty()) {
      if (auto tagged = api_.AddTags(call, object.id, missing); !tagged) return std::move(tagged).error();
    }
    const auto updated = api_.Update(call, object.id, VersionOf(write), kms_key_id_);
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
    return api_.Delete(call, object.id, recovery_days_);
  }

 private:
  SecretVersion VersionOf(const ObjectWrite& write) const {
    return {.id = write.content.at("version").get<std::string>(),
            .text = base::Secret(base::DumpJson(sync::Render(*write.bundle, fields_)))};
  }

  static StoredObject ToObject(const SecretDetails& details) {
    return {.id = details.arn,
            .version = details.version_id,
            .presence = details.is_in_deletion ? sync::Presence::kDeleted : sync::Presence::kPresent,
            .tags = details.tags};
  }

  StoredObject Written(std::string arn, const ObjectWrite& write, AwsTags others) const {
    AwsTags tags = write.tags;
    tags.merge(others);
    const SecretVersion version = VersionOf(write);
    return {.id = std::move(arn),
            .version = version.id,
            .tags = std::move(tags),
            .leaf_sha256 = write.bundle->chain.front().fingerprint_sha256,
            .details = {{"digest", Digest(version.text.Reveal())}}};
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
  std::string kms_key_id_;
  sync::FieldNames fields_;
  int recovery_days_ = kMaxDays;
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  auto problems = sync::CheckTags(settings, kReservedTags);
  sync::CheckFieldNames(settings, problems);
  if (!SettingReader(settings, kFields).Integer("recovery_window_days", kMinDays, kMaxDays)) {
    problems.push_back({"recovery_window_days", "AWS takes a whole number from 7 to 30."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  return name.size() <= 512 ? "" : "AWS Secrets Manager takes names of 512 characters at most.";
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  auto session = FindAwsSession(*setup.connection, setup.deps);
  if (!session) return std::move(session).error();
  SecretsManagerApi api(*std::move(session), *setup.deps.http, SettingReader(setup.settings, kFields).Text("region"));
  return sync::MakeStoredObjectDestination(std::make_unique<SecretStore>(std::move(api), setup), setup);
}

}  // namespace

constexpr DestinationSpec kSecretsManager{
    .kind = "aws_secrets_manager",
    .title = "AWS Secrets Manager",
    .doc =
        "Keeps each certificate with its key as a secret in AWS Secrets Manager, a JSON object. A renewal is a new version of "
        "the "
        "same secret; what is removed can be restored for as long as `recovery_window_days` says.",
    .connection = "aws",
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::aws

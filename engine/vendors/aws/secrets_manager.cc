// SPDX-License-Identifier: MPL-2.0
// AWS Secrets Manager: each certificate as a secret, a JSON object. The content of a version never changes, so the id of the
// current one tells whether anything did.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/listing_cache.h"
#include "base/text.h"
#include "engine/sync/destination.h"
#include "engine/sync/field_names.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/secrets_manager_api.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::CheckFieldNames;
using sync::CheckTags;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FieldNames;
using sync::FindText;
using sync::kCertificateTag;
using sync::kFieldNames;
using sync::kSyncTag;
using sync::LeafFingerprint;
using sync::Ownership;
using sync::ReadFieldNames;
using sync::Render;
using sync::Settings;
using sync::Setup;
using sync::Tags;

constexpr std::string_view kTagsLost = "tags lost";  // for Deployed::key_fingerprint
constexpr int kDefaultDays = 30;
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

std::string Digest(std::string_view text) { return base::Hex(base::crypto::Sha256(text)); }

struct Options {
  std::string kms_key_id;
  FieldNames fields;
  int recovery_days = kDefaultDays;

  // Differs when the same certificate has to be written otherwise.
  std::string Mark() const {
    return Cat(" as:", Digest(base::Join(std::vector<std::string>{kms_key_id, fields.certificate, fields.private_key,
                                                                  fields.certificate_chain, fields.ca_certificate},
                                         "\n"))
                           .substr(0, 16));
  }
};

class SecretsManager final : public Destination {
 public:
  SecretsManager(SecretsManagerApi api, connections::Connection connection, base::Random& random, Options options,
                 std::string_view sync_id, const Settings& settings)
      : api_(std::move(api)),
        connection_(std::move(connection)),
        random_(random),
        options_(std::move(options)),
        ownership_(sync_id, settings) {}

  // A list for each hundred secrets of the sync serves a whole run; only what differs in it is asked for.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto listed = FindInList(call, known.external_id);
    if (!listed) return Blame(listed.error());
    if (*listed && (*listed)->version_id == known.version && HasItsTags(**listed, known)) return std::optional(Unchanged(known));
    const auto details = api_.Describe(call, known.external_id);
    if (!details && details.error().kind == ErrorKind::kNotFound) return std::optional<Deployed>();
    if (!details) return Blame(details.error());
    if (details->is_in_deletion) return std::optional<Deployed>();
    auto seen = details->version_id == known.version ? Unchanged(known) : Look(call, known);
    if (!seen) return Blame(std::move(seen).error());
    if (!HasItsTags(*details, known)) seen->key_fingerprint = kTagsLost;
    return std::optional(*std::move(seen));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    if (auto go_on = call.Check(); !go_on) return go_on;
    // Sent again after a lost answer, it is the same write.
    const SecretVersion version{.id = base::Hex(random_.Bytes(16)),
                                .text = base::Secret(base::DumpJson(Render(bundle, options_.fields)))};
    const auto arn = Write(call, name, bundle, previous, version);
    list_.Forget();
    if (!arn) return Blame(arn.error());
    call.log.Info("secret written", {{base::key::kName, *arn}});
    now = Deployed{.name = std::string(name),
                   .external_id = *arn,
                   .version = version.id,
                   .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .key_fingerprint = Cat(Digest(version.text.Reveal()), options_.Mark())};
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const auto details = api_.Describe(call, std::string(external_id));
    if (!details) return Blame(details.error());
    if (details->is_in_deletion) return Error{ErrorKind::kNotFound, "the secret is in deletion"};
    const auto certificate_id = ownership_.Adopt(details->arn, details->tags, adoption);
    if (!certificate_id) return certificate_id.error();
    const auto there = Look(call, {.external_id = details->arn, .certificate_id = *certificate_id});
    return there ? there : Blame(there.error());
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto details = api_.Describe(call, deployed.external_id);
    if (!details && details.error().kind == ErrorKind::kNotFound) return {};
    if (!details) return Blame(details.error());
    if (details->is_in_deletion) return {};
    const auto there = details->version_id == deployed.version ? Result<Deployed>(deployed) : Look(call, deployed);
    if (!there) return Blame(there.error());
    const bool is_same = there->fingerprint_sha256 == deployed.fingerprint_sha256;
    if (!is_same || !ownership_.Owns(details->tags, deployed.certificate_id)) {
      call.log.Warn("left alone: not what this sync wrote", {{base::key::kName, deployed.external_id}});
      return {};
    }
    list_.Forget();
    const auto deleted = api_.Delete(call, deployed.external_id, options_.recovery_days);
    return deleted ? Result<void>() : Blame(deleted.error());
  }

 private:
  Error Blame(Error error) const { return BlameAwsField(std::move(error), connection_); }

  bool HasItsTags(const SecretDetails& details, const Deployed& known) const {
    return MissingTags(details.tags, ownership_.TagsFor(known.certificate_id)).empty();
  }

  // With the mark of the present options in the place of those that it was written with.
  Deployed Unchanged(Deployed known) const {
    known.key_fingerprint =
        Cat(std::string_view(known.key_fingerprint).substr(0, known.key_fingerprint.find(' ')), options_.Mark());
    return known;
  }

  Result<Deployed> Look(const Call& call, const Deployed& known) const {
    const auto current = api_.GetCurrent(call, known.external_id);
    if (!current) return current.error();
    Deployed found = known;
    found.version = current->id;
    found.fingerprint_sha256 = LeafFingerprint(current->text, options_.fields);
    found.key_fingerprint = Cat(Digest(current->text.Reveal()), options_.Mark());
    return found;
  }

  // Whether a secret that is there may be written over. One in deletion serves nobody: of the same certificate it may be
  // anyone's.
  bool MayTake(const SecretDetails& details, const Bundle& bundle, bool is_by_state) const {
    if (is_by_state && !ownership_.IsOthers(details.arn, details.tags)) return true;
    return details.is_in_deletion ? HasTag(details.tags, kCertificateTag, bundle.certificate_id)
                                  : ownership_.Owns(details.tags, bundle.certificate_id);
  }

  // The secret, out of deletion, that is to be written over; empty when there is none.
  Result<std::optional<SecretDetails>> Take(const Call& call, const std::string& id, const Bundle& bundle,
                                            bool is_by_state) const {
    auto details = api_.Describe(call, id);
    if (!details && details.error().kind == ErrorKind::kNotFound) return std::optional<SecretDetails>();
    if (!details) return std::move(details).error();
    if (!MayTake(*details, bundle, is_by_state)) {
      const std::string_view advice = details->is_in_deletion ? "; it is in deletion: restore it, or wait for its end" : "";
      return Error{ErrorKind::kConflict, Cat("a secret that this sync did not make has the name: ", details->arn, advice)};
    }
    if (details->is_in_deletion) {
      if (auto restored = api_.Restore(call, details->arn); !restored) return std::move(restored).error();
    }
    return std::optional(*std::move(details));
  }

  // The ARN of the secret that now holds `version`. A name that is taken may be ours, from a run that was interrupted or from
  // before a destroy: its tags tell.
  Result<std::string> Write(const Call& call, std::string_view name, const Bundle& bundle,
                            const std::optional<Deployed>& previous, const SecretVersion& version) const {
    const Tags tags = ownership_.TagsFor(bundle.certificate_id);
    // One that was taken over has no name yet, and keeps its own.
    if (previous && (previous->name.empty() || previous->name == name)) {
      const auto place = Take(call, previous->external_id, bundle, true);
      if (!place) return place.error();
      if (*place) return WriteOver(call, **place, version, tags);
    }
    auto arn = api_.Create(call, name, version, options_.kms_key_id, tags);
    const bool is_taken =
        !arn && (arn.error().code == "ResourceExistsException" || arn.error().code == "InvalidRequestException");
    if (!is_taken) return arn;
    const auto place = Take(call, std::string(name), bundle, false);
    if (!place) return place.error();
    return *place ? WriteOver(call, **place, version, tags) : arn;
  }

  // The tags first: with them alone, what a later failure leaves is found again.
  Result<std::string> WriteOver(const Call& call, const SecretDetails& there, const SecretVersion& version,
                                const Tags& tags) const {
    const Tags missing = MissingTags(there.tags, tags);
    if (!missing.empty()) {
      if (auto tagged = api_.AddTags(call, there.arn, missing); !tagged) return std::move(tagged).error();
    }
    const auto updated = api_.Update(call, there.arn, version, options_.kms_key_id);
    return updated ? Result<std::string>(there.arn) : updated.error();
  }

  Result<std::optional<SecretDetails>> FindInList(const Call& call, const std::string& arn) {
    return list_.Find(call, arn, [&] { return api_.List(call, kSyncTag, ownership_.sync_id()); });
  }

  SecretsManagerApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  Options options_;
  Ownership ownership_;
  base::ListingCache<SecretDetails> list_;  // by ARN
};

// Empty when it is no number from 7 to 30.
std::optional<int> ReadDays(const Settings& settings) {
  const std::string text = FindText(settings, "recovery_window_days");
  int days = kDefaultDays;
  if (text.empty()) return days;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool is_fine = error == std::errc() && end == text.data() + text.size() && days >= 7 && days <= 30;
  return is_fine ? std::optional(days) : std::nullopt;
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  auto problems = CheckTags(settings, kReservedTags);
  CheckFieldNames(settings, problems);
  if (!ReadDays(settings)) problems.push_back({"recovery_window_days", "AWS takes a whole number from 7 to 30."});
  return problems;
}

std::string CheckName(std::string_view name) {
  return name.size() <= 512 ? "" : "AWS Secrets Manager takes names of 512 characters at most.";
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto session = FindAwsSession(*setup.connection, setup.deps);
  if (!session) return std::move(session).error();
  SecretsManagerApi api(*std::move(session), *setup.deps.http, FindText(setup.settings, "region"));
  return std::unique_ptr<Destination>(
      std::make_unique<SecretsManager>(std::move(api), *setup.connection, *setup.deps.random,
                                       Options{.kms_key_id = FindText(setup.settings, "kms_key_id"),
                                               .fields = ReadFieldNames(setup.settings),
                                               .recovery_days = ReadDays(setup.settings).value_or(kDefaultDays)},
                                       setup.sync_id, setup.settings));
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

// SPDX-License-Identifier: MPL-2.0
// AWS Certificate Manager. An ARN is never used twice, so the state's word that this sync made it is enough to import into it
// again; before anything is removed, the tag and the certificate that are there must say the same.
#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "base/cloud/acm_api.h"
#include "base/cloud/api_error.h"
#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/connections/aws.h"
#include "engine/sync/destination.h"

namespace engine::sync::destinations::aws_certificate_manager {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::cloud::AcmContent;
using base::cloud::AwsTags;

constexpr std::string_view kOwnerTag = "certwright:certificate-id";
constexpr std::string_view kImportTag = "certwright:import-id";
constexpr std::size_t kLookedThrough = 20;
constexpr std::chrono::seconds kLookLimit{30};
constexpr std::chrono::seconds kPauseWhileInUse{5};

constexpr std::array kFields{
    base::ConfigField{.name = "region",
                      .doc = "The region. CloudFront takes certificates of `us-east-1` only. The connection's if not set.",
                      .identity = true},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Tags of the certificates, besides `Name` and Certwright's own."},
};

AcmContent ContentOf(const Bundle& bundle) {
  AcmContent content{.leaf_pem = bundle.chain.front().pem, .chain_pem = {}, .private_key_pem = bundle.private_key_pem};
  for (std::size_t i = 1; i < bundle.chain.size(); ++i) content.chain_pem.append(bundle.chain[i].pem);
  return content;
}

std::string ChainFingerprint(const std::vector<base::crypto::Certificate>& chain) {
  std::string all;
  for (std::size_t i = 1; i < chain.size(); ++i) all.append(chain[i].der);
  return Cat("chain:", base::Hex(base::crypto::Sha256(all)));
}

bool Has(const AwsTags& tags, std::string_view key, std::string_view value) {
  const auto found = tags.find(key);
  return found != tags.end() && found->second == value;
}

AwsTags ReadTags(const Settings& settings) {
  AwsTags tags;
  const auto setting = settings.find("tags");
  if (setting == settings.end() || setting->second.empty()) return tags;
  for (const std::string& line : base::Split(setting->second, '\n')) {
    const std::size_t equals = std::min(line.find('='), line.size());
    tags[line.substr(0, equals)] = line.substr(std::min(equals + 1, line.size()));
  }
  return tags;
}

class CertificateManager final : public Destination {
 public:
  CertificateManager(base::cloud::AcmApi api, connections::Connection connection, base::Random& random, AwsTags tags)
      : api_(std::move(api)), connection_(std::move(connection)), random_(random), tags_(std::move(tags)) {}

  // One list serves a whole run; a certificate is read only when it was imported again since.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto imported_at = FindInList(call, known.external_id);
    if (!imported_at) return Blame(imported_at.error());
    if (!*imported_at) return std::optional<Deployed>();
    if (!(*imported_at)->empty() && **imported_at == known.version) return std::optional(known);
    return Look(call, known);
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    AwsTags tags = tags_;
    tags.insert_or_assign("Name", std::string(name));
    tags.insert_or_assign(std::string(kOwnerTag), bundle.certificate_id);
    const auto arn = previous ? ImportAgain(call, bundle, previous->external_id, tags) : Import(call, bundle, tags);
    if (!arn) return Blame(arn.error());
    call.log.Info("certificate imported", {{base::key::kName, *arn}});
    now = Deployed{.name = std::string(name),
                   .external_id = *arn,
                   .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .key_fingerprint = ChainFingerprint(bundle.chain)};
    if (auto tagged = AddMissingTags(call, *arn, tags); !tagged) return Blame(std::move(tagged).error());
    const auto details = api_.Describe(call, *arn);
    if (!details) return Blame(details.error());
    now->version = details->imported_at;
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    auto there = Look(call, {.external_id = std::string(external_id)});
    if (!there) return std::move(there).error();
    if (!*there) return Error{ErrorKind::kNotFound, "there is no such certificate in this account and region"};
    const auto tags = api_.GetTags(call, std::string(external_id));
    if (!tags) return Blame(tags.error());
    const auto owner = tags->find(kOwnerTag);
    if (owner != tags->end()) (*there)->certificate_id = owner->second;
    if (owner == tags->end() && adoption == Adoption::kMarked) {
      return Error{ErrorKind::kConflict, Cat("it does not carry the tag ", kOwnerTag)};
    }
    return **std::move(there);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto there = Look(call, deployed);
    if (!there) return there.error();
    if (!*there) return {};
    const auto tags = api_.GetTags(call, deployed.external_id);
    if (!tags) return Blame(tags.error());
    const bool is_same = (*there)->fingerprint_sha256 == deployed.fingerprint_sha256;
    if (is_same && Has(*tags, kOwnerTag, deployed.certificate_id)) return Delete(call, deployed.external_id);
    call.log.Warn("left alone: not what this sync imported", {{base::key::kName, deployed.external_id}});
    return {};
  }

 private:
  Error Blame(Error error) const { return connections::BlameAwsField(std::move(error), connection_); }

  // A new ARN. Imports are counted by the year: after a lost answer it is looked for before it is imported once more.
  Result<std::string> Import(const Call& call, const Bundle& bundle, AwsTags tags) const {
    const std::string import_id = base::Hex(random_.Bytes(16));
    tags.insert_or_assign(std::string(kImportTag), import_id);
    for (int attempt = 1;; ++attempt) {
      auto arn = api_.Import(call, ContentOf(bundle), tags);
      if (arn || !base::cloud::MayHaveActed(arn.error())) return arn;
      // Also after Ctrl-C: a certificate that nobody knows of would stay for ever.
      if (auto found = FindImport(call.ForCleanup(kLookLimit), import_id)) return *std::move(found);
      if (attempt > 1 || !call.Check()) return arn;
    }
  }

  // Into the same ARN; into a new one where ACM refuses that for the key's sake. The caller removes the old one then.
  Result<std::string> ImportAgain(const Call& call, const Bundle& bundle, const std::string& arn, const AwsTags& tags) const {
    const auto again = api_.ImportAgain(call, arn, ContentOf(bundle));
    if (again) return arn;
    const Error& error = again.error();
    const bool is_other_key = error.code == "ValidationException" && error.message.find("is different") != std::string::npos;
    return is_other_key || error.kind == ErrorKind::kNotFound ? Import(call, bundle, tags) : Result<std::string>(error);
  }

  std::optional<std::string> FindImport(const Call& call, std::string_view import_id) const {
    const auto list = api_.List(call);
    if (!list) return std::nullopt;
    std::vector<std::pair<std::string, std::string>> newest;
    for (const auto& [arn, imported_at] : *list) newest.emplace_back(imported_at, arn);
    std::sort(newest.rbegin(), newest.rend());
    newest.resize(std::min(newest.size(), kLookedThrough));
    for (const auto& [imported_at, arn] : newest) {
      const auto tags = api_.GetTags(call, arn);
      if (tags && Has(*tags, kImportTag, import_id)) return arn;
    }
    return std::nullopt;
  }

  // An import into an ARN takes no tags, and somebody may have taken ours away.
  Result<void> AddMissingTags(const Call& call, const std::string& arn, const AwsTags& wanted) const {
    const auto there = api_.GetTags(call, arn);
    if (!there) return there.error();
    AwsTags missing;
    for (const auto& [key, value] : wanted) {
      if (!Has(*there, key, value)) missing.emplace(key, value);
    }
    return missing.empty() ? Result<void>() : api_.AddTags(call, arn, missing);
  }

  // `known` with what is really in its ARN; empty when there is no such ARN.
  Result<std::optional<Deployed>> Look(const Call& call, const Deployed& known) const {
    const auto pem = api_.GetChainPem(call, known.external_id);
    if (!pem && pem.error().kind == ErrorKind::kNotFound) return std::optional<Deployed>();
    if (!pem) return Blame(pem.error());
    const auto chain = base::crypto::ParseChain(*pem);
    if (!chain) return chain.error();
    const auto details = api_.Describe(call, known.external_id);
    if (!details) return Blame(details.error());
    Deployed found = known;
    found.fingerprint_sha256 = chain->front().fingerprint_sha256;
    found.key_fingerprint = ChainFingerprint(*chain);
    found.version = details->imported_at;
    return std::optional(std::move(found));
  }

  // A load balancer lets go of a certificate some time after it was told to.
  Result<void> Delete(const Call& call, const std::string& arn) const {
    for (;;) {
      auto deleted = api_.Delete(call, arn);
      if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
      if (deleted.error().code != "ResourceInUseException") return Blame(std::move(deleted).error());
      if (call.Wait(kPauseWhileInUse)) continue;
      if (const auto details = api_.Describe(call.ForCleanup(kLookLimit), arn)) {
        for (const std::string& user : details->in_use_by) deleted.error().details.push_back(Cat("in use by ", user));
      }
      return deleted;
    }
  }

  Result<std::optional<std::string>> FindInList(const Call& call, const std::string& arn) {
    const std::lock_guard lock(mutex_);
    if (!list_) {
      auto list = api_.List(call);
      if (!list) return std::move(list).error();
      list_ = *std::move(list);
    }
    const auto found = list_->find(arn);
    return found == list_->end() ? std::nullopt : std::optional(found->second);
  }

  void ForgetList() {
    const std::lock_guard lock(mutex_);
    list_.reset();
  }

  base::cloud::AcmApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  AwsTags tags_;
  std::mutex mutex_;
  std::optional<std::map<std::string, std::string>> list_;  // by ARN; guarded by mutex_
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  for (const auto& [key, value] : ReadTags(settings)) {
    if (key.starts_with("aws:") || key.starts_with("certwright:") || key == "Name") {
      return {{"tags", Cat("The tag \"", key, "\" is not yours to set: leave it out.")}};
    }
  }
  return {};
}

Result<std::unique_ptr<Destination>> Make(const Settings& settings, const connections::Connection* connection,
                                          const connections::Deps& deps, std::string_view /*sync_id*/) {
  if (connection == nullptr || connection->kind != "aws") {
    return Error{ErrorKind::kInvalid, "app_connection must be the handle of a certwright_app_connection_aws"};
  }
  auto session = connections::FindAwsSession(*connection);
  if (!session) return std::move(session).error();
  const auto region = settings.find("region");
  base::cloud::AcmApi api(*std::move(session), *deps.http, region == settings.end() ? "" : region->second);
  return std::unique_ptr<Destination>(
      std::make_unique<CertificateManager>(std::move(api), *connection, *deps.random, ReadTags(settings)));
}

}  // namespace

extern const DestinationSpec kSpec;
constexpr DestinationSpec kSpec{
    .kind = "aws_certificate_manager",
    .title = "AWS Certificate Manager",
    .doc =
        "Imports each certificate into AWS Certificate Manager. A renewal goes into the same ARN, so that load balancers and "
        "distributions change over by themselves; an unchanged certificate is never imported again.",
    .connection = "aws",
    .fields = kFields,
    .check_name = nullptr,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::sync::destinations::aws_certificate_manager

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/certificate_manager_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/write_or_look.h"
#include "base/poller.h"
#include "base/text.h"
#include "engine/vendors/aws/field_limits.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::CheckTags;
using sync::Deployed;
using sync::kSyncTag;
using sync::Settings;
using sync::Setup;

constexpr std::string_view kResourceType = "acm:certificate";
constexpr std::string_view kImportTag = "certwright:import-id";
// Names in Deployed::parts.
constexpr const char* kChainPart = "chain";
constexpr const char* kTagsPart = "tags";
constexpr const char* kComplete = "complete";
constexpr std::size_t kLookedThrough = 20;
constexpr std::chrono::seconds kLookLimit{30};
constexpr std::array<std::chrono::milliseconds, 1> kPausesWhileInUse{std::chrono::seconds(5)};
constexpr std::array<std::string_view, 2> kReservedTags{"aws:", "Name"};
constexpr std::size_t kOwnTags = 4;  // Name, the sync's, the certificate's, the import's

AcmContent ContentOf(const Bundle& bundle) {
  return {.leaf_pem = bundle.chain.front().pem,
          .chain_pem = sync::JoinPem(bundle.AboveLeaf()),
          .private_key_pem = bundle.private_key_pem};
}

std::string ChainDigest(const std::vector<base::crypto::Certificate>& chain) {
  std::string all;
  for (std::size_t i = 1; i < chain.size(); ++i) all.append(chain[i].der);
  return sync::PartDigest(all);
}

Deployed DeployedOf(std::string_view name, const Bundle& bundle, std::string arn) {
  return {.name = std::string(name),
          .external_id = std::move(arn),
          .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
          .certificate_id = bundle.certificate_id,
          .parts = {{kChainPart, ChainDigest(bundle.chain)}}};
}

// ACM refuses another kind of key, or fewer key usages, in the same ARN.
bool NeedsNewArn(const Error& error) {
  const auto says = [&](std::string_view text) { return error.message.find(text) != std::string::npos; };
  const bool is_refused = error.code == "ValidationException" && (says("is different") || says("is missing one or more"));
  return is_refused || error.kind == ErrorKind::kNotFound;
}

}  // namespace

Result<std::unique_ptr<CertificateStore>> CertificateStore::Make(const Setup& setup) {
  const auto session = FindAwsSession(*setup.connection, setup.deps);
  if (!session) return session.error();
  const std::string region(setup.settings.Text("region"));
  return std::unique_ptr<CertificateStore>(
      new CertificateStore(AcmApi(*session, *setup.deps.http, region), AwsTaggingApi(*session, *setup.deps.http, region), setup));
}

Result<std::optional<Deployed>> CertificateStore::Observe(const Call& call, const Deployed& known) {
  const auto imported_at = FindInList(call, known.external_id);
  if (!imported_at) return Blame(imported_at.error());
  if (!*imported_at) return std::optional<Deployed>();
  std::optional<Deployed> seen = known;
  if ((*imported_at)->empty() || **imported_at != known.version || known.parts.empty()) {
    auto looked = Look(call, known);
    if (!looked || !*looked) return looked;
    seen = *std::move(looked);
  }
  const auto has_tags = HasItsTags(call, known);
  if (!has_tags) return Blame(has_tags.error());
  seen->parts.erase(kTagsPart);
  if (*has_tags) seen->parts.emplace(kTagsPart, kComplete);
  return seen;
}

Result<void> CertificateStore::Put(const Call& call, std::string_view name, const Bundle& bundle,
                                   const std::optional<Deployed>& previous, std::optional<Deployed>& now) {
  now = previous;
  if (auto go_on = call.Check(); !go_on) return go_on;
  auto written = Write(call, name, bundle, previous, now);
  if (!written) list_.Forget();
  return written;
}

Result<void> CertificateStore::Write(const Call& call, std::string_view name, const Bundle& bundle,
                                     const std::optional<Deployed>& previous, std::optional<Deployed>& now) {
  const auto place = FindPlace(call, bundle, previous);
  if (!place) return Blame(place.error());
  const AwsTags tags = TagsFor(name, bundle.certificate_id);
  const bool keeps_arn = previous && previous->keeps_id;
  const auto arn = keeps_arn ? PutIntoSame(call, bundle, *place, *now) : PutContent(call, bundle, *place, tags);
  if (!arn) return Blame(arn.error());
  now = DeployedOf(name, bundle, *arn);
  // An import into an ARN takes no tags, and somebody may have taken ours away.
  const bool is_same = *place && (*place)->arn == *arn;
  const AwsTags missing = is_same ? MissingTags((*place)->tags, tags) : AwsTags();
  if (!missing.empty()) {
    if (auto tagged = api_.AddTags(call, *arn, missing); !tagged) return Blame(std::move(tagged).error());
  }
  now->parts.emplace(kTagsPart, kComplete);
  const auto details = api_.Describe(call, *arn);
  if (!details) return Blame(details.error());
  now->version = details->imported_at;
  Remember(*arn, details->imported_at, tags);
  return {};
}

Result<AwsTags> CertificateStore::TagsOf(const Call& call, const std::string& arn) const {
  auto tags = api_.GetTags(call, arn);
  if (!tags && tags.error().kind == ErrorKind::kNotFound) return AwsTags();
  return tags ? tags : Blame(std::move(tags).error());
}

Result<AwsTags> CertificateStore::ListedTagsOf(const Call& call, const std::string& arn) {
  const auto listed = FindOwned(call, [&](const std::string& one, const AwsTags&) { return one == arn; });
  if (!listed) return Blame(listed.error());
  return *listed ? (*listed)->tags : TagsOf(call, arn);
}

Result<bool> CertificateStore::IsOwn(const Call& call, std::string_view arn) {
  const auto listed = FindOwned(call, [&](const std::string& one, const AwsTags&) { return one == arn; });
  return listed ? listed->has_value() : Result<bool>(Blame(listed.error()));
}

Result<Deployed> CertificateStore::Adopt(const Call& call, std::string_view external_id, Adoption adoption) {
  auto there = Look(call, {.external_id = std::string(external_id)});
  if (!there) return std::move(there).error();
  if (!*there) return Error{ErrorKind::kNotFound, "there is no such certificate in this account and region"};
  const auto tags = api_.GetTags(call, (*there)->external_id);
  if (!tags) return Blame(tags.error());
  auto certificate_id = ownership_.Adopt(external_id, *tags, adoption);
  if (!certificate_id) return std::move(certificate_id).error();
  (*there)->certificate_id = *std::move(certificate_id);
  (*there)->parts.emplace(kTagsPart, kComplete);  // what it shall have
  return **std::move(there);
}

Result<std::optional<AwsTags>> CertificateStore::FindOurs(const Call& call, const Deployed& deployed) const {
  const auto there = Look(call, deployed);
  if (!there) return there.error();
  if (!*there) return std::optional<AwsTags>();
  auto tags = api_.GetTags(call, deployed.external_id);
  if (!tags) return Blame(std::move(tags).error());
  const bool is_same = (*there)->fingerprint_sha256 == deployed.fingerprint_sha256;
  if (is_same && ownership_.Owns(*tags, deployed.certificate_id)) return std::optional(*std::move(tags));
  call.log.Warn("left alone: not what this sync imported", {{base::key::kName, deployed.external_id}});
  return std::optional<AwsTags>();
}

Result<void> CertificateStore::Remove(const Call& call, const Deployed& deployed) {
  if (auto go_on = call.Check(); !go_on) return go_on;
  const auto ours = FindOurs(call, deployed);
  if (!ours) return ours.error();
  if (!*ours) return {};
  list_.Forget();
  return Delete(call, deployed.external_id);
}

AwsTags CertificateStore::TagsFor(std::string_view name, std::string_view certificate_id) const {
  AwsTags tags = ownership_.TagsFor(certificate_id);
  tags.insert_or_assign("Name", std::string(name));
  return tags;
}

// Where the certificate is or was; empty for a new ARN. What an interrupted run imported is found by its tags.
Result<std::optional<CertificateStore::Place>> CertificateStore::FindPlace(const Call& call, const Bundle& bundle,
                                                                           const std::optional<Deployed>& previous) {
  std::optional<Place> place;
  auto tags = previous ? api_.GetTags(call, previous->external_id) : Result<AwsTags>(Error{ErrorKind::kNotFound, ""});
  if (!tags && tags.error().kind != ErrorKind::kNotFound) return std::move(tags).error();
  if (tags) {
    const sync::Mark mark = ownership_.ReadMark(previous->external_id, *tags, bundle.certificate_id);
    if (mark != sync::Mark::kNone && !MayRemark(mark, true)) {
      return Error{ErrorKind::kConflict,
                   Cat(previous->external_id, " has another owner now. ", OwnerText(mark, tags->at(std::string(kSyncTag))))};
    }
    place = Place{.arn = previous->external_id, .tags = *std::move(tags)};
    if (previous->fingerprint_sha256 != bundle.chain.front().fingerprint_sha256) return place;
  } else {
    auto found = FindLeft(call, bundle, previous ? previous->external_id : "");
    if (!found || !*found) return found;
    place = *std::move(found);
  }
  const Deployed wanted = DeployedOf("", bundle, place->arn);
  const auto there = Look(call, wanted);
  if (!there) return there.error();
  if (!*there) return std::optional<Place>();
  place->is_whole = (*there)->fingerprint_sha256 == wanted.fingerprint_sha256 && (*there)->parts == wanted.parts;
  return place;
}

Result<std::string> CertificateStore::PutContent(const Call& call, const Bundle& bundle, const std::optional<Place>& place,
                                                 const AwsTags& tags) {
  if (place && place->is_whole) return place->arn;
  auto arn = place ? ImportAgain(call, bundle, place->arn, tags) : Import(call, bundle, tags);
  if (arn) call.log.Info("certificate imported", {{base::key::kName, *arn}});
  return arn;
}

// For a plan that has promised the ARN to what refers to it.
Result<std::string> CertificateStore::PutIntoSame(const Call& call, const Bundle& bundle, const std::optional<Place>& place,
                                                  Deployed& now) const {
  const bool is_there = place && place->arn == now.external_id;
  if (is_there && place->is_whole) return place->arn;
  const Error gone{ErrorKind::kNotFound, Cat(now.external_id, " is gone")};
  const auto again = is_there ? api_.ImportAgain(call, place->arn, ContentOf(bundle)) : Result<void>(gone);
  if (again) {
    call.log.Info("certificate imported", {{base::key::kName, place->arn}});
    return place->arn;
  }
  if (!NeedsNewArn(again.error())) return again.error();
  now.needs_new_id = true;
  Error error = again.error();
  error.kind = ErrorKind::kConflict;
  error.message.append(". The certificate needs a new ARN, which the next plan announces to what refers to it");
  return error;
}

// A new ARN. Imports are counted by the year: after a lost answer it is looked for before it is imported once more.
Result<std::string> CertificateStore::Import(const Call& call, const Bundle& bundle, AwsTags tags) const {
  const std::string import_id = base::Hex(random_.Bytes(16));
  tags.insert_or_assign(std::string(kImportTag), import_id);
  return base::http::WriteOrLook(
      call, {.attempts = 2}, [&] { return api_.Import(call, ContentOf(bundle), tags); }, base::http::MayHaveActed,
      // Also after Ctrl-C: a certificate that nobody knows of would stay for ever.
      [&] { return FindImport(call.ForCleanup(kLookLimit), import_id); });
}

// Into the same ARN; into another one where ACM refuses that for the certificate's sake. The caller removes the old one then.
Result<std::string> CertificateStore::ImportAgain(const Call& call, const Bundle& bundle, const std::string& arn,
                                                  const AwsTags& tags) {
  const auto again = api_.ImportAgain(call, arn, ContentOf(bundle));
  if (again) return arn;
  if (!NeedsNewArn(again.error())) return again.error();
  const auto left = FindLeft(call, bundle, arn);
  if (!left) return left.error();
  if (!*left) return Import(call, bundle, tags);
  const auto into_left = api_.ImportAgain(call, (*left)->arn, ContentOf(bundle));
  if (into_left) return (*left)->arn;
  return NeedsNewArn(into_left.error()) ? Import(call, bundle, tags) : Result<std::string>(into_left.error());
}

// What a run that was killed has imported, under another ARN than the state knows.
Result<std::optional<CertificateStore::Place>> CertificateStore::FindLeft(const Call& call, const Bundle& bundle,
                                                                          std::string_view known) {
  return FindOwned(call, [&](const std::string& arn, const AwsTags& tags) {
    return arn != known && ownership_.Owns(tags, bundle.certificate_id);
  });
}

Result<std::optional<std::string>> CertificateStore::FindImport(const Call& call, std::string_view import_id) const {
  const auto list = api_.List(call);
  if (!list) return list.error();
  std::vector<std::pair<std::string, std::string>> newest;
  for (const auto& [arn, imported_at] : *list) newest.emplace_back(imported_at, arn);
  std::sort(newest.rbegin(), newest.rend());
  newest.resize(std::min(newest.size(), kLookedThrough));
  for (const auto& [imported_at, arn] : newest) {
    const auto tags = api_.GetTags(call, arn);
    if (tags && HasTag(*tags, kImportTag, import_id)) return std::optional(arn);
  }
  return std::optional<std::string>();
}

// `known` with what is really in its ARN; empty when there is no such ARN.
Result<std::optional<Deployed>> CertificateStore::Look(const Call& call, const Deployed& known) const {
  const auto pem = api_.GetChainPem(call, known.external_id);
  if (!pem && pem.error().kind == ErrorKind::kNotFound) return std::optional<Deployed>();
  if (!pem) return Blame(pem.error());
  const auto chain = base::crypto::ParseChain(*pem);
  if (!chain) return chain.error();
  const auto details = api_.Describe(call, known.external_id);
  if (!details) return Blame(details.error());
  Deployed found = known;
  found.fingerprint_sha256 = chain->front().fingerprint_sha256;
  found.parts = {{kChainPart, ChainDigest(*chain)}};
  found.version = details->imported_at;
  return std::optional(std::move(found));
}

// The list of what is tagged lags some seconds behind: what it lacks is asked of ACM itself.
Result<bool> CertificateStore::HasItsTags(const Call& call, const Deployed& known) {
  const AwsTags wanted = TagsFor(known.name, known.certificate_id);
  const auto listed = FindOwned(call, [&](const std::string& arn, const AwsTags&) { return arn == known.external_id; });
  if (!listed) return listed.error();
  if (*listed && MissingTags((*listed)->tags, wanted).empty()) return true;
  const auto tags = api_.GetTags(call, known.external_id);
  if (!tags) return tags.error();
  return MissingTags(*tags, wanted).empty();
}

// A load balancer lets go of a certificate some time after it was told to.
Result<void> CertificateStore::Delete(const Call& call, const std::string& arn) const {
  base::Poller poller(call, "waiting until no load balancer uses the certificate", kPausesWhileInUse);
  for (;;) {
    auto deleted = api_.Delete(call, arn);
    if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
    if (deleted.error().code != "ResourceInUseException") return Blame(std::move(deleted).error());
    if (poller.Pause()) continue;
    if (const auto details = api_.Describe(call.ForCleanup(kLookLimit), arn)) {
      for (const std::string& user : details->in_use_by) deleted.error().details.push_back(Cat("in use by ", user));
    }
    return deleted;
  }
}

Result<std::optional<std::string>> CertificateStore::FindInList(const Call& call, const std::string& arn) {
  return list_.Find(call, arn, [&] { return api_.List(call); });
}

Result<std::optional<CertificateStore::Place>> CertificateStore::FindOwned(const Call& call, const Fits& fits) {
  const auto owned = owned_.All(call, [&] { return tagging_.Find(call, kResourceType, kSyncTag, ownership_.sync_id()); });
  if (!owned) return owned.error();
  const auto found =
      std::find_if((*owned)->begin(), (*owned)->end(), [&](const auto& one) { return fits(one.first, one.second); });
  if (found == (*owned)->end()) return std::optional<Place>();
  return std::optional(Place{.arn = found->first, .tags = found->second});
}

void CertificateStore::Remember(const std::string& arn, const std::string& imported_at, const AwsTags& tags) {
  list_.Set(arn, imported_at);
  owned_.Set(arn, tags);
}

std::vector<connections::FieldProblem> CheckAwsTags(const Settings& settings) {
  auto problems = CheckTags(settings, kReservedTags);
  CheckAwsLimits(settings, kOwnTags, problems);
  return problems;
}

}  // namespace engine::vendors::aws

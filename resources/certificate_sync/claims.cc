// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/claims.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "resources/certificate_sync/certificate_identity.h"
#include "resources/certificate_sync/place.h"
#include "resources/shared_notes.h"

namespace resources::certificate_sync {
namespace {

using base::Cat;

constexpr std::string_view kClaims = "claims";
constexpr std::string_view kRefused = "refused";
constexpr std::string_view kOfCreate = "new";
constexpr std::chrono::hours kLifeOfPlan{1};
constexpr std::chrono::seconds kLongestWait{30};
constexpr std::chrono::seconds kWaitAlone{2};
constexpr std::chrono::milliseconds kPause{50};

// What the calls of one process know. Safe from many threads.
class Pushes {
 public:
  void Note(const std::string& subject, PushResult result) {
    const std::lock_guard lock(mutex_);
    result == PushResult::kFailed ? (void)failed_.insert(subject) : (void)failed_.erase(subject);
  }
  bool HasFailed(const std::string& subject) const {
    const std::lock_guard lock(mutex_);
    return failed_.contains(subject);
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> failed_;
};

std::shared_ptr<Pushes> PushesOf(const Context& context) { return context.shared->Get<Pushes>(); }

bool IsComplete(const Claim& claim) { return !claim.place.empty() && !claim.certificate_id.empty(); }

// Of all claims of one certificate at one place.
std::string SubjectOf(const Claim& claim) {
  return base::Hex(base::crypto::Sha256(Cat(claim.place, '/', claim.certificate_id))).substr(0, 32);
}

std::string NoteOf(const Claim& claim) {
  return Cat(SubjectOf(claim), '-', claim.sync_id.empty() ? kOfCreate : std::string_view(claim.sync_id));
}

bool IsClaimedByOthers(const Context& context, const Claim& own) {
  const auto notes = context.notes->List(kClaims, Cat(SubjectOf(own), '-'), kLifeOfPlan);
  return std::any_of(notes.begin(), notes.end(), [own_note = NoteOf(own)](const std::string& one) { return one != own_note; });
}

base::Error Refusal(const Context& context, const Claim& own, std::string_view why) {
  context.notes->Add(kRefused, NoteOf(own));
  return {base::ErrorKind::kUnavailable,
          Cat("another sync of this configuration is to take over the certificate ", own.certificate_id, ", and ", why)};
}

}  // namespace

void NoteClaims(const Context& context, const SyncModel& prior, const SyncModel& planned) {
  const bool is_same = prior.certificates == planned.certificates && prior.destination == planned.destination &&
                       prior.app_connection == planned.app_connection;
  if (is_same) return;
  Claim claim{.place = PlaceDigest(context, planned), .certificate_id = {}, .sync_id = prior.id.OrEmpty()};
  const bool is_same_place = claim.place == PlaceDigest(context, prior);
  const HandleByKey before = is_same_place ? prior.certificates.OrEmpty() : HandleByKey();
  for (const auto& [key, handle] : planned.certificates.OrEmpty()) {
    claim.certificate_id = IdentityOf(context, handle).certificate_id;
    const bool is_new = std::none_of(before.begin(), before.end(), [&](const auto& one) {
      return IdentityOf(context, one.second).certificate_id == claim.certificate_id;
    });
    if (is_new && IsComplete(claim)) context.notes->Add(kClaims, NoteOf(claim));
  }
}

void NotePush(const Context& context, const Claim& claim, PushResult result) {
  if (!IsComplete(claim)) return;
  PushesOf(context)->Note(SubjectOf(claim), result);
  context.notes->Remove(kClaims, NoteOf(claim));
}

base::Result<void> AwaitSuccessor(const base::Call& call, const Context& context, const Claim& own) {
  if (!IsComplete(own)) return {};
  const auto pushes = PushesOf(context);
  const std::string subject = SubjectOf(own);
  const base::SteadyTime start = call.SteadyNow();
  const base::Call limited = call.Within(kLongestWait);
  for (bool is_first = true;; is_first = false) {
    if (pushes->HasFailed(subject)) return Refusal(context, own, "its push failed in this run");
    if (!IsClaimedByOthers(context, own)) break;
    if (context.notes->ContainsRecent(kRefused, NoteOf(own), kLifeOfPlan)) break;
    if (is_first) {
      call.log.Info("waiting for the sync that takes the certificate over", {{base::key::kName, own.certificate_id}});
    }
    const bool is_alone = *context.changes_under_way <= 1 && call.SteadyNow() - start >= kWaitAlone;
    if (is_alone || !limited.Wait(kPause)) {
      if (auto stopped = call.Check(); !stopped) return stopped;
      return Refusal(context, own, "has not done so yet; the next apply does");
    }
  }
  context.notes->Remove(kRefused, NoteOf(own));
  return {};
}

}  // namespace resources::certificate_sync

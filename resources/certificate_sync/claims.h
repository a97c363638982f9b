// SPDX-License-Identifier: MPL-2.0
// Claims: certificates that syncs of this configuration are about to put at a place where another sync may be about to remove
// them (a sync was renamed, or a certificate moves from one to another). What serves is not removed before its successor is
// there, and Terraform orders the two in no way.
//
// The plan notes claims for the processes that apply. They hold for an hour, and only once: a removal that waited for a claim in
// vain fails, and the next one goes ahead.
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/result.h"
#include "resources/certificate_sync/model.h"
#include "resources/context.h"

namespace resources::certificate_sync {

struct Claim {
  std::string place;           // of PlaceDigest; empty: unknown, and nothing is claimed
  std::string certificate_id;  // likewise
  std::string sync_id;         // empty for one that is being created
};

// The certificates that `planned` is going to push and `prior` did not have.
void NoteClaims(const Context& context, const SyncModel& prior, const SyncModel& planned);

enum class PushResult { kPushed, kFailed };
// How a push of the certificate ended; its claim ends with it. After a failure, nothing in this run removes the certificate from
// the place.
void NotePush(const Context& context, const Claim& claim, PushResult result);

// Blocks until no other sync claims the certificate, for a short time only while this is the only change under way. Errors:
// kUnavailable: it was not pushed in time, or the push failed; what is there must stay.
base::Result<void> AwaitSuccessor(const base::Call& call, const Context& context, const Claim& own);

}  // namespace resources::certificate_sync

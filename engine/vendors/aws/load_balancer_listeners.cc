// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/load_balancer_listeners.h"

#include <algorithm>

#include "base/text.h"

namespace engine::vendors::aws {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

Result<bool> Listeners::IsAttached(const Call& call, const Listener& listener, const Attachment& attachment,
                                   const CertificateNotes& notes) {
  const auto there = Look(call, listener.arn);
  if (!there) return there.error();
  const auto& [default_arn, list] = *there;
  if (!attachment.former_default || !list.contains(attachment.certificate)) return false;
  const bool is_default = default_arn == attachment.certificate;
  // The user may have made it the default himself: then there is no former one.
  return listener.is_default ? is_default || notes.is_own(default_arn) : !is_default || attachment.former_default->empty();
}

Result<void> Listeners::Attach(const Call& call, const Listener& listener, const Attachment& attachment,
                               const CertificateNotes& notes) {
  const auto turn = changing_.Acquire(call, listener.arn);
  if (!turn) return turn.error();
  Forget(listener.arn);
  const auto there = api_.Describe(call, listener.arn);
  if (!there) return there.error();
  const std::string& certificate = attachment.certificate;
  const std::string& now = there->default_arn;
  const bool becomes_default = listener.is_default && now != certificate && !notes.is_own(now);
  if (becomes_default || !attachment.former_default) {
    std::string former = becomes_default ? notes.find_former(now, listener.arn) : std::string();
    if (becomes_default && former.empty()) former = now;
    if (auto noted = notes.write(certificate, listener.arn, former); !noted) return noted;
  }
  if (!there->list.contains(certificate)) {
    if (auto added = api_.Add(call, listener.arn, certificate); !added) return added;
  }
  if (becomes_default) {
    if (auto kept = api_.Add(call, listener.arn, now); !kept) return kept;
    return api_.SetDefault(call, listener.arn, certificate);
  }
  const bool gives_back = !listener.is_default && now == certificate && !attachment.former_default.value_or("").empty();
  if (!gives_back) return {};
  if (auto given = api_.SetDefault(call, listener.arn, *attachment.former_default); !given) return given;
  return notes.write(certificate, listener.arn, "");
}

Result<void> Listeners::Detach(const Call& call, const std::string& listener, const Attachment& attachment,
                               const CertificateNotes& notes) {
  const auto turn = changing_.Acquire(call, listener);
  if (!turn) return turn.error();
  Forget(listener);
  const auto there = api_.Describe(call, listener);
  if (!there && there.error().kind == ErrorKind::kNotFound) return {};
  if (!there) return there.error();
  if (there->default_arn == attachment.certificate) {
    if (auto given = GiveDefaultAway(call, listener, *there, attachment, notes); !given) return given;
  }
  const bool is_listed = there->list.contains(attachment.certificate);
  return is_listed ? api_.Remove(call, listener, attachment.certificate) : Result<void>();
}

Result<ListenerCertificates> Listeners::Look(const Call& call, const std::string& listener) {
  const auto turn = changing_.Acquire(call, listener);
  if (!turn) return turn.error();
  {
    const std::lock_guard lock(mutex_);
    if (const auto seen = seen_.find(listener); seen != seen_.end()) return seen->second;
  }
  auto there = api_.Describe(call, listener);
  if (!there) return there;
  const std::lock_guard lock(mutex_);
  seen_.insert_or_assign(listener, *there);
  return there;
}

void Listeners::Forget(const std::string& listener) {
  const std::lock_guard lock(mutex_);
  seen_.erase(listener);
}

Result<void> Listeners::GiveDefaultAway(const Call& call, const std::string& listener, const ListenerCertificates& there,
                                        const Attachment& attachment, const CertificateNotes& notes) const {
  const std::string former = attachment.former_default.value_or("");
  const auto own = std::find_if(there.list.begin(), there.list.end(),
                                [&](const std::string& one) { return one != attachment.certificate && notes.is_own(one); });
  if (own != there.list.end()) {
    if (auto noted = notes.write(*own, listener, former); !noted) return noted;
    return api_.SetDefault(call, listener, *own);
  }
  if (!former.empty()) return api_.SetDefault(call, listener, former);
  return Error{ErrorKind::kConflict, Cat(attachment.certificate, " is the default certificate of ", listener,
                                         ": give the listener another default certificate first")};
}

}  // namespace engine::vendors::aws

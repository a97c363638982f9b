// SPDX-License-Identifier: MPL-2.0
// Certificates at the listeners of a load balancer: attached before anything is detached, and never the default one without a
// successor.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "base/key_locks.h"
#include "base/result.h"
#include "engine/vendors/aws/load_balancer_api.h"

namespace engine::vendors::aws {

struct Listener {
  std::string arn;
  bool is_default = false;  // whether a certificate of the sync shall be the listener's default
};

// A certificate at a listener, and what its note about the listener says; no note: the sync did not attach it.
struct Attachment {
  std::string certificate;  // ARN
  // The certificate that it took the default's place of; empty when the sync did not make it the default.
  std::optional<std::string> former_default{};
};

// What only the certificates' side can tell.
struct CertificateNotes {
  std::function<bool(std::string_view certificate)> is_own;  // one of this sync
  // The former default that the note of a certificate names that another sync gives up; empty without one.
  std::function<std::string(const std::string& certificate, std::string_view listener)> find_former;
  // Writes the note of a certificate about a listener.
  std::function<base::Result<void>(const std::string& certificate, std::string_view listener, const std::string& former_default)>
      write;
};

// Safe from many threads: changes to one listener are made one after another.
class Listeners {
 public:
  explicit Listeners(LoadBalancerApi api) : api_(std::move(api)) {}

  // Whether the certificate is at the listener as `listener` wants it. In the life of this a listener is asked once, if nothing
  // changes. Errors: kNotFound when there is no such listener.
  base::Result<bool> IsAttached(const base::Call& call, const Listener& listener, const Attachment& attachment,
                                const CertificateNotes& notes);

  // Attaches it; notes are written before what they are about. Where it becomes the default, the former one goes into the list,
  // so that its names are served on; a default that is the sync's own stays. From a default that another sync gives up it takes
  // over what is to be the default afterwards.
  base::Result<void> Attach(const base::Call& call, const Listener& listener, const Attachment& attachment,
                            const CertificateNotes& notes);

  // Makes the listener do without it. Where it is the default, another one of the sync's takes its place, with its note, or else
  // the former one. No such listener any more is success. Errors: kConflict when there is no other default.
  base::Result<void> Detach(const base::Call& call, const std::string& listener, const Attachment& attachment,
                            const CertificateNotes& notes);

 private:
  base::Result<ListenerCertificates> Look(const base::Call& call, const std::string& listener);
  void Forget(const std::string& listener);
  base::Result<void> GiveDefaultAway(const base::Call& call, const std::string& listener, const ListenerCertificates& there,
                                     const Attachment& attachment, const CertificateNotes& notes) const;

  LoadBalancerApi api_;
  base::KeyLocks changing_;  // by listener
  std::mutex mutex_;
  std::map<std::string, ListenerCertificates> seen_;  // by listener; guarded by mutex_
};

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
// ACME Renewal Information (RFC 9773): when a CA wants a certificate to be renewed.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "base/result.h"
#include "engine/acme/client.h"

namespace engine::acme {

struct RenewalInfo {
  base::TimePoint window_start{};
  base::TimePoint window_end{};   // after window_start
  std::string explanation_url{};  // empty when the CA gives no reason
  base::TimePoint check_after{};  // not to be asked again before: Retry-After, held to one minute up to one day
};

// The certificate's id towards the CA (RFC 9773 section 4.1); empty without an authority key identifier or serial number.
std::optional<std::string> RenewalId(const base::crypto::Certificate& leaf);

// check_after is left alone. Errors: kProtocol (not JSON, no window, a window that ends before it starts).
base::Result<RenewalInfo> ParseRenewalInfo(std::string_view text);

// What the CA says of the certificate now: one unsigned GET, never repeated (section 4.3). Empty when the CA offers none.
// A CA that cannot be reached, is overloaded or limits us is left in peace for some minutes: until then every caller of the
// client gets that failure at once. Errors: as the CA's problem document says, or the transport's; kProtocol.
base::Result<std::optional<RenewalInfo>> FetchRenewalInfo(const base::Call& call, Client& client, const std::string& renewal_id);

// The last failure that concerns the CA as a whole. Safe from many threads.
class RenewalInfoOutage {
 public:
  std::optional<base::Error> Present(base::TimePoint now) const;
  // True when it is news: nobody has noted a failure that is still present.
  bool Note(const base::Error& failure, base::TimePoint now);

 private:
  mutable std::mutex mutex_;
  std::optional<base::Error> failure_;
  base::TimePoint until_{};
};

}  // namespace engine::acme

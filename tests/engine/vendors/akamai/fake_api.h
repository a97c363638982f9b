// SPDX-License-Identifier: MPL-2.0
// Akamai's Edge DNS API as far as DNS-01 meets it: signatures that are checked, each nonce good once, whole sets by absolute
// names, one change of a zone at a time.
#pragma once

#include <set>
#include <string>

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeAkamai final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://akab-host.akamai.test";
  static constexpr const char* kClientToken = kToken;
  static constexpr const char* kReadOnlyClientToken = kReadOnlyToken;
  static constexpr const char* kClientSecret = "client-secret-canary-0123456789=";
  static constexpr const char* kAccessToken = "akab-access-token-canary";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  // Why the signature is refused; empty if it is right.
  std::string FindFault(const ApiRequest& request);
  base::Json SetOf(const std::string& name) const;
  base::http::Response OneSet(const ApiRequest& request, const std::string& name);

  std::set<std::string> nonces_;
};

}  // namespace tests

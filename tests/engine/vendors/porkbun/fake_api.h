// SPDX-License-Identifier: MPL-2.0
// Porkbun's API as far as DNS-01 meets it: POST alone, keys in headers or in the body, domains that are not opted in, equal
// records side by side, short TTLs made longer.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakePorkbun final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://porkbun.test/api/json/v3";
  static constexpr const char* kSecret = "secret-canary-0123456789abcdef";
  static constexpr const char* kClosedZone = "closed.test";  // without API access

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response List() const;
  base::http::Response CreateRecord(const base::Json& body);
};

}  // namespace tests

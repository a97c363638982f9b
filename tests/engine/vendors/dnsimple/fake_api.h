// SPDX-License-Identifier: MPL-2.0
// DNSimple's API as far as DNS-01 meets it: zones by name below an account; equal records are refused.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeDnsimple final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://dnsimple.test/v2";
  static constexpr const char* kAccount = "1010";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Records(const ApiRequest& request, const std::string& id);
  base::http::Response CreateRecord(const base::Json& body);
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// GoDaddy's API as far as DNS-01 meets it: records without ids, added by PATCH, replaced as sets by PUT; equal records are
// refused.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeGodaddy final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://godaddy.test/v1";
  static constexpr const char* kSecret = "secret-canary-0123456789";

  FakeGodaddy() {
    token_prefix_ = "sso-key ";
    token_suffix_ = std::string(":") + kSecret;
  }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response List(const ApiRequest& request, const std::string& name) const;
  base::http::Response AddRecords(const base::Json& body);
  base::http::Response ReplaceSet(const std::string& name, const base::Json& body);
  base::http::Response ReplaceType(const base::Json& body);
};

}  // namespace tests

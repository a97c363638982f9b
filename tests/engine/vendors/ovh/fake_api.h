// SPDX-License-Identifier: MPL-2.0
// OVHcloud's API as far as DNS-01 meets it: signed requests, zones by name, lists of bare ids, equal records side by side. What
// was changed takes effect by a refresh.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeOvh final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://ovh.test/1.0";
  static constexpr const char* kApplicationKey = "application-canary";
  static constexpr const char* kApplicationSecret = "secret-canary-0123456789abcdef";

  FakeOvh() {
    token_header_ = "X-Ovh-Consumer";
    token_prefix_ = "";
  }

  bool is_refreshed() const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Records(const ApiRequest& request, const std::string& id);
  base::http::Response CreateRecord(const base::Json& body);
  base::http::Response List(const ApiRequest& request) const;

  bool is_refreshed_ = true;
};

}  // namespace tests

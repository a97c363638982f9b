// SPDX-License-Identifier: MPL-2.0
// Linode's API as far as DNS-01 meets it: domains with numeric ids, found by a filter in a header; equal records side by side.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeLinode final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://linode.test/v4";
  static constexpr const char* kZoneId = "1234567";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Records(const ApiRequest& request, const std::string& id);
  base::http::Response CreateRecord(const base::Json& body);
};

}  // namespace tests

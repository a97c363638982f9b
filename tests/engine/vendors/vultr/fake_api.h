// SPDX-License-Identifier: MPL-2.0
// Vultr's API as far as DNS-01 meets it: domains by name, values in quotes, pages with cursors, equal records side by side.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeVultr final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://vultr.test/v2";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Records(const ApiRequest& request, const std::string& id);
  base::http::Response CreateRecord(const base::Json& body);
};

}  // namespace tests

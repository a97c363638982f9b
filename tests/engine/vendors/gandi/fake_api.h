// SPDX-License-Identifier: MPL-2.0
// Gandi's LiveDNS as far as DNS-01 meets it: sets by name and type, replaced by PUT, TTLs from 300 seconds up.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeGandi final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://gandi.test/v5/livedns";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response List(const ApiRequest& request) const;
  base::http::Response OneSet(const ApiRequest& request, const std::string& name);
  base::Json SetOf(const std::string& name) const;
};

}  // namespace tests

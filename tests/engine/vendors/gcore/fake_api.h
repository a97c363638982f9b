// SPDX-License-Identifier: MPL-2.0
// Gcore's DNS API as far as DNS-01 meets it: sets by absolute names, each value in a list of its own, other methods for what is
// new and for what is there.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeGcore final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://gcore.test/dns/v2";

  FakeGcore() { token_prefix_ = "APIKey "; }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::Json SetOf(const std::string& name) const;
  base::http::Response OneSet(const ApiRequest& request, const std::string& name);
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// deSEC's API as far as DNS-01 meets it: sets by name and type, several in one PATCH, TTLs from an hour up. Lists of more than
// 500 sets are refused, as deSEC wants them to be taken by pages.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeDesec final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://desec.test/api/v1";

  FakeDesec() { token_prefix_ = "Token "; }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Sets(const ApiRequest& request);
  base::http::Response OneSet(const ApiRequest& request, const std::string& name);
  base::http::Response Patch(const base::Json& body);
  base::Json SetOf(const std::string& name) const;
};

}  // namespace tests

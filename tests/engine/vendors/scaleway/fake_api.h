// SPDX-License-Identifier: MPL-2.0
// Scaleway's API of domains as far as DNS-01 meets it: UUIDs, several changes in one request, all or nothing, names made
// relative.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeScaleway final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://scaleway.test/domain/v2beta1";

  FakeScaleway() {
    token_header_ = "x-auth-token";
    token_prefix_ = "";
  }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response List(const ApiRequest& request) const;
  base::http::Response Change(const base::Json& body);
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// bunny.net's API as far as DNS-01 meets it: zones by a search for part of their names, types as numbers, equal records side by
// side.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeBunny final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://bunny.test";
  static constexpr const char* kZoneId = "104512";

  FakeBunny() {
    token_header_ = "accesskey";
    token_prefix_ = "";
  }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::Json Zone() const;
  base::http::Response CreateRecord(const base::Json& body);
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// The API of IONOS hosting as far as DNS-01 meets it: zones and records with UUIDs, absolute names, lists of records to create.
// An equal record takes the place of the one that is there, under another id.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeIonos final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://ionos.test/dns/v1";
  static constexpr const char* kZoneId = "11af3414-ebba-11e9-8df5-66fbe8a334b4";

  FakeIonos() {
    token_header_ = "x-api-key";
    token_prefix_ = "";
  }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response List(const ApiRequest& request) const;
  base::http::Response CreateRecords(const base::Json& body);
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// Hetzner's Cloud API as far as DNS-01 meets it: zones by id and by name, sets of values in quotes, and actions that add values
// to a set and remove them. A value that is there already, or is not there, is refused.
#pragma once

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeHetzner final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://hetzner.test/v1";
  static constexpr const char* kZoneId = "590000000000001";

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response ListSets(const ApiRequest& request) const;
  base::http::Response Act(const std::string& name, const std::string& action, const base::Json& body);
  base::Json SetOf(const std::string& name) const;  // null when it has no values
  bool Has(const std::string& name, const std::string& value) const;

  std::int64_t next_action_ = 1;
};

}  // namespace tests

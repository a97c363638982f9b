// SPDX-License-Identifier: MPL-2.0
// An acme-dns server with one account: the last two values are kept, the value's form is checked after the credentials.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeAcmeDns final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://acme-dns.test";
  static constexpr const char* kUsername = "eabcdb41-d89f-4580-826f-3e62e9755ef2";
  static constexpr const char* kPassword = "pbAXVjlIOE01xbut7YnAbkhMQIkcwoHO0ek2-canary";
  static constexpr const char* kSubdomain = "d420c923-bbd7-4056-ab64-c3ca54c9b3cf";
  static constexpr const char* kFullDomain = "d420c923-bbd7-4056-ab64-c3ca54c9b3cf.auth.example.test";

  std::vector<std::string> Values() const;  // oldest first

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  std::deque<std::string> values_;
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// A server of the httpreq protocol that keeps values of example.test and refuses other names.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeWebhook final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://webhook.test/dns";
  static constexpr const char* kUsername = "certwright";
  static constexpr const char* kPassword = "pass word-canary";

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted
  void Add(const std::string& fqdn, const std::string& value);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  std::map<std::string, std::set<std::string>> values_;
};

}  // namespace tests

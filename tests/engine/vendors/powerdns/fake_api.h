// SPDX-License-Identifier: MPL-2.0
// PowerDNS 5.0.2's API as far as DNS-01 meets it: EXTEND and PRUNE, which Debian's 4.7 lacks. The rest is as the real server of
// real_server.h answers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakePowerdns final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://powerdns.test:8081";
  static constexpr const char* kKey = "api-key-canary-0123456789";
  static constexpr const char* kZone = "example.test.";

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted, unquoted
  void Add(const std::string& fqdn, const std::string& value);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Patch(const base::Json& body);
  // Empty, or what is wrong.
  std::string Change(const base::Json& rrset);

  std::map<std::string, std::vector<std::string>> sets_;  // contents, by name
};

}  // namespace tests

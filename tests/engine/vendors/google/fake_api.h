// SPDX-License-Identifier: MPL-2.0
// Google Cloud as far as DNS-01 meets it: token server, token exchange, metadata server, IAM's impersonation, and Cloud DNS with
// changes that must name exactly what they replace.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeGoogle final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://dns.googleapis.com";
  static constexpr const char* kProject = "project-1";
  static constexpr const char* kEmail = "certwright@project-1.iam.gserviceaccount.com";
  static constexpr const char* kImpersonated = "dns-admin@project-1.iam.gserviceaccount.com";
  static constexpr const char* kForeignToken = "foreign-token-canary";
  static constexpr const char* kZone = "example-zone";  // example.test., public

  // A service account's key file; another e-mail address is one that the token server does not know.
  static std::string KeyFile(const std::string& email = kEmail);
  // The configuration of a federation that gets its foreign token from an URL of this fake.
  static std::string FederationFile();

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted, unquoted
  void Add(const std::string& fqdn, const std::string& value);
  std::int64_t Ttl(const std::string& fqdn) const;
  // Somebody else adds this value right before the next change is looked at.
  void OvertakeNext(const std::string& fqdn, const std::string& value);
  // From now on no token that was given out before is good.
  void RevokeTokens();
  std::size_t CountTokens() const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return request.url.starts_with(kUrl); }

 private:
  struct Set {
    std::int64_t ttl = 0;
    std::vector<std::string> rrdatas;
  };

  base::http::Response Token(const ApiRequest& request);
  base::http::Response Impersonate(const ApiRequest& request);
  base::http::Response Dns(const ApiRequest& request);
  base::http::Response Change(const base::Json& body);
  std::string NewToken();

  std::set<std::string> tokens_;
  std::size_t next_token_ = 1;
  std::map<std::string, Set> sets_;
  std::string overtaken_name_;
  std::string overtaking_value_;
};

}  // namespace tests

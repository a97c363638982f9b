// SPDX-License-Identifier: MPL-2.0
// Cloudflare's API as far as DNS-01 meets it, as strict as the real one: credentials, permissions, required members, TTLs, equal
// records, batches that do all or nothing, names outside of the zone that become names below it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeCloudflare final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://cloudflare.test/client/v4";
  static constexpr const char* kToken = "token-canary-0123456789abcdefghijklmnopq";         // may do everything
  static constexpr const char* kZoneToken = "zone-token-canary-0123456789abcdefghijklmn";   // edits records of kZoneId only
  static constexpr const char* kAccountToken = "account-token-canary-0123456789abcdefghi";  // belongs to no user
  static constexpr const char* kExpiredToken = "expired-token-canary-0123456789abcdefghi";
  static constexpr const char* kEmail = "user@example.test";
  static constexpr const char* kGlobalKey = "global-key-canary-0123456789abcdef012";
  static constexpr const char* kZoneId = "0123456789abcdef0123456789abcdef";       // example.test
  static constexpr const char* kTwinId = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";       // twice.test of one account
  static constexpr const char* kOtherTwinId = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";  // twice.test of another one

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted, unquoted
  void Add(const std::string& fqdn, const std::string& content);   // content as Cloudflare keeps it

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  struct Record {
    std::string id;
    std::string zone;
    std::string name;
    std::string content;
    std::int64_t ttl = 0;
  };

  base::http::Response Records(const ApiRequest& request, const std::string& zone, const std::string& rest);
  base::http::Response Zones(const ApiRequest& request, const std::string& token) const;
  base::http::Response List(const ApiRequest& request, const std::string& zone) const;
  base::http::Response Batch(const base::Json& body, const std::string& zone);
  // Nothing is changed when `error` is set.
  base::Json Create(const base::Json& body, const std::string& zone, base::http::Response& error);

  std::map<std::string, Record> records_;
  int next_id_ = 1;
};

}  // namespace tests

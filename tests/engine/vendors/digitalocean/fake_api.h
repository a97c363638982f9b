// SPDX-License-Identifier: MPL-2.0
// DigitalOcean's API as far as DNS-01 meets it: names relative to the zone in records, whole ones in filters, no refusal of equal
// records, TTLs from 30 seconds up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeDigitalocean final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://digitalocean.test";
  static constexpr const char* kToken = "dop_v1_token-canary-0123456789abcdef";
  static constexpr const char* kReadOnlyToken = "dop_v1_read-canary-0123456789abcdef";  // scope domain:read
  static constexpr const char* kZone = "example.test";

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted
  void Add(const std::string& fqdn, const std::string& data);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  struct Record {
    std::string name;  // relative, "@" for the apex
    std::string data;
    std::int64_t ttl = 0;
  };

  base::http::Response Create(const ApiRequest& request);
  base::http::Response List(const ApiRequest& request) const;
  static std::string Relative(const std::string& name);

  std::map<std::int64_t, Record> records_;
  std::int64_t next_id_ = 28448429;
};

}  // namespace tests

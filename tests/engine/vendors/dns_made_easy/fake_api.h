// SPDX-License-Identifier: MPL-2.0
// DNS Made Easy's API as far as DNS-01 meets it: signatures and their dates checked, equal records refused, quoted values, and a
// DELETE without ids that empties the zone, as the real one does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tests/support/fake_api.h"

namespace tests {

class FakeDnsMadeEasy final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://dnsmadeeasy.test/V2.0";
  static constexpr const char* kApiKey = "1c1a3c91-4770-4ce7-96f4-54c0eb0e457a";
  static constexpr const char* kSecretKey = "secret-canary-c9b5625f-9834-4ff8-baba-4ed5f32cae55";
  static constexpr const char* kZoneId = "1119443";  // example.test

  // `clock` is borrowed: requests are dated by it; null accepts any date.
  explicit FakeDnsMadeEasy(const base::Clock* clock = nullptr) : clock_(clock) {}

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted, unquoted
  void Add(const std::string& fqdn, const std::string& value);     // value as it comes back
  void SetPageSize(std::size_t size) { page_size_ = size; }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  struct Record {
    std::string name;  // relative
    std::string value;
    std::int64_t ttl = 0;
  };

  std::string CheckSignature(const ApiRequest& request) const;  // empty, or what is wrong
  base::http::Response Records(const ApiRequest& request, const std::vector<std::string>& rest);
  base::http::Response Create(const base::Json& list, bool is_single);
  base::http::Response List(const ApiRequest& request) const;
  base::http::Response Delete(const ApiRequest& request, const std::vector<std::string>& rest);

  const base::Clock* clock_;
  std::map<std::int64_t, Record> records_;
  std::int64_t next_id_ = 11189897;
  std::size_t page_size_ = 400;
};

}  // namespace tests

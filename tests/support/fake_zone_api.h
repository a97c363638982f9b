// SPDX-License-Identifier: MPL-2.0
// What the fakes of REST APIs of DNS share: the TXT values of example.test, and a token in the header Authorization.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeZoneApi : public FakeApi {
 public:
  static constexpr const char* kZone = "example.test";
  static constexpr const char* kToken = "token-canary-0123456789abcdef";
  static constexpr const char* kReadOnlyToken = "read-canary-0123456789abcdef";

  static constexpr std::int64_t kForeignTtl = 7200;  // of what Add and Overwrite leave

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted, unquoted
  std::int64_t Ttl(const std::string& fqdn) const;
  void Add(const std::string& fqdn, const std::string& value);
  // As another client does that does not know of the other values.
  void Overwrite(const std::string& fqdn, const std::string& value);

 protected:
  struct Txt {
    std::int64_t id = 0;
    std::string name;   // relative to the zone; empty for the apex
    std::string value;  // unquoted
    std::int64_t ttl = 300;
  };

  bool MayRead(const ApiRequest& request) const;  // the token is one of ours
  bool MayWrite(const ApiRequest& request) const;
  Txt& Create(const std::string& name, const std::string& value, std::int64_t ttl);
  const Txt* Find(const std::string& id) const;
  bool Erase(const std::string& id);  // false when there is none
  // A page of at most `most` records, counted from 1; the parameters are the vendor's.
  std::vector<Txt> Page(const ApiRequest& request, const char* page, const char* size, int usual, int most) const;

  std::vector<std::string> ValuesAt(const std::string& name) const;  // in the order in which they came
  std::set<std::string> Names() const;
  std::int64_t TtlOf(const std::string& name) const;
  // The values of a name, replaced as a set.
  void Replace(const std::string& name, const std::vector<std::string>& values, std::int64_t ttl);

  std::vector<Txt> records_;
  std::string token_header_ = "Authorization";
  std::string token_prefix_ = "Bearer ";
  std::string token_suffix_{};

 private:
  std::int64_t next_id_ = 28448429;
};

// The value between quotes, as zone files have it; empty when it is not of this spelling.
std::string BetweenQuotes(const std::string& text);

}  // namespace tests

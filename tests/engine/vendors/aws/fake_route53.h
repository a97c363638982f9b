// SPDX-License-Identifier: MPL-2.0
// Route 53 as far as DNS-01 meets it, as strict as the real one: signatures, change batches that are taken whole or not at all,
// quoted values, sets that must be as they are said to be, names escaped in octal, pages, changes that are pending at first. The
// policy of its one key is the guide's: four actions, one zone, TXT alone.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/vendors/aws/xml.h"
#include "tests/support/fake_api.h"

namespace tests {

class FakeRoute53 final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://route53.test";
  static constexpr const char* kKeyId = "AKIAFAKEROUTE53KEYID";
  static constexpr const char* kSecret = "secret-canary/0123456789abcdefghijklmnop";
  static constexpr const char* kZoneId = "Z0123456789EXAMPLE";      // example.test
  static constexpr const char* kOtherZoneId = "Z0123456789OTHER";   // other.test: the policy does not allow it
  static constexpr const char* kPrivateZoneId = "Z0123456789PRIV";  // private.test, and a twin of example.test
  static constexpr const char* kTwinId = "Z0123456789TWIN";         // twice.test, which is there twice

  struct Set {
    std::int64_t ttl = 300;
    std::vector<std::string> values{};  // as Route 53 keeps them
    std::string set_identifier{};
  };

  std::vector<std::string> Values(const std::string& fqdn) const;  // TXT of example.test, sorted, unquoted
  Set Find(const std::string& fqdn) const;                         // TXT of example.test; empty when it is not there
  void Add(const std::string& fqdn, const std::string& type, Set set);
  // Somebody else's value comes in before the next change: after it was read what is there.
  void AddBeforeNextChange(const std::string& fqdn, const std::string& value);
  void DenyGetChange();
  // How often a change is still pending when it is asked for.
  void SetPendingPolls(int polls);
  std::size_t CountListed() const;  // pages of record sets that were asked for

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  using Key = std::pair<std::string, std::string>;  // the name as Route 53 sorts it, and the type
  using Sets = std::map<Key, Set>;

  static Key KeyOf(const std::string& fqdn, const std::string& type);
  base::http::Response FindZones(const ApiRequest& request) const;
  base::http::Response List(const ApiRequest& request);
  base::http::Response Change(const ApiRequest& request);
  base::http::Response GetChange(const std::string& id);
  // What is wrong with the change; nothing is changed in `sets` then.
  static std::string Apply(const engine::vendors::aws::XmlElement& change, Sets& sets, std::vector<Key>& deleted);

  // Of example.test.
  Sets sets_{{KeyOf("example.test.", "NS"), {.ttl = 172800, .values = {"ns-1.awsdns-1.test."}}},
             {KeyOf("example.test.", "SOA"),
              {.ttl = 900, .values = {"ns-1.awsdns-1.test. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}}}};
  std::vector<std::pair<std::string, std::string>> before_next_change_;
  std::map<std::string, int> polls_left_;
  int pending_polls_ = 1;
  bool denies_get_change_ = false;
  std::size_t listed_ = 0;
};

}  // namespace tests

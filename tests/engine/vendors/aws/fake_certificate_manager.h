// SPDX-License-Identifier: MPL-2.0
// AWS Certificate Manager as far as imports meet it, as strict as the real one: signatures, a key that fits, a chain that holds
// the issuer, no tags and no other kind of key on an import into an ARN, no removal of what is in use, lists by key type;
// and what the tagging API finds of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeAcm : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://acm.test";
  static constexpr const char* kRegion = "eu-west-1";
  static constexpr const char* kKeyId = "AKIAFAKEACMACCESSKEY";
  static constexpr const char* kSecret = "secret-canary/0123456789abcdefghijklmnop";

  struct Item {
    std::string leaf_pem;
    std::string chain_pem;
    std::string key_type;
    std::uint32_t key_usage = 0;  // of OpenSSL; all bits where the certificate does not restrict it
    double imported_at = 0;
    std::map<std::string, std::string> tags{};
    std::vector<std::string> in_use_by{};
  };

  // What others do, and a look at what is there.
  std::string Add(Item item);
  Item Get(const std::string& arn) const;
  void Overwrite(const std::string& arn, const std::string& leaf_pem, const std::string& chain_pem);
  void SetTags(const std::string& arn, std::map<std::string, std::string> tags);
  void SetUsers(const std::string& arn, std::vector<std::string> users);
  void Erase(const std::string& arn);
  std::string Snapshot() const;
  // The next request for that action is denied.
  void DenyNext(const std::string& action);
  // The next import into that ARN is refused, as one that lacks key usages of the certificate that is there.
  void RefuseNextImportInto(const std::string& arn);
  // From now on the tagging API knows of nothing, as it does for some seconds of what is new.
  void LetTaggingLag();
  std::size_t CountActions(const std::string& action) const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

  std::map<std::string, Item> items_;
  std::map<std::string, std::size_t> actions_;
  std::string denied_;

 private:
  base::http::Response Import(const base::Json& body);
  base::http::Response Act(const std::string& action, const base::Json& body, const std::string& arn);
  base::http::Response List(const base::Json& body) const;
  base::http::Response FindTagged(const base::Json& body) const;

  std::string refused_;  // an ARN
  int imports_ = 0;
  bool lags_ = false;
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// AWS Secrets Manager as far as syncs meet it, as strict as the real one: signatures, names that stay taken while a secret is in
// deletion, versions that are written once, recovery windows.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/support/fake_api.h"

namespace tests {

class FakeSecretsManager final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://secrets.test";
  static constexpr const char* kRegion = "eu-west-1";
  static constexpr const char* kKeyId = "AKIAFAKESECRETSMANAG";
  static constexpr const char* kSecret = "secret-canary/0123456789abcdefghijklmnop";

  struct Item {
    std::string name;
    std::string text;     // of the current version
    std::string version;  // its id
    std::string kms_key_id{};
    std::map<std::string, std::string> tags{};
    int days_to_live = 0;  // 0: not in deletion
    std::map<std::string, std::string> versions{};
  };

  // What others do, and a look at what is there.
  std::string Add(const Item& item);
  Item Get(const std::string& arn) const;
  void Overwrite(const std::string& arn, const std::string& text);
  void SetTags(const std::string& arn, std::map<std::string, std::string> tags);
  void Erase(const std::string& arn);
  std::string Snapshot() const;  // without what is in deletion
  // The next request for one of these actions is denied; with none, all are allowed again.
  void DenyNext(std::set<std::string> actions);
  // From now on the list shows what it shows now, as the real one does for minutes.
  void LetListLag();
  std::size_t CountActions(const std::string& action) const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Create(const base::Json& body);
  base::http::Response Act(const std::string& action, const base::Json& body);
  base::http::Response Update(Item& item, const base::Json& body);
  base::http::Response List(const base::Json& body) const;
  std::string Find(const std::string& id) const;

  std::map<std::string, Item> items_;  // by ARN
  std::map<std::string, Item> listed_;
  bool list_lags_ = false;
  std::map<std::string, std::size_t> actions_;
  std::set<std::string> denied_;
  int made_ = 0;
};

}  // namespace tests

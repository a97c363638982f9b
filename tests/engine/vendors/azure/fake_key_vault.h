// SPDX-License-Identifier: MPL-2.0
// Azure Key Vault's certificates, with the token endpoint that its clients ask, as strict as the real ones: tokens for the vault
// alone, files whose key fits, a type that is the file's, names that stay taken by what is deleted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeKeyVault final : public FakeApi {
 public:
  static constexpr const char* kLogin = "https://login.microsoftonline.com";
  static constexpr const char* kUrl = "https://unit.vault.azure.net";
  static constexpr const char* kTenant = "11111111-1111-1111-1111-111111111111";
  static constexpr const char* kClient = "22222222-2222-2222-2222-222222222222";
  static constexpr const char* kSecret = "vault~secret-canary";
  static constexpr const char* kToken = "vault.token-canary";  // what a client with other credentials may show

  struct Version {
    std::string id;
    std::string der;       // of the leaf
    std::string secret{};  // what the vault hands out as the certificate's secret
    std::string type{};
    std::map<std::string, std::string> tags{};
    bool is_enabled = true;
  };

  // What others do, and a look at what is there.
  void Add(const std::string& name, const Version& version);
  std::vector<Version> Versions(const std::string& name) const;  // oldest first; empty when there is none of that name
  void SetTags(const std::string& name, std::map<std::string, std::string> tags);
  void Disable(const std::string& name);
  void Purge(const std::string& name);
  bool IsDeleted(const std::string& name) const;
  std::string Snapshot() const;  // without what is deleted
  // Imports are refused from now on, until Mend.
  void DenyImports();
  void Mend();
  // A deleted certificate comes back only after that many more requests.
  void SlowRecovery(int requests);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return !request.url.ends_with("/token"); }

 private:
  struct Item {
    std::vector<Version> versions{};
    bool is_deleted = false;
  };

  static base::http::Response Token(const ApiRequest& request);
  base::http::Response Vault(const ApiRequest& request);
  base::http::Response Deleted(const ApiRequest& request, const std::vector<std::string>& path);
  base::http::Response Import(const std::string& name, const base::Json& body);
  base::http::Response Update(Item& item, const std::string& name, const std::string& id, const base::Json& body);
  base::http::Response List(const ApiRequest& request) const;
  void EndRecoveries();

  std::map<std::string, Item> items_;
  std::map<std::string, int> recovering_;  // by name: requests until it is back
  int recovery_requests_ = 0;
  int made_ = 0;
  bool denies_imports_ = false;
};

}  // namespace tests

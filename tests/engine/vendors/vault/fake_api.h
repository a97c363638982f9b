// SPDX-License-Identifier: MPL-2.0
// A Vault server as far as this program meets it: logins, and a key/value engine of version 2 at "secret". Its answers are those
// of OpenBao 2.7.2; tests/e2e/test_vault.py runs against the real one.
#pragma once

#include <map>
#include <string>

#include "tests/support/fake_api.h"

namespace tests {

class FakeVault final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://vault.test:8200";
  static constexpr const char* kToken = "s.token-canary-0123456789";
  static constexpr const char* kNamespace = "team";

  struct Item {
    std::int64_t version = 0;
    bool deleted = false;
    base::Json data{};
    base::Json marks{};                           // custom_metadata; null: none
    std::map<std::int64_t, base::Json> former{};  // versions with their content; null: destroyed
  };

  // What others do, and a look at what is there. `path` is below the mount.
  void Place(const std::string& path, const Item& item);
  void Erase(const std::string& path);
  Item Get(const std::string& path) const;  // version 0: there is none
  std::string Snapshot() const;
  // Somebody writes the next version right after the next write.
  void AddVersionAfterNextWrite(const base::Json& data);
  // From now on this token alone is valid.
  void AcceptToken(const std::string& token);
  // A login at auth/<mount>/login gives a token for exactly this body.
  void AcceptLogin(const std::string& mount, const base::Json& body);

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return request.method != "GET"; }

 private:
  static base::http::Response Mount(const std::string& mount);
  base::http::Response Data(const ApiRequest& request, const std::string& path);
  base::http::Response Write(const ApiRequest& request, const std::string& path);
  base::http::Response Destroy(const ApiRequest& request, const std::string& path);
  base::http::Response Metadata(const ApiRequest& request, const std::string& path);

  std::string token_ = kToken;
  base::Json next_{};  // of AddVersionAfterNextWrite; null: nobody writes
  std::map<std::string, Item> items_;
  std::map<std::string, base::Json> logins_;
};

}  // namespace tests

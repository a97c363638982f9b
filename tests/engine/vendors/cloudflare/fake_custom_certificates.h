// SPDX-License-Identifier: MPL-2.0
// Custom certificates of one zone at Cloudflare: a quota, certificates that are checked against their keys, no certificate ever
// given back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

class FakeCloudflareCertificates final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://cloudflare.test/client/v4";
  static constexpr const char* kToken = "token-canary-0123456789abcdefghijklmnopq";
  static constexpr const char* kZoneId = "0123456789abcdef0123456789abcdef";

  struct Item {
    std::string chain_pem;
    std::string bundle_method = "ubiquitous";
    std::string uploaded_on{};
  };

  // How many the zone has room for.
  void SetQuota(std::size_t quota);
  // Whether an upload over a certificate gets an id of its own, as those of the type sni_custom do.
  void GiveNewIds();
  // Somebody else's.
  std::string Add(const std::string& chain_pem);
  void Overwrite(const std::string& id, const std::string& chain_pem, const std::string& bundle_method);
  void ChangeBundleMethod(const std::string& id, const std::string& bundle_method);
  void Erase(const std::string& id);
  Item Get(const std::string& id) const;
  std::size_t size() const;
  std::string Snapshot() const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return request.method != "GET"; }

 private:
  base::http::Response List(const ApiRequest& request) const;
  base::http::Response Upload(const ApiRequest& request, const std::string& former);
  base::Json ToJson(const std::string& id) const;
  std::string NextId();
  std::string NextTime();

  std::map<std::string, Item> items_;
  std::size_t quota_ = 5;
  bool gives_new_ids_ = false;
  int next_ = 1;
};

}  // namespace tests

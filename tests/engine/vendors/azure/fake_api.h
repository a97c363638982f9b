// SPDX-License-Identifier: MPL-2.0
// Azure as far as DNS-01 meets it: Microsoft Entra ID's token endpoint, the identity endpoints of machines, and Azure DNS with
// ETags. It refuses what they refuse, and also a PUT or DELETE that names no condition.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/secret.h"
#include "tests/support/fake_api.h"

namespace tests {

class FakeAzure final : public FakeApi {
 public:
  static constexpr const char* kLogin = "https://login.microsoftonline.com";
  static constexpr const char* kUrl = "https://management.azure.com";
  static constexpr const char* kTenant = "11111111-1111-1111-1111-111111111111";
  static constexpr const char* kClient = "22222222-2222-2222-2222-222222222222";
  static constexpr const char* kSubscription = "33333333-3333-3333-3333-333333333333";
  static constexpr const char* kSecret = "azure~secret-canary";
  static constexpr const char* kForeignToken = "azure.foreign-token.canary";
  // example.test.
  static constexpr const char* kZoneId =
      "/subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/dns/providers/Microsoft.Network/dnsZones/example.test";

  // The certificate that Entra knows, and its key; and the key of another one with the same certificate.
  static std::string CertificatePem();
  static std::string StrangersPem();

  std::vector<std::string> Values(const std::string& fqdn) const;  // sorted
  void Add(const std::string& fqdn, const std::string& value);
  base::Json Properties(const std::string& fqdn) const;
  // Somebody else adds this value right before the next change is looked at.
  void OvertakeNext(const std::string& fqdn, const std::string& value);
  // The application has a role on the zone example.test alone.
  void AllowOneZoneOnly();
  // From now on Entra refuses the secret.
  void ExpireSecret();
  // From now on no token that was given out before is good.
  void RevokeTokens();
  std::size_t CountTokens() const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;
  bool MayFail(const base::http::Request& request) const override { return request.url.starts_with(kUrl); }

 private:
  struct Set {
    base::Json properties;
    int version = 0;
  };

  static std::string EtagOf(const Set& set);
  static base::http::Response Discovery(const std::string& tenant);
  base::http::Response Token(const ApiRequest& request);
  base::http::Response MachineToken(const ApiRequest& request);
  base::http::Response Manage(const ApiRequest& request);
  base::http::Response ListZones(const ApiRequest& request) const;
  base::http::Response RecordSet(const ApiRequest& request, const std::string& relative);
  base::http::Response Put(const ApiRequest& request, const std::string& relative);
  void Write(const std::string& relative, base::Json properties);
  void AddValue(const std::string& fqdn, const std::string& value);
  std::string NewToken();

  std::set<std::string> tokens_;
  std::set<std::string> valid_;
  bool has_revoked_ = false;
  std::map<std::string, Set> sets_;  // by relative name
  int next_version_ = 1;
  std::string overtaken_name_;
  std::string overtaking_value_;
  bool allows_one_zone_only_ = false;
  bool has_expired_secret_ = false;
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// Signatures of edgegrid-python 2.0.9, Akamai's own, for the same requests.
#include "engine/vendors/akamai/edgegrid.h"

#include <gtest/gtest.h>

namespace tests::akamai_edgegrid {
namespace {

std::string Signature(const base::http::Request& request) {
  const engine::vendors::akamai::EdgeGridClient client{.client_token = base::Secret("akab-client-token"),
                                                       .access_token = base::Secret("akab-access-token"),
                                                       .client_secret = base::Secret("client-secret=")};
  const std::string header = engine::vendors::akamai::SignRequest(request, client, "20140321T19:34:21+0000", "nonce-1");
  EXPECT_TRUE(
      header.starts_with("EG1-HMAC-SHA256 client_token=akab-client-token;access_token=akab-access-token;timestamp="
                         "20140321T19:34:21+0000;nonce=nonce-1;signature="))
      << header;
  return header.substr(header.rfind("signature=") + 10);
}

TEST(SignRequest, IsAsAkamaisOwnLibraryDoesIt) {
  EXPECT_EQ(Signature({.method = "GET", .url = "https://akab-host.luna.akamaiapis.net/config-dns/v2/zones?pageSize=1"}),
            "JuH86CQiznwt/cUT6ScvR8ZCcnx89eRwmPINPMUud9A=");
}

TEST(SignRequest, SignsTheBodyOfAPost) {
  EXPECT_EQ(
      Signature({.method = "POST",
                 .url = "https://akab-host.luna.akamaiapis.net/config-dns/v2/zones/example.com/names/a.example.com/types/TXT",
                 .body = R"({"ttl":60})"}),
      "ukVdkUU+YaEd1vy2KjD7VCMJrE/gnqb7zQHM1gmlKHA=");
}

TEST(SignRequest, SignsThePortButNotTheBodyOfAPut) {
  EXPECT_EQ(Signature({.method = "PUT", .url = "https://akab-host.luna.akamaiapis.net:8443/x", .body = R"({"ttl":60})"}),
            "iwgiYfABoVDHayeZkZdCbY183pji9dNgMqaL61aNFLA=");
}

}  // namespace
}  // namespace tests::akamai_edgegrid

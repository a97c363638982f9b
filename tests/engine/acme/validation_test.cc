// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/validation.h"

#include <gtest/gtest.h>

namespace engine::acme {
namespace {

TEST(ChallengeName, OfDns01IsTheSameForNameAndWildcard) {
  EXPECT_EQ(ChallengeName("example.test"), "_acme-challenge.example.test.");
  EXPECT_EQ(ChallengeName("*.example.test"), "_acme-challenge.example.test.");
}

// The example of draft-ietf-acme-dns-account-label.
TEST(ChallengeName, OfDnsAccount01HasTheAccountsLabel) {
  EXPECT_EQ(ChallengeName("*.example.org", ValidationMethod::kDnsAccount01, "https://example.com/acme/acct/ExampleAccount"),
            "_ujmmovf2vn55tgye._acme-challenge.example.org.");
}

TEST(ChallengeName, OfDnsPersist01HasItsOwnLabel) {
  EXPECT_EQ(ChallengeName("*.example.test", ValidationMethod::kDnsPersist01, "a"), "_validation-persist.example.test.");
}

TEST(ParseValidationMethod, KnowsEachByItsName) {
  for (const auto method : {ValidationMethod::kDns01, ValidationMethod::kDnsAccount01, ValidationMethod::kDnsPersist01}) {
    EXPECT_EQ(ParseValidationMethod(NameOf(method)), method);
  }
  EXPECT_FALSE(ParseValidationMethod("http-01"));
}

}  // namespace
}  // namespace engine::acme

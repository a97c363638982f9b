// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/issuance_entry.h"

#include <gtest/gtest.h>

#include "base/crypto/certificate.h"
#include "tests/support/fake_clock.h"
#include "tests/support/test_ca.h"

namespace resources::certificate {
namespace {

using namespace std::chrono_literals;

const base::TimePoint kNow = tests::FakeClock().Now();

IssuanceEntry Entry() {
  IssuanceEntry entry{.configuration = "the configuration",
                      .began = kNow - 1h,
                      .external_ca = "cw1:ca:key:body",
                      .account_url = "https://ca.test/account/1",
                      .dns_names = {"a.test", "b.test"}};
  entry.private_key_pem = base::Secret("the key");
  entry.order_url = "https://ca.test/order/1";
  return entry;
}

std::string Chain(base::TimePoint not_after) {
  return tests::TestCa().Make({"a.test"}, {not_after - 24h, not_after}).certificate_pem;
}

engine::dns::LeftoverRecord Record() {
  return {.key = {.connection = "dns", .zone = "test.", .fqdn = "_acme-challenge.a.test.", .value = "v"}, .zone_id = "Z1"};
}

TEST(IssuanceEntry, RoundTrips) {
  IssuanceEntry entry = Entry();
  entry.full_chain_pem = "chain";
  entry.certificate_url = "https://ca.test/cert/1";
  entry.records = {Record()};

  const auto read = ParseIssuanceEntry(ToText(entry));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->configuration, entry.configuration);
  EXPECT_EQ(read->began, entry.began);
  EXPECT_EQ(read->dns_names, entry.dns_names);
  EXPECT_EQ(read->private_key_pem, entry.private_key_pem);
  EXPECT_EQ(read->order_url, entry.order_url);
  EXPECT_EQ(read->records, entry.records);
  EXPECT_EQ(ToText(*read), ToText(entry));
}

TEST(IssuanceEntry, TextOfAnotherVersionIsNone) {
  for (const char* text : {"", "{}", "[]", "no JSON", R"({"configuration":1})"}) {
    EXPECT_FALSE(ParseIssuanceEntry(base::Secret(text))) << text;
  }
}

// Found by fuzzing: the time did not fit its type.
TEST(IssuanceEntry, ATimeOutsideOfReasonIsNone) {
  const IssuanceEntry entry{.configuration = "c", .external_ca = "h", .account_url = "u", .dns_names = {}};
  const std::string text(ToText(entry).Reveal());
  for (const char* began : {"-1", "9000000001", "9223372036854775807", "4611686017387908888888", "0.5"}) {
    std::string altered = text;
    altered.replace(altered.find("\"began\":0") + 8, 1, began);
    EXPECT_FALSE(ParseIssuanceEntry(base::Secret(altered))) << altered;
  }
  EXPECT_TRUE(ParseIssuanceEntry(base::Secret(text)));
}

TEST(ConfigurationDigest, TellsEachPartFromItsNeighbours) {
  EXPECT_EQ(ConfigurationDigest({"a", "b"}), ConfigurationDigest({"a", "b"}));
  EXPECT_NE(ConfigurationDigest({"a", "b"}), ConfigurationDigest({"ab", ""}));
  EXPECT_NE(ConfigurationDigest({"a", "b"}), ConfigurationDigest({"ab"}));
  EXPECT_EQ(ConfigurationDigest({}).size(), 64U);
}

TEST(DecideUse, GoesByConfigurationCertificateAndAge) {
  struct Case {
    const char* label;
    const char* configuration;
    std::chrono::hours age;
    std::string chain;
    LeftUse expected;
  };
  const Case cases[] = {
      {"an order under way", "the configuration", 1h, "", LeftUse::kResume},
      {"almost a week old", "the configuration", 167h, "", LeftUse::kResume},
      {"a week old", "the configuration", 168h, "", LeftUse::kGiveUp},
      {"another configuration", "another", 1h, "", LeftUse::kGiveUp},
      {"a certificate", "the configuration", 1h, Chain(kNow + 1h), LeftUse::kDeliver},
      {"a certificate of a week ago", "the configuration", 168h, Chain(kNow + 1h), LeftUse::kGiveUp},
      {"an expired certificate", "the configuration", 1h, Chain(kNow - 1h), LeftUse::kGiveUp},
      {"a certificate for another configuration", "another", 1h, Chain(kNow + 1h), LeftUse::kGiveUp},
      {"a certificate that is none", "the configuration", 1h, "garbage", LeftUse::kGiveUp},
  };
  for (const Case& one : cases) {
    IssuanceEntry entry = Entry();
    entry.began = kNow - one.age;
    entry.full_chain_pem = one.chain;

    EXPECT_EQ(DecideUse(entry, one.configuration, kNow), one.expected) << one.label;
  }
}

TEST(IsSuperfluous, WhenTheSavedCertificateIsTheSameOrLater) {
  const std::string pem = Chain(kNow + 24h);  // valid from kNow on
  const std::string fingerprint = base::crypto::ParseChain(pem)->front().fingerprint_sha256;
  struct Case {
    const char* label;
    std::string chain;
    SavedCertificate saved;
    bool expected;
  };
  const Case cases[] = {
      {"the same", pem, {fingerprint, kNow}, true},
      {"the one before", pem, {"other", kNow - 1h}, false},
      {"a later one", pem, {"other", kNow + 1h}, true},
      {"no certificate yet, to renew the saved one", "", {"other", kNow - 2h}, false},
      {"no certificate, and the saved one came later", "", {"other", kNow}, true},
  };
  for (const Case& one : cases) {
    IssuanceEntry left = Entry();
    left.full_chain_pem = one.chain;

    EXPECT_EQ(IsSuperfluous(left, one.saved), one.expected) << one.label;
  }
}

TEST(DecideCare, GoesByAgeNamesAndRecords) {
  struct Case {
    const char* label;
    bool is_new;
    std::function<void(IssuanceEntry& left)> change;
    LeftCare expected;
  };
  const auto other_names = [](IssuanceEntry& left) { left.dns_names = {"c.test"}; };
  const Case cases[] = {
      {"of other names", true, other_names, LeftCare::kNothing},
      {"shares a name", true,
       [](IssuanceEntry& left) {
         left.dns_names = {"b.test", "c.test"};
       },
       LeftCare::kSupersede},
      {"shares a name, to renew", false, [](IssuanceEntry&) {}, LeftCare::kNothing},
      {"a twin", true, [](IssuanceEntry& left) { left.configuration = "mine"; }, LeftCare::kNothing},
      {"of another account", true, [](IssuanceEntry& left) { left.account_url = "https://ca.test/account/2"; },
       LeftCare::kNothing},
      {"issued", true, [](IssuanceEntry& left) { left.full_chain_pem = "chain"; }, LeftCare::kNothing},
      {"records", true,
       [&](IssuanceEntry& left) {
         other_names(left);
         left.records = {Record()};
       },
       LeftCare::kRemoveRecords},
      {"old", false, [](IssuanceEntry& left) { left.began = kNow - 168h; }, LeftCare::kGiveUp},
  };
  IssuanceEntry mine = Entry();
  mine.configuration = "mine";
  for (const Case& one : cases) {
    IssuanceEntry left = Entry();
    one.change(left);

    EXPECT_EQ(DecideCare(left, one.is_new, mine, kNow), one.expected) << one.label;
  }
}

}  // namespace
}  // namespace resources::certificate

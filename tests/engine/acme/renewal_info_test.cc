// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/renewal_info.h"

#include "base/parallel.h"
#include "base/time_format.h"
#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

using namespace std::chrono_literals;
using tests::AcmeFault;

// The example of RFC 9773 section 4.1, whose serial number begins with a zero octet.
TEST(RenewalId, IsTheOneOfTheStandard) {
  base::crypto::Certificate leaf;
  leaf.authority_key_id = "\x69\x88\x5B\x6B\x87\x46\x40\x41\xE1\xB3\x7B\x84\x7B\xA0\xAE\x2C\xDE\x01\xC8\xD4";
  leaf.serial_number = "0087654321";

  EXPECT_EQ(RenewalId(leaf), "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
}

TEST(RenewalId, IsEmptyWithoutAuthorityKeyIdentifier) {
  base::crypto::Certificate leaf;
  leaf.serial_number = "01";

  EXPECT_FALSE(RenewalId(leaf));
}

// The example of section 4.2.
TEST(ParseRenewalInfo, ReadsTheExampleOfTheStandard) {
  const auto info = ParseRenewalInfo(R"({"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-03T04:00:00Z"},
    "explanationURL":"https://acme.example.com/docs/ari"})");

  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(base::FormatRfc3339(info->window_start), "2025-01-02T04:00:00Z");
  EXPECT_EQ(base::FormatRfc3339(info->window_end), "2025-01-03T04:00:00Z");
  EXPECT_EQ(info->explanation_url, "https://acme.example.com/docs/ari");
}

TEST(ParseRenewalInfo, RefusesWhatHasNoWindow) {
  for (const char* text : {"", "[]", "{}", R"({"suggestedWindow":7})", R"({"suggestedWindow":{"start":"2025-01-02T04:00:00Z"}})",
                           R"({"suggestedWindow":{"start":"2025-01-02T04:00:00Z","end":"2025-01-02T04:00:00Z"}})",
                           R"({"suggestedWindow":{"start":"2025-01-03T04:00:00Z","end":"2025-01-02T04:00:00Z"}})",
                           R"({"suggestedWindow":{"start":"soon","end":"later"}})"}) {
    const auto info = ParseRenewalInfo(text);
    ASSERT_FALSE(info) << text;
    EXPECT_EQ(info.error().kind, base::ErrorKind::kProtocol) << text;
  }
}

class RenewalInfoTest : public AcmeTest {
 protected:
  RenewalInfoTest() {
    server->behaviour.renewal_start = "2026-03-01T00:00:00Z";
    server->behaviour.renewal_end = "2026-03-03T00:00:00Z";
  }
  base::Result<std::optional<RenewalInfo>> Ask(const std::string& id = "aYhb.AIdl") {
    return FetchRenewalInfo(Call(), client(), id);
  }
};

TEST_F(RenewalInfoTest, IsOneUnsignedRequest) {
  const auto info = Ask();

  ASSERT_TRUE(info && *info);
  EXPECT_EQ((*info)->check_after, clock.Now() + 6h);
  EXPECT_EQ(server->count(Kind::kRenewalInfo), 1);
  EXPECT_EQ(server->total(), 2);  // with the directory; no nonce
}

TEST_F(RenewalInfoTest, AsksNothingOfACaWithoutIt) {
  server->behaviour.renewal_start.clear();

  const auto info = Ask();

  ASSERT_TRUE(info) << info.error().message;
  EXPECT_FALSE(*info);
  EXPECT_EQ(server->total(), 1);
}

TEST_F(RenewalInfoTest, HoldsRetryAfterBetweenAMinuteAndADay) {
  const std::pair<const char*, std::chrono::seconds> cases[] = {
      {"0", 1min}, {"3600", 1h}, {"8640000", 24h}, {"", 6h}, {"Thu, 01 Jan 1970 00:00:00 GMT", 1min}};
  for (const auto& [header, expected] : cases) {
    server->behaviour.renewal_retry_after = header;

    const auto info = Ask();

    ASSERT_TRUE(info && *info) << header;
    EXPECT_EQ((*info)->check_after, clock.Now() + expected) << header;
  }
}

TEST_F(RenewalInfoTest, AFailureOfTheCaIsSharedByAThousandCertificates) {
  ASSERT_TRUE(Ask());
  server->Inject({.at = Kind::kRenewalInfo, .what = What::kReset, .times = 1000});

  int failures = 0;
  for (int i = 0; i < 1000; ++i) failures += Ask() ? 0 : 1;

  EXPECT_EQ(failures, 1000);
  EXPECT_EQ(server->count(Kind::kRenewalInfo), 2);
  EXPECT_EQ(clock.pauses().size(), 0U);
  EXPECT_NE(log->text().find("renewals go by the lifetime"), std::string::npos);
}

TEST_F(RenewalInfoTest, ACaThatIsBackIsAskedAgain) {
  server->Inject({.at = Kind::kRenewalInfo, .what = What::kReset});
  ASSERT_FALSE(Ask());

  clock.Advance(6min);

  EXPECT_TRUE(Ask());
}

TEST_F(RenewalInfoTest, ALimitLastsAsLongAsItSays) {
  auto limited = tests::ProblemReply(429, "rateLimited", "too many");
  limited.headers.push_back({"Retry-After", "3600"});
  server->Inject({.at = Kind::kRenewalInfo, .what = What::kReply, .reply = limited});
  const auto first = Ask();
  clock.Advance(30min);

  const auto second = Ask();

  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, base::ErrorKind::kRateLimited);
  EXPECT_FALSE(second);
  EXPECT_EQ(server->count(Kind::kRenewalInfo), 1);
}

TEST_F(RenewalInfoTest, ARefusalConcernsOneCertificate) {
  server->Inject(
      {.at = Kind::kRenewalInfo, .what = What::kReply, .reply = tests::ProblemReply(404, "malformed", "unknown serial")});

  const auto unknown = Ask("AAAA.AAAA");
  const auto known = Ask();

  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "the CA refused: unknown serial (malformed)");
  EXPECT_TRUE(known);
}

TEST_F(RenewalInfoTest, APageInsteadOfAnAnswerIsAnError) {
  server->Inject({.at = Kind::kRenewalInfo, .what = What::kReply, .reply = {200, {}, "<html>"}});

  const auto info = Ask();

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, base::ErrorKind::kProtocol);
}

}  // namespace
}  // namespace engine::acme

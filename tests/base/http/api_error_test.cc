// SPDX-License-Identifier: MPL-2.0
#include "base/http/api_error.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using base::Error;
using base::ErrorKind;
using base::http::MakeApiError;

const base::TimePoint kNow{std::chrono::seconds(1'767'323'045)};

TEST(MakeApiError, TheKindIsTheStatuss) {
  const std::pair<int, ErrorKind> pairs[]{
      {400, ErrorKind::kInvalid},     {401, ErrorKind::kDenied},      {403, ErrorKind::kDenied},   {404, ErrorKind::kNotFound},
      {409, ErrorKind::kConflict},    {412, ErrorKind::kConflict},    {422, ErrorKind::kInvalid},  {429, ErrorKind::kRateLimited},
      {500, ErrorKind::kUnavailable}, {503, ErrorKind::kUnavailable}, {302, ErrorKind::kProtocol}, {700, ErrorKind::kProtocol}};
  for (const auto& [status, kind] : pairs) {
    EXPECT_EQ(MakeApiError("Vendor", {.status = status, .headers = {}, .body = {}}, {}, kNow).kind, kind) << status;
  }
}

TEST(MakeApiError, SaysTheVendorsWordsAndNeverTheBody) {
  const Error error = MakeApiError("Vendor", {.status = 400, .headers = {}, .body = "canary"}, {"81058", "it\nexists"}, kNow);

  EXPECT_EQ(error.message.find("Vendor answered 400: it"), 0u) << error.message;
  EXPECT_NE(error.message.find("exists (81058)"), std::string::npos) << error.message;
  EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  EXPECT_EQ(error.message.find("canary"), std::string::npos) << error.message;
  EXPECT_EQ(error.code, "81058");
}

TEST(MakeApiError, KeepsWhenToComeBack) {
  const Error error = MakeApiError("Vendor", {.status = 429, .headers = {{"Retry-After", "30"}}, .body = {}}, {}, kNow);

  EXPECT_EQ(error.retry_after, kNow + std::chrono::seconds(30));
}

TEST(MayHaveActed, IsTrueOfLostAnswersOnly) {
  EXPECT_TRUE(base::http::MayHaveActed(Error{ErrorKind::kUnavailable, ""}));
  EXPECT_TRUE(base::http::MayHaveActed(Error{ErrorKind::kCancelled, ""}));
  EXPECT_FALSE(base::http::MayHaveActed({.kind = ErrorKind::kUnavailable, .message = {}, .delivery = base::Delivery::kNotSent}));
  EXPECT_FALSE(base::http::MayHaveActed(Error{ErrorKind::kDenied, ""}));
  EXPECT_FALSE(base::http::MayHaveActed(Error{ErrorKind::kRateLimited, ""}));
}

TEST(ParseApiUrl, DropsFinalSlashesAndRefusesQueries) {
  EXPECT_EQ(*base::http::ParseApiUrl("https://api.test/v2//"), "https://api.test/v2");
  EXPECT_FALSE(base::http::ParseApiUrl("https://api.test/?a=b"));
  EXPECT_FALSE(base::http::ParseApiUrl("api.test"));
}

TEST(ParseHeaderSecret, TrimsAndRefusesWhatNoHeaderCarries) {
  EXPECT_EQ(*base::http::ParseHeaderSecret(" abc\r\n"), "abc");
  for (const char* bad : {"", "  ", "a b", "a\r\nx: y", "\xc3\xa4"}) {
    const auto parsed = base::http::ParseHeaderSecret(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalid);
  }
}

}  // namespace
}  // namespace tests

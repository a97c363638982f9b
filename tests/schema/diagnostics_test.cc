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

}  // namespace
}  // namespace schema

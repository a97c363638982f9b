// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/root_ca.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/handler_transport.h"
#include "tests/support/test_certificate.h"

namespace engine::sync {
namespace {

using base::ErrorKind;
using base::http::Request;
using base::http::Response;
using testing::HasSubstr;
using tests::MakeTestCertificate;
using tests::TestCertificate;

// A root, an intermediate certificate below it, and a leaf; the intermediate says where its issuer is.
class FindMissingIssuersTest : public testing::Test {
 protected:
  base::Result<std::vector<base::crypto::Certificate>> Find(const std::string& chain_pem, const std::string& bundle_pem) {
    tests::HandlerTransport http([this](const base::Call&, const Request& request) {
      asked_.push_back(request.url);
      return served_;
    });
    return FindMissingIssuers(clock_.Call(), http, *base::crypto::ParseChain(chain_pem), bundle_pem);
  }

  static std::string DerOf(const TestCertificate& certificate) { return base::crypto::ParseChain(certificate.pem)->front().der; }

  tests::FakeClock clock_;
  const TestCertificate root_ = MakeTestCertificate({.common_name = "Root", .is_ca = true});
  const TestCertificate middle_ =
      MakeTestCertificate({.common_name = "Middle", .is_ca = true, .issuer_url = "http://ca.test/root.der", .issuer = &root_});
  const TestCertificate leaf_ = MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test"}, .issuer = &middle_});
  base::Result<Response> served_ = Response{.status = 404};
  std::vector<std::string> asked_;
};

TEST_F(FindMissingIssuersTest, TakesTheRootThatTheMachineTrusts) {
  const TestCertificate namesake = MakeTestCertificate({.common_name = "Root", .is_ca = true});
  const auto found = Find(leaf_.pem + middle_.pem, namesake.pem + root_.pem);

  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().pem, root_.pem);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(FindMissingIssuersTest, FindsNothingMissingAboveARoot) {
  const auto found = Find(leaf_.pem + middle_.pem + root_.pem, "");

  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->empty());
}

TEST_F(FindMissingIssuersTest, FetchesWhatTheMachineDoesNotKnow) {
  for (const std::string& body : {DerOf(root_), root_.pem}) {
    served_ = Response{.status = 200, .body = body};
    const auto found = Find(leaf_.pem + middle_.pem, "");

    ASSERT_TRUE(found.ok()) << found.error().message;
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().pem, root_.pem);
  }
  EXPECT_EQ(asked_.front(), "http://ca.test/root.der");
}

TEST_F(FindMissingIssuersTest, RefusesAnIssuerThatDidNotSign) {
  const TestCertificate namesake = MakeTestCertificate({.common_name = "Root", .is_ca = true});
  served_ = Response{.status = 200, .body = DerOf(namesake)};
  const auto found = Find(leaf_.pem + middle_.pem, "");

  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().kind, ErrorKind::kProtocol);
}

TEST_F(FindMissingIssuersTest, TellsWhereItLookedInVain) {
  const auto refused = Find(leaf_.pem + middle_.pem, "");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("404"));

  served_ = Response{.status = 200, .body = "<html>"};
  EXPECT_EQ(Find(leaf_.pem + middle_.pem, "").error().kind, ErrorKind::kInvalid);

  const auto nowhere = Find(leaf_.pem, "");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(nowhere.error().message, HasSubstr("CN=Middle"));
}

}  // namespace
}  // namespace engine::sync

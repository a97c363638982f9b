// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/replacement.h"

#include "tests/engine/acme/acme_fixture.h"

namespace engine::acme {
namespace {

constexpr const char* kReplaced = "aYhb.AIdl";

class ReplacementTest : public AcmeTest {
 protected:
  ReplacementTest() {
    server->behaviour.renewal_start = "2026-03-01T00:00:00Z";
    server->behaviour.renewal_end = "2026-03-03T00:00:00Z";
    account_ = Registered();
  }
  base::Result<Order> Place() {
    return CreateReplacement(Call(), client(), *account_, {.dns_names = {"a.test"}, .replaces = kReplaced});
  }
  bool LastOrderReplaces() const { return server->last_payload(Kind::kNewOrder).contains("replaces"); }

  std::optional<Account> account_;
};

TEST_F(ReplacementTest, TellsTheCaWhatIsReplaced) {
  ASSERT_TRUE(Place());

  EXPECT_EQ(server->last_payload(Kind::kNewOrder)["replaces"], kReplaced);
  EXPECT_EQ(server->count(Kind::kNewOrder), 1);
}

TEST_F(ReplacementTest, IsAPlainOrderAtACaWithoutRenewalInfo) {
  server->behaviour.renewal_start.clear();
  const auto fresh = MakeClient({.directory_url = server->directory_url(), .transport = server, .random = &random});

  ASSERT_TRUE(CreateReplacement(Call(), *fresh, *account_, {.dns_names = {"a.test"}, .replaces = kReplaced}));

  EXPECT_FALSE(LastOrderReplaces());
}

TEST_F(ReplacementTest, GoesOnWithoutWhatWasReplacedAlready) {
  ASSERT_TRUE(Place());

  const auto again = Place();

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(LastOrderReplaces());
  EXPECT_EQ(server->count(Kind::kNewOrder), 3);
}

// cert-manager 9074, 9124: the CA does not know the certificate, or it is another account's.
TEST_F(ReplacementTest, GoesOnWithoutWhatTheCaRefuses) {
  for (const auto& [status, type] : {std::pair(404, "malformed"), std::pair(403, "unauthorized"), std::pair(400, "malformed")}) {
    server->Inject({.at = Kind::kNewOrder, .what = What::kReply, .reply = tests::ProblemReply(status, type, "not yours")});

    const auto placed = Place();

    ASSERT_TRUE(placed) << placed.error().message;
    EXPECT_FALSE(LastOrderReplaces()) << type;
  }
}

// Pebble 2.10, for serial numbers with a leading zero octet.
TEST_F(ReplacementTest, GoesOnWithoutWhatTheCaCannotLookUp) {
  const auto reply = tests::ProblemReply(500, "serverInternal", "could not find an order for the given certificate");
  server->Inject({.at = Kind::kNewOrder, .what = What::kReply, .reply = reply, .times = 1000});
  EXPECT_FALSE(Place()) << "every order is refused";
  EXPECT_FALSE(LastOrderReplaces());
}

TEST_F(ReplacementTest, ARateLimitIsNotTriedAgainWithout) {
  server->Inject(
      {.at = Kind::kNewOrder, .what = What::kReply, .reply = tests::ProblemReply(429, "rateLimited", "too many orders")});

  const auto placed = Place();

  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().kind, base::ErrorKind::kRateLimited);
  EXPECT_EQ(server->count(Kind::kNewOrder), 1);
}

TEST_F(ReplacementTest, ARefusalOfTheNamesIsTheCas) {
  server->behaviour.rejected = {"a.test"};

  const auto placed = Place();

  ASSERT_FALSE(placed);
  EXPECT_NE(placed.error().code.find("rejectedIdentifier"), std::string::npos);
  EXPECT_EQ(placed.error().details, Names{"a.test: forbidden by policy (rejectedIdentifier)"});
}

}  // namespace
}  // namespace engine::acme

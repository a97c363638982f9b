// SPDX-License-Identifier: MPL-2.0
#include "resources/acme_clients.h"

#include <gtest/gtest.h>

#include "tests/support/fake_random.h"

namespace resources {
namespace {

using base::crypto::KeyFromSeed;

base::Secret Pem(char seed) { return KeyFromSeed(base::Secret(std::string(32, seed)))->ToPem(); }

TEST(ReadAccountKey, GivesOneKeyForOneText) {
  tests::FakeRandom random;
  AcmeClients clients(random, base::http::MakeCurlTransport);

  const auto first = clients.ReadAccountKey(Pem('a'));
  const auto again = clients.ReadAccountKey(Pem('a'));
  const auto other = clients.ReadAccountKey(Pem('b'));

  ASSERT_TRUE(first && again && other);
  EXPECT_EQ(&first->impl(), &again->impl());
  EXPECT_NE(first->PublicKeyDer(), other->PublicKeyDer());
}

TEST(ReadAccountKey, RefusesWhatIsNoKey) {
  tests::FakeRandom random;
  AcmeClients clients(random, base::http::MakeCurlTransport);

  const auto key = clients.ReadAccountKey(base::Secret("no key"));

  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, base::ErrorKind::kInvalid);
}

}  // namespace
}  // namespace resources

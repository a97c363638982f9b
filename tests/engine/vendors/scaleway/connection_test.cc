// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/scaleway/fake_api.h"

namespace tests::scaleway_connection {
namespace {

struct Tokens {
  using Fake = FakeScaleway;
  static constexpr const char* kKind = "scaleway";
  static constexpr const char* kVariable = "SCW_SECRET_KEY";
  static constexpr const char* kRefusal = "Scaleway answered 401: authentication is denied (denied_authentication)";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Scaleway, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::scaleway_connection

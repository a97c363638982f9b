// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/linode/fake_api.h"

namespace tests::linode_connection {
namespace {

struct Tokens {
  using Fake = FakeLinode;
  static constexpr const char* kKind = "linode";
  static constexpr const char* kVariable = "LINODE_TOKEN";
  static constexpr const char* kRefusal = "Linode answered 401: Invalid Token";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Linode, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::linode_connection

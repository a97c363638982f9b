// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/bunny/fake_api.h"

namespace tests::bunny_connection {
namespace {

struct Tokens {
  using Fake = FakeBunny;
  static constexpr const char* kKind = "bunny";
  static constexpr const char* kVariable = "BUNNYNET_API_KEY";
  static constexpr const char* kRefusal = "bunny.net answered 401: Authorization has been denied for this request.";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Bunny, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::bunny_connection

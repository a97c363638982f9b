// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/desec/fake_api.h"

namespace tests::desec_connection {
namespace {

struct Tokens {
  using Fake = FakeDesec;
  static constexpr const char* kKind = "desec";
  static constexpr const char* kVariable = "DESEC_API_TOKEN";
  static constexpr const char* kRefusal = "deSEC answered 401: Invalid token.";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Desec, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::desec_connection

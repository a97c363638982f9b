// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/gcore/fake_api.h"

namespace tests::gcore_connection {
namespace {

struct Tokens {
  using Fake = FakeGcore;
  static constexpr const char* kKind = "gcore";
  static constexpr const char* kVariable = "GCORE_API_KEY";
  static constexpr const char* kRefusal = "Gcore answered 401: unauthorized";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Gcore, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::gcore_connection

// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/ionos/fake_api.h"

namespace tests::ionos_connection {
namespace {

struct Tokens {
  using Fake = FakeIonos;
  static constexpr const char* kKind = "ionos";
  static constexpr const char* kVariable = "IONOS_API_KEY";
  static constexpr const char* kRefusal =
      "IONOS answered 401: The customer is not authorized to do this operation. (UNAUTHORIZED)";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ionos, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::ionos_connection

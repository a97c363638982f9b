// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/gandi/fake_api.h"

namespace tests::gandi_connection {
namespace {

struct Tokens {
  using Fake = FakeGandi;
  static constexpr const char* kKind = "gandi";
  static constexpr const char* kVariable = "GANDI_PERSONAL_ACCESS_TOKEN";
  static constexpr const char* kRefusal =
      "Gandi answered 401: The server could not verify that you authorized to access the document you requested. (Unauthorized)";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Gandi, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::gandi_connection

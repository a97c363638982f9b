// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/ns1/fake_api.h"

namespace tests::ns1_connection {
namespace {

struct Tokens {
  using Fake = FakeNs1;
  static constexpr const char* kKind = "ns1";
  static constexpr const char* kVariable = "NS1_APIKEY";
  static constexpr const char* kRefusal = "NS1 answered 401: Unauthorized";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Ns1, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::ns1_connection

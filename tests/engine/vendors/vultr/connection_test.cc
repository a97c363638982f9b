// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/vultr/fake_api.h"

namespace tests::vultr_connection {
namespace {

struct Tokens {
  using Fake = FakeVultr;
  static constexpr const char* kKind = "vultr";
  static constexpr const char* kVariable = "VULTR_API_KEY";
  static constexpr const char* kRefusal = "Vultr answered 401: Invalid API token.";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Vultr, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::vultr_connection

// SPDX-License-Identifier: MPL-2.0
#include "tests/contract/token_connection_contract.h"
#include "tests/engine/vendors/hetzner/fake_api.h"

namespace tests::hetzner_connection {
namespace {

struct Tokens {
  using Fake = FakeHetzner;
  static constexpr const char* kKind = "hetzner";
  static constexpr const char* kVariable = "HCLOUD_TOKEN";
  static constexpr const char* kRefusal = "Hetzner answered 401: unable to authenticate (unauthorized)";
};

INSTANTIATE_TYPED_TEST_SUITE_P(Hetzner, TokenConnectionContract, Tokens);

}  // namespace
}  // namespace tests::hetzner_connection

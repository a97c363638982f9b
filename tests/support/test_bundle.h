// SPDX-License-Identifier: MPL-2.0
// Bundles for tests of destinations: a leaf, its issuer, the key.
#pragma once

#include <string>

#include "engine/sync/bundle.h"
#include "tests/support/test_certificate.h"

namespace tests {

inline const TestCertificate& TestIssuer() {
  static const TestCertificate issuer = MakeTestCertificate({.common_name = "Test Issuer", .is_ca = true});
  return issuer;
}

// A new certificate with a new key at each call, as a renewal has.
inline engine::sync::Bundle MakeTestBundle(std::string certificate_id,
                                           base::TimePoint not_after = TestCertificateSpec{}.not_after) {
  const TestCertificate leaf =
      MakeTestCertificate({.common_name = "a.test", .dns_names = {"a.test"}, .not_after = not_after, .issuer = &TestIssuer()});
  return *engine::sync::MakeBundle(std::move(certificate_id), leaf.pem + TestIssuer().pem, leaf.key.ToPem());
}

}  // namespace tests

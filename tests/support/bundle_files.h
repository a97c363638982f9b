// SPDX-License-Identifier: MPL-2.0
// A bundle as files, for foreign programs.
#pragma once

#include <string>

#include "tests/support/temporary_folder.h"
#include "tests/support/test_bundle.h"

namespace tests {

class BundleFiles {
  const engine::sync::Bundle bundle_ = MakeTestBundle(std::string(32, '0'));
  TemporaryFolder folder_;

 public:
  // Paths, of the chain in PEM, leaf first, and of the leaf's key.
  const std::string chain = folder_.Write("chain.pem", bundle_.chain.at(0).pem + bundle_.chain.at(1).pem);
  const std::string key = folder_.Write("key.pem", std::string(bundle_.private_key_pem.Reveal()));
};

}  // namespace tests

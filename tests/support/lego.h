// SPDX-License-Identifier: MPL-2.0
// Debian's lego, an ACME client with providers for many DNS services: it judges whether a fake behaves as the service does.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace tests {

struct LegoRun {
  std::string provider;                  // "gcloud"
  std::vector<std::string> environment;  // "NAME=value": the provider's settings
  // The TXT values that stand at a name ("_acme-challenge.example.test."), asked when the CA looks.
  std::function<std::vector<std::string>(const std::string& fqdn)> values;
};

// Has lego get a certificate for example.test and *.example.test from our fake CA. Its exit code and output.
struct LegoOutcome {
  int exit_code = -1;
  std::string output;
};
LegoOutcome RunLego(const LegoRun& run);

// Tests that need lego: without it they fail under CI, and say elsewhere that they were skipped.
class WithLego : public testing::Test {
 protected:
  void SetUp() override;
};

}  // namespace tests

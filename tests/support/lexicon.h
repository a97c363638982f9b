// SPDX-License-Identifier: MPL-2.0
// Debian's lexicon, a client of many DNS services that works against the real ones: it judges whether a fake behaves as they do.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_api.h"

namespace tests {

// Has lexicon add the TXT values "one" and "two" at _acme-challenge.example.test, list what stands there, and remove "one".
// `path` is that of the API's URL; `auth` are lexicon's options, such as {"auth_token", "…"}. The values that it listed, sorted.
std::vector<std::string> RunLexicon(FakeApi& api, const std::string& provider, const std::string& path,
                                    const std::map<std::string, std::string>& auth);

// For SetUp of tests that need lexicon: without it they fail under CI, and say elsewhere that they were skipped.
void RequireLexicon();

class WithLexicon : public testing::Test {
 protected:
  void SetUp() override { RequireLexicon(); }
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// A configured provider for tests of resources: fixed keys, a fake clock and fake randomness.
#pragma once

#include <string>

#include "base/encoding.h"
#include "resources/acme_clients.h"
#include "resources/context.h"
#include "resources/sealed/journal.h"
#include "resources/shared_notes.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/temp_dir.h"

namespace tests {

inline resources::sealed::SealingKey TestKey(char fill) {
  return *resources::sealed::SealingKey::Parse(base::Secret(base::Base64(std::string(32, fill))));
}

struct TestContext {
  TempDir data_folder;
  FakeClock clock;
  FakeRandom random;
  resources::Context context{
      .clock = &clock,
      .random = &random,
      .sealer = resources::sealed::Sealer::Ready(TestKey('a'), {}),
      .acme = std::make_shared<resources::AcmeClients>(random, base::http::MakeCurlTransport),
      .http = nullptr,
      .journal = std::make_shared<resources::sealed::Journal>(data_folder.path().string(), random, context.sealer),
      .notes = std::make_shared<resources::SharedNotes>(data_folder.path().string(), "default")};
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// What the tests of local_files share: the destination over a directory of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/sync/destination.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_destination.h"

namespace engine::sync {

inline std::unique_ptr<Destination> MakeLocalFiles(const tests::SettingEntries& settings, base::Random* random = nullptr) {
  return tests::MakeTestDestination("local_files", {.settings = tests::DestinationSettings("local_files", settings),
                                                    .deps = {.random = random, .allow_exec = true}});
}

class LocalFilesTest : public tests::DestinationTest {
 protected:
  std::unique_ptr<Destination> With(tests::SettingEntries settings = {}) {
    settings.emplace("directory", dir_.path().string());
    return MakeLocalFiles(std::move(settings));
  }
  std::unique_ptr<Destination> WithPassword(const std::string& password) {
    return MakeLocalFiles({{"directory", dir_.path().string()}, {"layout", "pkcs12"}, {"pkcs12_password", password}});
  }

  base::Result<void> TryPut(Destination& destination, std::string_view name, const std::optional<Deployed>& previous = {}) {
    return DestinationTest::TryPut(destination, name, bundle_, previous);
  }
  Deployed Put(Destination& destination, std::string_view name, const std::optional<Deployed>& previous = {}) {
    return DestinationTest::Put(destination, name, bundle_, previous);
  }

  // Whether the next run would find everything as it was left.
  bool IsAsLeft(Destination& destination, const Deployed& known) {
    const auto observed = destination.Observe(clock_.Call(), known);
    EXPECT_TRUE(observed.ok());
    return observed && *observed && (*observed)->parts == known.parts &&
           (*observed)->fingerprint_sha256 == known.fingerprint_sha256;
  }

  std::string leaf_pem() const { return bundle_.chain[0].pem; }
  std::string chain_pem() const { return bundle_.chain[1].pem; }
  std::string key_pem() const { return std::string(bundle_.private_key_pem.Reveal()); }

  tests::TempDir dir_;
  Bundle bundle_ = tests::MakeTestBundle(kCertificateId);
};

}  // namespace engine::sync

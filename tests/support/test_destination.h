// SPDX-License-Identifier: MPL-2.0
// Destinations for their tests: made as a run makes them, and put to as a run does.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/sync/destination.h"
#include "engine/vendors/catalog.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/test_bundle.h"

namespace tests {

inline constexpr const char* kTestSyncId = "5c0e5c0e5c0e5c0e5c0e5c0e5c0e5c0e";

// While there is one, this thread's destinations are made for another sync than their tests': its marks on their objects say so,
// and to it, the makers of all marks but its own are of one kinship. `resumes_create`: a run was killed while it created that
// sync.
class ActingSync {
 public:
  ActingSync(std::string id, engine::sync::Kinship others, bool resumes_create = false)
      : id_(std::move(id)), others_(others), resumes_create_(resumes_create) {
    current_ = this;
  }
  ActingSync(const ActingSync&) = delete;
  ActingSync& operator=(const ActingSync&) = delete;
  ~ActingSync() { current_ = nullptr; }

  static void Apply(engine::sync::Setup& setup) {
    if (current_ == nullptr) return;
    setup.sync_id = current_->id_;
    setup.resumes_create = current_->resumes_create_;
    setup.find_kinship = [others = current_->others_](std::string_view) { return others; };
  }

 private:
  static inline thread_local const ActingSync* current_ = nullptr;
  std::string id_;
  engine::sync::Kinship others_;
  bool resumes_create_;
};

// `setup` without a source of random bytes gets the system's, and without a sync's ID kTestSyncId. A sync called "killed" is
// known as one whose create was killed, all others are strangers.
inline std::unique_ptr<engine::sync::Destination> MakeTestDestination(std::string_view kind, engine::sync::Setup setup) {
  if (setup.deps.random == nullptr) setup.deps.random = &base::SystemRandom();
  if (setup.sync_id.empty()) setup.sync_id = kTestSyncId;
  if (!setup.find_kinship) {
    setup.find_kinship = [](std::string_view sync_id) {
      return sync_id == "killed" ? engine::sync::Kinship::kUnsaved : engine::sync::Kinship::kStranger;
    };
  }
  ActingSync::Apply(setup);
  auto made = MakeDestination(*engine::vendors::FindDestination(kind), setup);
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return made ? *std::move(made) : nullptr;
}

class DestinationTest : public testing::Test {
 protected:
  using Bundle = engine::sync::Bundle;
  using Deployed = engine::sync::Deployed;
  using Destination = engine::sync::Destination;

  static constexpr const char* kCertificateId = "0123456789abcdef0123456789abcdef";

  base::Call Call() {
    base::Call call = clock_.Call();
    call.log = base::Log(log_);
    return call;
  }
  // What now exists is in `now_`.
  base::Result<void> TryPut(Destination& destination, std::string_view name, const Bundle& bundle,
                            const std::optional<Deployed>& previous = std::nullopt) {
    now_ = std::nullopt;
    return destination.Put(Call(), name, bundle, previous, now_);
  }
  Deployed Put(Destination& destination, std::string_view name, const Bundle& bundle,
               const std::optional<Deployed>& previous = std::nullopt) {
    const auto put = TryPut(destination, name, bundle, previous);
    EXPECT_TRUE(put) << (put ? "" : put.error().message);
    EXPECT_TRUE(now_.has_value());
    return now_.value_or(Deployed{});
  }

  FakeClock clock_;
  std::shared_ptr<LogCapture> log_ = std::make_shared<LogCapture>();
  std::optional<Deployed> now_;
};

}  // namespace tests

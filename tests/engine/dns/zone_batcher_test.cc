// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/zone_batcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/clock.h"

namespace tests {
namespace {

using base::Error;
using base::ErrorKind;
using engine::dns::EditOutcome;
using engine::dns::TxtEdit;
using engine::dns::ZoneBatcher;

base::Call RealCall(std::stop_token stop = {}) {
  return {.clock = &base::RealClock(),
          .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30)),
          .stop = std::move(stop),
          .log = {}};
}

std::vector<TxtEdit> Edit(const std::string& value) {
  return {{.action = TxtEdit::Action::kAdd, .record = {.fqdn = "name.", .value = value}}};
}

// One caller whose change is under way until it is released, and others queued behind it.
class ZoneBatcherQueue : public testing::Test {
 protected:
  ~ZoneBatcherQueue() override { threads_.clear(); }

  // Records what is sent; the first change waits for ReleaseAndJoin.
  EditOutcome Send(std::span<const TxtEdit> edits) {
    std::vector<std::string> values;
    for (const TxtEdit& edit : edits) values.push_back(edit.record.value);
    bool is_first = false;
    {
      std::lock_guard lock(mutex_);
      is_first = sent_.empty();
      sent_.push_back(values);
    }
    if (is_first) {
      first_is_out_.count_down();
      released_.wait();
    }
    for (const std::string& value : values) {
      if (value == "bad") return {.change = Error{ErrorKind::kInvalid, "refused"}};
    }
    return {.change = std::string("change"), .may_be_done = true};
  }

  void Start(const std::string& value, const void* owner, std::stop_token stop = {}) {
    threads_.emplace_back([this, value, owner, stop] {
      const auto outcome = batcher_.Run(RealCall(stop), "zone", owner, Edit(value),
                                        [this](const base::Call&, std::span<const TxtEdit> edits) { return Send(edits); });
      std::lock_guard lock(mutex_);
      outcomes_.emplace(value, outcome);
    });
  }
  // Starts the first, whose change stays under way.
  void StartFirst() {
    Start("first", this);
    first_is_out_.wait();
  }
  void AwaitQueue(std::size_t length) {
    while (batcher_.CountWaiting("zone") != length) std::this_thread::yield();
  }
  void ReleaseAndJoin() {
    released_.count_down();
    threads_.clear();
  }

  ZoneBatcher batcher_;
  std::latch first_is_out_{1};
  std::latch released_{1};
  std::mutex mutex_;
  std::vector<std::vector<std::string>> sent_;
  std::map<std::string, EditOutcome> outcomes_;
  std::vector<std::jthread> threads_;
};

TEST_F(ZoneBatcherQueue, QueuedRequestsAreSentTogether) {
  StartFirst();
  for (int i = 0; i < 20; ++i) Start("v" + std::to_string(i), this);
  AwaitQueue(20);

  ReleaseAndJoin();

  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[1].size(), 20U);
  EXPECT_EQ(outcomes_.size(), 21U);
  for (const auto& [value, outcome] : outcomes_) EXPECT_TRUE(outcome.change) << value;
}

TEST_F(ZoneBatcherQueue, OtherCredentialsAreSentApart) {
  const int other = 0;
  StartFirst();
  Start("ours", this);
  Start("theirs", &other);
  AwaitQueue(2);

  ReleaseAndJoin();

  EXPECT_EQ(sent_.size(), 3U);
}

TEST_F(ZoneBatcherQueue, ARefusalFailsOnlyTheRequestThatCausedIt) {
  StartFirst();
  for (const char* value : {"good", "bad", "fine"}) Start(value, this);
  AwaitQueue(3);

  ReleaseAndJoin();

  EXPECT_TRUE(outcomes_.at("good").change);
  EXPECT_TRUE(outcomes_.at("fine").change);
  ASSERT_FALSE(outcomes_.at("bad").change);
  EXPECT_EQ(outcomes_.at("bad").change.error().message, "refused");
}

TEST_F(ZoneBatcherQueue, ACancelledRequestLeavesTheQueue) {
  std::stop_source stop;
  StartFirst();
  Start("cancelled", this, stop.get_token());
  AwaitQueue(1);

  stop.request_stop();
  AwaitQueue(0);
  ReleaseAndJoin();

  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(outcomes_.at("cancelled").change.error().kind, ErrorKind::kCancelled);
  EXPECT_FALSE(outcomes_.at("cancelled").may_be_done);
}

TEST(ZoneBatcher, TheNextCallerTakesOverACancelledChange) {
  ZoneBatcher batcher;
  std::atomic<int> sent = 0;
  std::latch queue_is_full(1);
  const auto send = [&](const base::Call&, std::span<const TxtEdit>) -> EditOutcome {
    const int number = ++sent;
    if (number == 1) queue_is_full.wait();
    if (number == 2) return {.change = Error{ErrorKind::kCancelled, "interrupted"}, .may_be_done = true};
    return {.change = std::string("change")};
  };
  std::vector<EditOutcome> outcomes(3, {.change = std::string()});
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      threads.emplace_back([&, i] { outcomes[i] = batcher.Run(RealCall(), "zone", &batcher, Edit("v"), send); });
      while (sent == 0) std::this_thread::yield();
    }
    while (batcher.CountWaiting("zone") != 2) std::this_thread::yield();
    queue_is_full.count_down();
  }

  EXPECT_EQ(sent, 3);
  EXPECT_TRUE(outcomes[0].change);
  EXPECT_NE(outcomes[1].change.ok(), outcomes[2].change.ok());
}

}  // namespace
}  // namespace tests

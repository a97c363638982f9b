// SPDX-License-Identifier: MPL-2.0
#include "base/shared_objects.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace base {
namespace {

struct Counter {
  int value = 0;
};

TEST(SharedObjects, GiveOneForEachTypeAndKey) {
  SharedObjects objects;

  EXPECT_EQ(objects.Get<Counter>(), objects.Get<Counter>());
  EXPECT_EQ(objects.Get<Counter>("a"), objects.Get<Counter>("a"));
  EXPECT_NE(objects.Get<Counter>("a"), objects.Get<Counter>("b"));
  EXPECT_EQ(*objects.Get<int>("a"), 0) << "another type under the same key";
}

TEST(SharedObjects, MakeWithTheFirstRequestAlone) {
  SharedObjects objects;
  const auto make = [](int value) { return [value] { return std::make_shared<Counter>(Counter{value}); }; };

  EXPECT_EQ(objects.Get<Counter>("a", make(1))->value, 1);
  EXPECT_EQ(objects.Get<Counter>("a", make(2))->value, 1);
}

TEST(SharedObjects, TwoShareNothing) {
  SharedObjects one;
  SharedObjects other;

  one.Get<Counter>()->value = 7;

  EXPECT_EQ(other.Get<Counter>()->value, 0);
}

TEST(SharedObjects, AnObjectOutlivesThemWithItsUser) {
  auto objects = std::make_unique<SharedObjects>();
  const std::shared_ptr<Counter> counter = objects->Get<Counter>();
  const std::weak_ptr<Counter> unused = objects->Get<Counter>("unused");

  objects.reset();

  EXPECT_EQ(counter.use_count(), 1);
  EXPECT_TRUE(unused.expired());
}

TEST(SharedObjects, ManyThreadsGetTheSameObject) {
  SharedObjects objects;
  std::vector<std::shared_ptr<Counter>> got(16);
  {
    std::vector<std::jthread> threads;
    for (auto& one : got) threads.emplace_back([&] { one = objects.Get<Counter>(); });
  }

  EXPECT_EQ(std::set(got.begin(), got.end()).size(), 1U);
}

}  // namespace
}  // namespace base

// SPDX-License-Identifier: MPL-2.0
// Randomness that is not: counting bytes. Safe from many threads.
#pragma once

#include <atomic>

#include "base/random.h"

namespace tests {

class FakeRandom final : public base::Random {
 public:
  explicit FakeRandom(unsigned char first = 0) : next_(first) {}
  std::string Bytes(std::size_t count) override {
    std::string bytes;
    while (bytes.size() < count) bytes.push_back(static_cast<char>(next_++));
    return bytes;
  }

 private:
  std::atomic<unsigned char> next_;
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// Randomness comes in from outside: the operating system's, or a fixed sequence in tests.
#pragma once

#include <cstddef>
#include <string>

namespace base {

class Random {
 public:
  virtual ~Random() = default;
  // `count` bytes. Safe from many threads.
  virtual std::string Bytes(std::size_t count) = 0;
};

// The operating system's generator . Lives for the whole process.
Random& SystemRandom();

}  // namespace base

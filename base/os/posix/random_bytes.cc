// SPDX-License-Identifier: MPL-2.0
#include "base/os/random_bytes.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdlib>

namespace base::os {
namespace {

constexpr std::size_t kMaxAtOnce = 256;  // getentropy(3)

}  // namespace

void FillWithRandomBytes(std::span<char> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), kMaxAtOnce);
    if (getentropy(bytes.data(), count) != 0) std::abort();
    bytes = bytes.subspan(count);
  }
}

}  // namespace base::os

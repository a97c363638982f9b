// SPDX-License-Identifier: MPL-2.0
#include "base/random.h"

#include "base/os/random_bytes.h"

namespace base {
namespace {

class OsRandom final : public Random {
 public:
  std::string Bytes(std::size_t count) override {
    std::string bytes(count, '\0');
    os::FillWithRandomBytes(bytes);
    return bytes;
  }
};

}  // namespace

Random& SystemRandom() {
  static OsRandom random;
  return random;
}

}  // namespace base

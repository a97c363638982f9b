// SPDX-License-Identifier: MPL-2.0
// Waker: ends a Poll from another thread.
#pragma once

#include "base/os/descriptor.h"

namespace base::os {

class Waker {
 public:
  Waker();
  // False if descriptors had run out: then Wake does nothing, and a wait has to look for itself from time to time.
  bool is_open() const { return reader_.is_open() && writer_.is_open(); }

  // From now on, for good, number() is ready in every Poll. Never blocks; safe from many threads.
  void Wake() const;
  // For Poll.
  int number() const { return reader_.number(); }

 private:
  Descriptor reader_;
  Descriptor writer_;
};

}  // namespace base::os

// SPDX-License-Identifier: MPL-2.0
// SlotLocks: one file with as many locks in it as there are numbers, each held by one process until that lets it go or ends,
// however it ends. Nothing is left behind but the file, which stays empty. Open file description locks (fcntl(2)), Linux.
#pragma once

#include <cstdint>
#include <string>

#include "base/os/directory_handle.h"
#include "base/result.h"

namespace base::os {

// Safe from many threads. Two objects exclude each other also within one process.
class SlotLocks {
 public:
  // The file at `path`, made with mode 0600; a symbolic link is not followed. Errors: as those of DirectoryHandle.
  static Result<SlotLocks> Open(const std::string& path);

  // Never blocks. True when this object has the slot now, or had it already. True also where the file system has no locks: then
  // nothing but the caller's own care keeps processes apart. `slot`: below 2^63.
  bool TryTake(std::uint64_t slot) const;
  void Release(std::uint64_t slot) const;
  // True when another object has the slot. Takes nothing; false where the file system has no locks.
  bool IsTaken(std::uint64_t slot) const;

 private:
  explicit SlotLocks(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace base::os

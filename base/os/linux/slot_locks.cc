// SPDX-License-Identifier: MPL-2.0
#include "base/os/slot_locks.h"

#include <fcntl.h>

#include <cerrno>

#include "base/os/posix/system_error.h"
#include "base/text.h"

namespace base::os {
namespace {

struct flock LockOf(std::uint64_t slot, short type) {
  struct flock lock {};  // l_pid must be 0
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(slot);
  lock.l_len = 1;
  return lock;
}

int SetLock(int file, std::uint64_t slot, short type) {
  struct flock lock = LockOf(slot, type);
  return fcntl(file, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

}  // namespace

Result<SlotLocks> SlotLocks::Open(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.is_open()) return SlotLocks(std::move(file));
  const int code = errno;
  const bool denied = code == EACCES || code == EPERM || code == EROFS;
  return Error{denied ? ErrorKind::kDenied : ErrorKind::kUnavailable, Cat("cannot open ", path, ": ", SystemErrorText(code))};
}

bool SlotLocks::TryTake(std::uint64_t slot) const {
  const int failure = SetLock(file_.number(), slot, F_WRLCK);
  return failure != EAGAIN && failure != EACCES;
}

void SlotLocks::Release(std::uint64_t slot) const { SetLock(file_.number(), slot, F_UNLCK); }

bool SlotLocks::IsTaken(std::uint64_t slot) const {
  struct flock lock = LockOf(slot, F_WRLCK);
  return fcntl(file_.number(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace base::os

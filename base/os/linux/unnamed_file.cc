// SPDX-License-Identifier: MPL-2.0
#include "base/os/posix/unnamed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace base::os {

Descriptor OpenUnnamedFile(int folder) {
  return Descriptor(openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

// Without /proc only root may name it (open(2), O_TMPFILE).
bool NameFile(int file, int folder, const std::string& name) {
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (linkat(AT_FDCWD, path.c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  return errno == ENOENT && linkat(file, "", folder, name.c_str(), AT_EMPTY_PATH) == 0;
}

}  // namespace base::os

// SPDX-License-Identifier: MPL-2.0
#include "base/os/private_folder.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX
#include <unistd.h>  // macOS declares it here

#include <cerrno>

#include "base/os/posix/system_error.h"

namespace base::os {

Result<std::string> MakePrivateFolder(const std::string& prefix) {
  std::string path = prefix + "XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return Error{ErrorKind::kUnavailable, SystemErrorText(errno)};
  return path;
}

}  // namespace base::os

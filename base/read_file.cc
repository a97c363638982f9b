// SPDX-License-Identifier: MPL-2.0
#include "base/read_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/home_folder.h"
#include "base/text.h"

namespace base {

Result<Secret> ReadSmallFile(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(ExpandHome(path), std::ios::binary);
  std::string text(max_bytes + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    return Error{ErrorKind::kNotFound, Cat("the file ", Printable(path, 300), " cannot be read: ", std::strerror(errno))};
  }
  const auto size = static_cast<std::size_t>(file.gcount());
  if (size > max_bytes) {
    Wipe(text);
    return Error{ErrorKind::kInvalid, Cat("the file ", Printable(path, 300), " holds over ", max_bytes / 1024, " KiB")};
  }
  Secret content(text.substr(0, size));
  Wipe(text);
  return content;
}

}  // namespace base

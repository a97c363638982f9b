// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/socket_folder.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/encoding.h"
#include "base/text.h"

namespace provider::plugin {

base::Result<SocketFolder> SocketFolder::Make(std::span<const std::string> parents) {
  base::Error failure{base::ErrorKind::kInternal, "no folder can hold the plugin's socket"};
  for (const std::string& parent : parents) {
    SocketFolder folder(parent + "/certwright-XXXXXX");
    if (folder.socket().size() >= sizeof(sockaddr_un{}.sun_path)) {
      failure.details.push_back(parent + ": the path is too long for a socket");
    } else if (mkdtemp(folder.path_.data()) == nullptr) {
      failure.details.push_back(parent + ": " + std::strerror(errno));
    } else {
      return folder;
    }
    folder.path_.clear();
  }
  return failure;
}

void SocketFolder::Remove() {
  if (path_.empty()) return;
  unlink(socket().c_str());
  rmdir(path_.c_str());
  path_.clear();
}

}  // namespace provider::plugin

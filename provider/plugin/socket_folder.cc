// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/socket_folder.h"

#include <filesystem>

#include "base/os/private_folder.h"
#include "base/os/socket.h"

namespace provider::plugin {

base::Result<SocketFolder> SocketFolder::Make(std::span<const std::string> parents) {
  base::Error failure{base::ErrorKind::kInternal, "no folder can hold the plugin's socket"};
  for (const std::string& parent : parents) {
    auto path = base::os::MakePrivateFolder(parent + "/certwright-");
    if (!path) {
      failure.details.push_back(parent + ": " + path.error().message);
      continue;
    }
    SocketFolder folder(*std::move(path));
    if (folder.socket().size() <= base::os::MaxUnixSocketPath()) return folder;
    failure.details.push_back(parent + ": the path is too long for a socket");
  }
  return failure;
}

void SocketFolder::Remove() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(socket(), ignored);
  std::filesystem::remove(path_, ignored);
  path_.clear();
}

}  // namespace provider::plugin

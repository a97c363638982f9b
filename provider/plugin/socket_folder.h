// SPDX-License-Identifier: MPL-2.0
// SocketFolder: a folder of our own, open to nobody else, that holds the socket, and goes with it.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "base/result.h"

namespace provider::plugin {

class SocketFolder {
 public:
  // In the first of `parents` that can hold one: it exists, can be written, and leaves the path short enough for a socket (108
  // bytes). Errors: kInternal with the reason of each.
  static base::Result<SocketFolder> Make(std::span<const std::string> parents);

  SocketFolder(SocketFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  SocketFolder& operator=(SocketFolder&&) = delete;
  ~SocketFolder() { Remove(); }

  std::string socket() const { return path_ + "/s"; }
  void Remove();

 private:
  explicit SocketFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty: moved from, or removed
};

}  // namespace provider::plugin

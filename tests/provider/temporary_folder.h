// SPDX-License-Identifier: MPL-2.0
#pragma once

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <string>

namespace tests {

// A new folder, removed at the end.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& suffix = "") {
    std::string path = (std::filesystem::temp_directory_path() / "plugin-test-XXXXXX").string();
    base_ = mkdtemp(path.data());
    path_ = base_ + suffix;
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(base_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string base_;
  std::string path_;
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// The project's own files, for tests about the source.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace testing_support {

// The root of the working tree, as an absolute path.
std::filesystem::path SourceRoot();

struct SourceFile {
  std::string path;  // from the root: "base/text.h"
  std::vector<std::string> lines;
};

// The .h, .cc and .def files below the folder, sorted by path.
std::vector<SourceFile> SourceFiles(const std::string& folder);
bool Exists(const std::string& path);

}  // namespace testing_support

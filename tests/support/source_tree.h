// SPDX-License-Identifier: MPL-2.0
// The project's own files, for tests about the source.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace testing_support {

// The tree that this program was built from, or the one that the environment variable CERTWRIGHT_SOURCE_DIR names.
const std::filesystem::path& SourceRoot();

struct SourceFile {
  std::string path;  // from the root: "base/text.h"
  std::vector<std::string> lines;
};

// The files below the folder whose names end so, sorted by path.
std::vector<SourceFile> SourceFiles(const std::string& folder, const std::set<std::string>& kinds = {".h", ".cc", ".def"});
bool Exists(const std::string& path);

}  // namespace testing_support

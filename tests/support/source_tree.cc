// SPDX-License-Identifier: MPL-2.0
#include "tests/support/source_tree.h"

#include <algorithm>
#include <fstream>
#include <set>

namespace testing_support {
namespace {

std::vector<std::string> Lines(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::filesystem::path SourceRoot() { return CERTWRIGHT_SOURCE_DIR; }

std::vector<SourceFile> SourceFiles(const std::string& folder) {
  const std::set<std::string> kinds = {".h", ".cc", ".def"};
  std::vector<SourceFile> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SourceRoot() / folder)) {
    if (!kinds.contains(entry.path().extension().string())) continue;
    files.push_back({std::filesystem::relative(entry.path(), SourceRoot()).string(), Lines(entry.path())});
  }
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

bool Exists(const std::string& path) { return std::filesystem::exists(SourceRoot() / path); }

}  // namespace testing_support

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_set.h"

#include <map>
#include <vector>

#include "base/text.h"
#include "engine/sync/file_mark.h"

namespace engine::sync {
namespace {

using PathsByFolder = std::map<std::string, std::vector<std::string>>;

// With its final slash; empty for the destination's directory.
std::string FolderOf(std::string_view path) { return std::string(path.substr(0, path.rfind('/') + 1)); }

PathsByFolder PathsOf(const FileSet& files) {
  PathsByFolder paths;
  paths[FolderOf(files.name)].push_back(FileMarkPath(files.name));
  for (const std::string& path : files.layout.PathsOf(files.name)) paths[FolderOf(path)].push_back(path);
  return paths;
}

}  // namespace

base::Result<void> FileSet::MakeFolders(const base::Call& call) const {
  for (const auto& [folder, paths] : PathsOf(*this)) {
    if (auto made = host.MakeFolders(call, paths.front()); !made) return made;
  }
  return {};
}

void FileSet::RemoveAbandoned(const base::Call& call) const {
  PathsByFolder paths = PathsOf(*this);
  for (const std::string_view suffix : FileSuffixes()) paths[FolderOf(name)].push_back(base::Cat(name, suffix));
  for (const auto& [folder, in_folder] : paths) host.RemoveAbandoned(call, in_folder);
}

void FileSet::RemoveEmptyFolders(const base::Call& call) const {
  for (const auto& [folder, paths] : PathsOf(*this)) host.RemoveEmptyFolders(call, paths.front());
}

base::Result<void> FileSet::Flush(const base::Call& call) const {
  for (const auto& [folder, paths] : PathsOf(*this)) {
    if (auto flushed = host.Flush(call, paths.front()); !flushed) return flushed;
  }
  return {};
}

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_rollback.h"

#include <utility>

#include "base/text.h"

namespace engine::sync {
namespace {

// PKCS #12 is binary; certificates are PEM, and marks JSON.
FileRole RoleOfContent(std::string_view content) {
  const bool is_pem = content.find("-----BEGIN ") != std::string_view::npos;
  const bool has_key = content.find("PRIVATE KEY-----") != std::string_view::npos || !(is_pem || content.starts_with('{'));
  return has_key ? FileRole::kPrivateKey : FileRole::kPublic;
}

base::Result<void> RestoreOne(const base::Call& call, FileHost& host, const std::string& path,
                              const std::optional<HostFile>& former) {
  if (!former) {
    auto removed = host.Remove(call, path);
    host.RemoveEmptyFolders(call, path);
    return removed;
  }
  if (!former->content) {
    return base::Error{base::ErrorKind::kDenied, base::Cat(host.Describe(path), " could not be read before it was changed")};
  }
  if (auto made = host.MakeFolders(call, path); !made) return made;
  auto staged = host.Stage(call, path, *former->content, RoleOfContent(former->content->Reveal()));
  if (!staged) return std::move(staged).error();
  if (auto published = (*staged)->Publish(call, Occupied::kYes); !published) return published;
  return host.Flush(call, path);
}

}  // namespace

void FileRollback::Note(const std::string& path, const std::optional<HostFile>& former) {
  if (former_.emplace(path, former).second) order_.push_back(path);
}

base::Result<void> FileRollback::Restore(const base::Call& call, FileHost& host) const {
  base::Result<void> all;
  for (auto path = order_.rbegin(); path != order_.rend(); ++path) {
    auto restored = RestoreOne(call, host, *path, former_.at(*path));
    if (!restored && all) all = std::move(restored);
  }
  if (all) call.log.Info("the former files were put back", {{base::key::kCount, order_.size()}});
  return all;
}

}  // namespace engine::sync

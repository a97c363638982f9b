// SPDX-License-Identifier: MPL-2.0
// What the destinations that write files record of them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"

namespace engine::sync {

struct SeenFile {
  std::string name;  // "web.key"
  bool is_regular = true;
  const std::optional<base::Secret>& content;  // empty: it cannot be read
  std::uint32_t mode = 0;
};

// "file web.key" and "permissions of web.key".
void AddFile(const SeenFile& file, Parts& parts);

// The layout that wrote the files, which tells later runs what belongs to the certificate.
Notes NotesOf(const FileLayout& layout);
// Empty when the record has none.
std::optional<FileLayout> FindNotedLayout(const Deployed& deployed);

}  // namespace engine::sync

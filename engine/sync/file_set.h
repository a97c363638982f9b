// SPDX-License-Identifier: MPL-2.0
// All files of one certificate with their mark, which may be in several folders: operations of a FileHost on each of these
// folders.
#pragma once

#include <string>

#include "base/call.h"
#include "base/result.h"
#include "engine/sync/file_destination.h"
#include "engine/sync/file_layout.h"

namespace engine::sync {

struct FileSet {
  FileHost& host;  // borrowed, as is the next
  const FileLayout& layout;
  std::string name;  // of the certificate

  base::Result<void> MakeFolders(const base::Call& call) const;
  // Also of files in another layout, which a killed run may have left.
  void RemoveAbandoned(const base::Call& call) const;
  void RemoveEmptyFolders(const base::Call& call) const;
  base::Result<void> Flush(const base::Call& call) const;
};

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
// What files were before a run changed them, so that the run can be undone when a health check fails. Held in memory: private
// keys are never kept in temporary files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/sync/file_destination.h"

namespace engine::sync {

class FileRollback {
 public:
  // To be called before the path is changed. What it was the first time counts.
  void Note(const std::string& path, const std::optional<HostFile>& former);
  // The last changed first. Errors: the first; the rest is put back all the same.
  base::Result<void> Restore(const base::Call& call, FileHost& host) const;

 private:
  std::map<std::string, std::optional<HostFile>> former_;
  std::vector<std::string> order_;
};

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
// What this run has issued. A replacement with create_before_destroy ends with a delete that looks like any other: it is told by
// the new certificate for its names.
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace resources {

// Safe from many threads.
class Issuances {
 public:
  // A certificate was made for a resource that is new.
  void Note(const std::string& directory_url, const std::vector<std::string>& names) {
    std::lock_guard lock(mutex_);
    for (const std::string& name : names) issued_.emplace(directory_url, name);
  }
  // True when one of the names was issued by that CA in this run.
  bool HasAny(const std::string& directory_url, const std::vector<std::string>& names) const {
    std::lock_guard lock(mutex_);
    for (const std::string& name : names) {
      if (issued_.contains({directory_url, name})) return true;
    }
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> issued_;  // guarded by mutex_
};

}  // namespace resources

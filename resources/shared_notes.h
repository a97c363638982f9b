// SPDX-License-Identifier: MPL-2.0
// SharedNotes: short facts and turns that the provider processes of one working directory share. Each provider alias is a process
// of its own, and so are plan and apply. Nothing here is secret, and nothing is lost when the folder is: what matters is noted
// again by the next plan, or is in the state.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/key_locks.h"
#include "base/os/directory_handle.h"
#include "base/os/slot_locks.h"
#include "base/result.h"

namespace resources {

// Safe from many threads.
class SharedNotes {
 public:
  // `data_folder`: Terraform's, as seen from the working directory; nothing is read or made before it is needed. `workspace`:
  // notes of another workspace are not seen.
  SharedNotes(std::string data_folder, std::string_view workspace);

  // Notes `name` under `topic` (both: letters, digits and dashes), or renews the time of the note. Where nothing can be written,
  // this process alone knows of it.
  void Add(std::string_view topic, std::string_view name);
  void Remove(std::string_view topic, std::string_view name);
  bool Contains(std::string_view topic, std::string_view name);
  // As Contains, of notes that were made within `age`.
  bool ContainsRecent(std::string_view topic, std::string_view name, std::chrono::seconds age);

  // The notes of all processes that begin with `prefix` and were made within `age`, sorted. Older ones with it are removed.
  std::vector<std::string> List(std::string_view topic, std::string_view prefix, std::chrono::seconds age);

  // Held by one caller in all processes; released when it goes away.
  class Turn {
   public:
    Turn(SharedNotes& notes, base::KeyLocks::Turn in_process, std::optional<std::uint64_t> slot)
        : notes_(&notes), in_process_(std::move(in_process)), slot_(slot) {}
    Turn(Turn&& other) noexcept
        : notes_(other.notes_), in_process_(std::move(other.in_process_)), slot_(std::exchange(other.slot_, std::nullopt)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    SharedNotes* notes_;
    base::KeyLocks::Turn in_process_;
    std::optional<std::uint64_t> slot_;  // empty: no other process can be kept out
  };
  // Blocks until nobody else has the turn of `name`. Errors: kCancelled, kTimeout.
  base::Result<Turn> AcquireTurn(const base::Call& call, const std::string& name);

 private:
  base::os::DirectoryHandle* FindFolder(std::string_view topic, base::os::DirectoryHandle::Missing missing);
  base::os::SlotLocks* FindLocks();

  const std::string data_folder_;
  const std::string prefix_;  // of the folders, for the workspace
  base::KeyLocks turns_;
  std::mutex mutex_;                                                       // guards all below
  std::map<std::string, base::os::DirectoryHandle, std::less<>> folders_;  // by topic
  std::set<std::string, std::less<>> noted_;                               // "<topic>/<name>", by this process
  std::optional<base::os::SlotLocks> locks_;
  bool has_no_locks_ = false;
};

// The workspace that Terraform runs in: TF_WORKSPACE, or what it wrote into its data folder; "default" if neither.
std::string FindWorkspace(const std::string& data_folder);

}  // namespace resources

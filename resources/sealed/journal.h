// SPDX-License-Identifier: MPL-2.0
// Journal: what a run that may be killed leaves to the next one: one sealed file an entry, mode 0600, in the folder "certwright"
// (0700) beside Terraform's data. docs/developers/adr/0007-journal.md.
//
// An entry belongs to the process that made or took it, until that process ends, however it ends: no other process takes it, and
// no other thread. When Terraform itself is killed, its provider lives on for as long as it takes to end what it has under way; a
// run that follows waits for that, and then takes the entry.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/os/directory_handle.h"
#include "base/os/slot_locks.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "resources/sealed/handle.h"

namespace resources::sealed {

// What an entry's file is called: "<kind>-<digest>-<id>".
struct EntryName {
  std::string kind;    // lower-case letters
  std::string digest;  // 16 hex digits: of what must be equal for a later run to go on with it
  std::string id;      // 32 hex digits, of one entry alone

  std::string ToText() const;
  static std::optional<EntryName> Parse(std::string_view text);
};

class Journal;

// Must not outlive its journal. One thread at a time.
class JournalEntry {
 public:
  JournalEntry(Journal& journal, EntryName name, base::Secret content)
      : journal_(&journal), name_(std::move(name)), content_(std::move(content)) {}

  const EntryName& name() const { return name_; }
  const base::Secret& content() const { return content_; }  // empty before the first Write

  // Replaces the content in one step; it is on disk when this returns. A failure is told once a process, by TakeNotices.
  void Write(base::Secret content);
  void Remove();
  // Any process and thread may take it again.
  void LetGo();

 private:
  Journal* journal_;  // borrowed
  EntryName name_;
  base::Secret content_;
};

// Safe from many threads.
class Journal {
 public:
  // For the user, once a process.
  struct Notice {
    std::string summary;
    std::string detail;
  };

  // `data_folder`: Terraform's, as seen from the working directory. Nothing is read or made before it is needed.
  // `random`: borrowed, outlives this.
  Journal(std::string data_folder, base::Random& random, Sealer sealer);

  // A new entry; nothing is on disk before its first Write.
  JournalEntry Begin(std::string kind, std::string digest);
  JournalEntry Begin(EntryName name);
  using Fits = std::function<bool(const base::Secret& content)>;
  // An entry that an earlier run left, whose content fits; empty when there is none, or a run that goes on has it. Blocks, at
  // most until the call's end, and says so in the log while the entry is busy: a process whose Terraform has ended still needs
  // it, or ForEachLeft has it.
  std::optional<JournalEntry> Take(const base::Call& call, std::string_view kind, std::string_view digest, const Fits& fits = {});
  std::optional<JournalEntry> Take(const base::Call& call, std::string_view id);
  // As Take, but never blocks; empty also for a busy entry.
  std::optional<JournalEntry> TryTake(std::string_view kind, std::string_view digest, const Fits& fits = {});
  std::optional<JournalEntry> TryTake(std::string_view id);
  // Each entry that an earlier run left and that nobody has. `look` keeps it, or lets it go.
  void ForEachLeft(const std::function<void(JournalEntry)>& look);

  // Who has the entry of this ID: as it is now, not when this process began.
  enum class Holder { kNoEntry, kNobody, kRun };
  Holder Look(std::string_view kind, std::string_view id);

  // Terraform was killed, and this process only ends what it has under way: others wait for its entries.
  void MarkEnding();

  std::vector<Notice> TakeNotices();

 private:
  friend class JournalEntry;
  using IsWanted = std::function<bool(const EntryName&)>;
  std::optional<JournalEntry> TakeWhenFree(const base::Call& call, const IsWanted& is_wanted, const Fits& fits);
  // `is_busy`: set if waiting may help.
  std::optional<JournalEntry> TakeFirst(const IsWanted& is_wanted, const Fits& fits, bool& is_busy);
  base::Result<void> Put(const EntryName& name, const base::Secret& content);
  // All below: the caller holds mutex_.
  void Load();
  bool OpenFolder(base::os::DirectoryHandle::Missing missing);
  std::optional<JournalEntry> Claim(const EntryName& name);
  bool IsBusy(const EntryName& name);
  void PutBack(const EntryName& name);
  bool TryLock(const EntryName& name);
  void Unlock(const EntryName& name);
  void Tell(const std::string& about, Notice notice);

  const std::string data_folder_;
  base::Random& random_;
  const Sealer sealer_;
  std::mutex mutex_;  // guards all below
  bool is_loaded_ = false;
  std::optional<base::os::DirectoryHandle> folder_;
  std::optional<base::os::SlotLocks> locks_;
  std::set<std::uint64_t> held_;  // slots of locks_
  bool is_ending_ = false;
  std::map<std::string, EntryName, std::less<>> left_;  // by id: what earlier runs left, as far as this process does not have it
  std::map<std::string, EntryName, std::less<>> cleaned_up_;  // by id: what a thread of this process looks after now
  std::optional<std::string> host_;                           // identity of the process that hosts this one, once it is needed
  std::set<std::string> told_;
  std::vector<Notice> notices_;
};

}  // namespace resources::sealed

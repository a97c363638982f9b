// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/journal.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/os/this_process.h"
#include "base/poller.h"
#include "base/text.h"

namespace resources::sealed {
namespace {

using base::Cat;
using base::Result;
using base::os::DirectoryHandle;
using base::os::StagedFile;

constexpr const char* kFolder = "certwright";
constexpr const char* kLockFile = "lock";
constexpr std::size_t kDigestDigits = 16;
constexpr std::size_t kIdDigits = 32;
constexpr std::array<std::chrono::milliseconds, 1> kLookAgain{std::chrono::milliseconds(50)};

bool IsKind(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

bool IsHex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

// Sixty bits of the id: two entries that share them can only not be taken at once.
std::uint64_t SlotOf(const EntryName& name) {
  std::uint64_t slot = 0;
  std::from_chars(name.id.data(), name.id.data() + 15, slot, 16);
  return slot;
}

// Has whoever ends after its Terraform was killed, besides the entry's own.
std::uint64_t EndingSlotOf(std::uint64_t slot) { return slot | std::uint64_t{1} << 60; }

// Has whoever cleans up after runs that ended, likewise.
std::uint64_t CleanUpSlotOf(std::uint64_t slot) { return slot | std::uint64_t{1} << 61; }

// An entry names the process that hosted its writer, so that a writer that could not say that it is ending is known to be.
constexpr std::string_view kHostLine = "host ";

base::Secret WithHost(const std::string& host, const base::Secret& content) {
  return base::Secret(Cat(kHostLine, host, '\n', content.Reveal()));
}

std::string HostIn(const base::Secret& payload) {
  const std::string_view text = payload.Reveal();
  if (!text.starts_with(kHostLine)) return {};
  return std::string(text.substr(kHostLine.size(), text.find('\n') - kHostLine.size()));
}

base::Secret ContentIn(base::Secret payload) {
  const std::string_view text = payload.Reveal();
  const auto end = text.starts_with(kHostLine) ? text.find('\n') : std::string_view::npos;
  return end == std::string_view::npos ? std::move(payload) : base::Secret(std::string(text.substr(end + 1)));
}

// The entry that a file under its temporary name (base::os::DirectoryHandle::Stage) was to become.
std::optional<EntryName> ParseTemporary(std::string_view file) {
  if (!file.starts_with('.') || !file.ends_with(".tmp")) return std::nullopt;
  return EntryName::Parse(file.substr(1, file.find('.', 1) - 1));
}

}  // namespace

std::string EntryName::ToText() const { return Cat(kind, '-', digest, '-', id); }

std::optional<EntryName> EntryName::Parse(std::string_view text) {
  const auto first = text.find('-');
  if (first == std::string_view::npos || text.size() != first + 1 + kDigestDigits + 1 + kIdDigits) return std::nullopt;
  EntryName name{.kind = std::string(text.substr(0, first)),
                 .digest = std::string(text.substr(first + 1, kDigestDigits)),
                 .id = std::string(text.substr(first + 1 + kDigestDigits + 1))};
  const bool well_formed = text[first + 1 + kDigestDigits] == '-' && IsKind(name.kind) && IsHex(name.digest) && IsHex(name.id);
  return well_formed ? std::optional(std::move(name)) : std::nullopt;
}

void JournalEntry::Write(base::Secret content) {
  content_ = std::move(content);
  const auto written = journal_->Put(name_, content_);
  if (written) return;
  const std::lock_guard lock(journal_->mutex_);
  journal_->Tell("unwritable", {"The journal cannot be written",
                                Cat("If this run is killed, the next one orders again and leaves challenge records behind: ",
                                    written.error().message, ".")});
}

void JournalEntry::Remove() {
  const std::lock_guard lock(journal_->mutex_);
  // A file that cannot be removed is found again, and does no harm.
  if (journal_->folder_) (void)journal_->folder_->RemoveFile(name_.ToText());
  journal_->Unlock(name_);
}

void JournalEntry::LetGo() {
  const std::lock_guard lock(journal_->mutex_);
  journal_->PutBack(name_);
}

Journal::Journal(std::string data_folder, base::Random& random, Sealer sealer)
    : data_folder_(std::move(data_folder)), random_(random), sealer_(std::move(sealer)) {}

JournalEntry Journal::Begin(std::string kind, std::string digest) {
  return Begin(EntryName{std::move(kind), std::move(digest), base::Hex(random_.Bytes(kIdDigits / 2))});
}

JournalEntry Journal::Begin(EntryName name) {
  const std::lock_guard lock(mutex_);
  Load();  // what is there now was left by others; what comes from now on was not
  return {*this, std::move(name), base::Secret()};
}

std::optional<JournalEntry> Journal::Take(const base::Call& call, std::string_view kind, std::string_view digest,
                                          const Fits& fits) {
  return TakeWhenFree(
      call, [&](const EntryName& name) { return name.kind == kind && name.digest == digest; }, fits);
}

std::optional<JournalEntry> Journal::Take(const base::Call& call, std::string_view id) {
  return TakeWhenFree(call, [&](const EntryName& name) { return name.id == id; }, {});
}

std::optional<JournalEntry> Journal::TryTake(std::string_view kind, std::string_view digest, const Fits& fits) {
  bool is_busy = false;
  return TakeFirst([&](const EntryName& name) { return name.kind == kind && name.digest == digest; }, fits, is_busy);
}

std::optional<JournalEntry> Journal::TryTake(std::string_view id) {
  bool is_busy = false;
  return TakeFirst([&](const EntryName& name) { return name.id == id; }, {}, is_busy);
}

std::optional<JournalEntry> Journal::TakeWhenFree(const base::Call& call, const IsWanted& is_wanted, const Fits& fits) {
  base::Poller poller(call, "still waiting for the run before", kLookAgain);
  for (;;) {
    bool is_busy = false;
    auto entry = TakeFirst(is_wanted, fits, is_busy);
    if (entry || !is_busy) return entry;
    if (poller.pauses() == 0) {
      call.log.Info("waiting for another process, which ends or cleans up what an earlier run began",
                    {{base::key::kPath, Cat(data_folder_, '/', kFolder)}});
    }
    if (!poller.Pause()) return std::nullopt;
  }
}

Journal::Holder Journal::Look(std::string_view kind, std::string_view id) {
  const std::lock_guard lock(mutex_);
  Load();
  const auto files = OpenFolder(DirectoryHandle::Missing::kRefuse) ? folder_->List() : std::vector<std::string>();
  if (!files) return Holder::kNoEntry;
  for (const std::string& file : *files) {
    const auto name = EntryName::Parse(file);
    if (!name || name->kind != kind || name->id != id) continue;
    const std::uint64_t slot = SlotOf(*name);
    return held_.contains(slot) || (locks_ && locks_->IsTaken(slot)) ? Holder::kRun : Holder::kNobody;
  }
  return Holder::kNoEntry;
}

void Journal::MarkEnding() {
  const std::lock_guard lock(mutex_);
  is_ending_ = true;
  for (const std::uint64_t slot : held_) (void)locks_->TryTake(EndingSlotOf(slot));
}

std::optional<JournalEntry> Journal::TakeFirst(const IsWanted& is_wanted, const Fits& fits, bool& is_busy) {
  const std::lock_guard lock(mutex_);
  Load();
  std::vector<EntryName> candidates;
  for (const auto& [id, name] : left_) {
    if (is_wanted(name)) candidates.push_back(name);
  }
  for (const EntryName& name : candidates) {
    auto entry = Claim(name);
    if (!entry) {
      is_busy = is_busy || (left_.contains(name.id) && IsBusy(name));
      continue;
    }
    if (!fits || fits(entry->content())) return entry;
    PutBack(name);
  }
  is_busy =
      is_busy || std::any_of(cleaned_up_.begin(), cleaned_up_.end(), [&](const auto& one) { return is_wanted(one.second); });
  return std::nullopt;
}

void Journal::ForEachLeft(const std::function<void(JournalEntry)>& look) {
  std::vector<EntryName> names;
  {
    const std::lock_guard lock(mutex_);
    Load();
    for (const auto& [id, name] : left_) names.push_back(name);
  }
  for (const EntryName& name : names) {
    std::optional<JournalEntry> entry;
    {
      const std::lock_guard lock(mutex_);
      entry = Claim(name);
      if (!entry) continue;
      cleaned_up_.emplace(name.id, name);
      if (locks_) (void)locks_->TryTake(CleanUpSlotOf(SlotOf(name)));
    }
    look(*std::move(entry));
    const std::lock_guard lock(mutex_);
    cleaned_up_.erase(name.id);
    if (locks_) locks_->Release(CleanUpSlotOf(SlotOf(name)));
  }
}

std::vector<Journal::Notice> Journal::TakeNotices() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notices_, {});
}

void Journal::Load() {
  if (is_loaded_) return;
  is_loaded_ = true;
  if (!OpenFolder(DirectoryHandle::Missing::kRefuse)) return;
  const auto files = folder_->List();
  if (!files) return;
  for (const std::string& file : *files) {
    if (const auto name = EntryName::Parse(file)) left_.emplace(name->id, *name);
    // Of a run that was killed while it wrote, unless that still lives.
    const auto unfinished = ParseTemporary(file);
    if (!unfinished || !TryLock(*unfinished)) continue;
    (void)folder_->RemoveFile(file);
    Unlock(*unfinished);
  }
}

bool Journal::OpenFolder(DirectoryHandle::Missing missing) {
  if (folder_) return true;
  const auto data = DirectoryHandle::Open(data_folder_, missing);
  if (!data) return false;
  auto folder = data->OpenBelow(kFolder, missing, 0700);
  if (!folder) return false;
  folder_ = *std::move(folder);
  if (auto locks = base::os::SlotLocks::Open(folder_->PathOf(kLockFile))) locks_ = *std::move(locks);
  return true;
}

// Its holder will let it go, though not at once.
bool Journal::IsBusy(const EntryName& name) {
  const std::uint64_t slot = SlotOf(name);
  if (!locks_ || !locks_->IsTaken(slot)) return false;
  if (locks_->IsTaken(EndingSlotOf(slot)) || locks_->IsTaken(CleanUpSlotOf(slot))) return true;
  const auto file = folder_->Find(name.ToText());
  if (!file || !*file || !(*file)->content) return false;
  const auto opened = sealer_.Open(handle_kind::kJournal, (*file)->content->Reveal());
  return opened && !base::os::IsProcessRunning(HostIn(opened->payload));
}

std::optional<JournalEntry> Journal::Claim(const EntryName& name) {
  if (!left_.contains(name.id) || !TryLock(name)) return std::nullopt;
  const auto file = folder_->Find(name.ToText());
  if (!file || !*file || !(*file)->content) {
    // Whoever had it has done with it.
    left_.erase(name.id);
    Unlock(name);
    return std::nullopt;
  }
  auto opened = sealer_.Open(handle_kind::kJournal, (*file)->content->Reveal());
  left_.erase(name.id);
  if (!opened) {
    Unlock(name);
    Tell(name.id, {Cat("A journal entry cannot be read: ", folder_->PathOf(name.ToText())),
                   Cat("An earlier run left it, and it stays where it is: ", opened.error().message, ".")});
    return std::nullopt;
  }
  return JournalEntry(*this, name, ContentIn(std::move(opened->payload)));
}

void Journal::PutBack(const EntryName& name) {
  left_.insert_or_assign(name.id, name);
  Unlock(name);
}

Result<void> Journal::Put(const EntryName& name, const base::Secret& content) {
  std::string host;
  {
    const std::lock_guard lock(mutex_);
    if (!host_) host_ = base::os::ParentProcessIdentity();
    host = *host_;
    if (!OpenFolder(DirectoryHandle::Missing::kCreate)) {
      return base::Error{base::ErrorKind::kDenied, Cat("cannot make the directory ", data_folder_, "/", kFolder)};
    }
    (void)TryLock(name);
  }
  auto sealed = sealer_.Seal(handle_kind::kJournal, WithHost(host, content));
  if (!sealed) return std::move(sealed).error();
  // Many entries are written at once: the disk is not waited for under the lock. The folder stays what it is.
  auto staged = folder_->Stage(name.ToText(), *sealed, {.mode = 0600}, random_);
  if (!staged) return std::move(staged).error();
  if (auto published = staged->Publish(StagedFile::InPlace::kReplace); !published) return published;
  return folder_->Flush();
}

bool Journal::TryLock(const EntryName& name) {
  const std::uint64_t slot = SlotOf(name);
  if (!locks_) return true;
  if (!locks_->TryTake(slot)) return false;
  held_.insert(slot);
  if (is_ending_) (void)locks_->TryTake(EndingSlotOf(slot));
  return true;
}

void Journal::Unlock(const EntryName& name) {
  const std::uint64_t slot = SlotOf(name);
  if (!locks_ || held_.erase(slot) == 0) return;
  locks_->Release(slot);
  // Last: who waits finds the entry free.
  if (is_ending_) locks_->Release(EndingSlotOf(slot));
}

void Journal::Tell(const std::string& about, Notice notice) {
  if (told_.insert(about).second) notices_.push_back(std::move(notice));
}

}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
#include "resources/shared_notes.h"

#include <charconv>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/environment.h"
#include "base/text.h"

namespace resources {
namespace {

using base::Cat;
using base::os::DirectoryHandle;
using base::os::SlotLocks;

constexpr const char* kFolder = "certwright";
constexpr const char* kLockFile = "turns";
constexpr std::chrono::milliseconds kLookAgain{50};

std::string Digest(std::string_view text) { return base::Hex(base::crypto::Sha256(text)).substr(0, 15); }

// Sixty bits: two names that share them only wait for each other.
std::uint64_t SlotOf(std::string_view name) {
  const std::string digits = Digest(name);
  std::uint64_t slot = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), slot, 16);
  return slot;
}

}  // namespace

SharedNotes::SharedNotes(std::string data_folder, std::string_view workspace)
    : data_folder_(std::move(data_folder)), prefix_(Digest(workspace).substr(0, 8)) {}

SharedNotes::Turn::~Turn() {
  if (!slot_) return;
  const std::lock_guard lock(notes_->mutex_);
  if (notes_->locks_) notes_->locks_->Release(*slot_);
}

void SharedNotes::Add(std::string_view topic, std::string_view name) {
  const std::lock_guard lock(mutex_);
  noted_.insert(Cat(topic, '/', name));
  if (const DirectoryHandle* folder = FindFolder(topic, DirectoryHandle::Missing::kCreate))
    (void)folder->Touch(std::string(name));
}

void SharedNotes::Remove(std::string_view topic, std::string_view name) {
  const std::lock_guard lock(mutex_);
  noted_.erase(Cat(topic, '/', name));
  if (const DirectoryHandle* folder = FindFolder(topic, DirectoryHandle::Missing::kRefuse))
    (void)folder->RemoveFile(std::string(name));
}

bool SharedNotes::Contains(std::string_view topic, std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (noted_.contains(Cat(topic, '/', name))) return true;
  const DirectoryHandle* folder = FindFolder(topic, DirectoryHandle::Missing::kRefuse);
  return folder != nullptr && folder->AgeOf(std::string(name)).has_value();
}

bool SharedNotes::ContainsRecent(std::string_view topic, std::string_view name, std::chrono::seconds age) {
  const std::lock_guard lock(mutex_);
  const DirectoryHandle* folder = FindFolder(topic, DirectoryHandle::Missing::kRefuse);
  if (folder == nullptr) return noted_.contains(Cat(topic, '/', name));
  const auto found = folder->AgeOf(std::string(name));
  return found && *found <= age;
}

std::vector<std::string> SharedNotes::List(std::string_view topic, std::string_view prefix, std::chrono::seconds age) {
  const std::lock_guard lock(mutex_);
  std::set<std::string> found;
  const DirectoryHandle* folder = FindFolder(topic, DirectoryHandle::Missing::kRefuse);
  const auto files = folder == nullptr ? std::vector<std::string>() : folder->List();
  for (const std::string& file : files ? *files : std::vector<std::string>()) {
    if (!file.starts_with(prefix)) continue;
    const auto made = folder->AgeOf(file);
    if (made && *made <= age) {
      found.insert(file);
    } else {
      (void)folder->RemoveFile(file);
    }
  }
  // Where nothing could be written.
  for (const std::string& one : folder == nullptr ? noted_ : std::set<std::string, std::less<>>()) {
    const std::string_view name = std::string_view(one).substr(one.find('/') + 1);
    if (one.starts_with(Cat(topic, '/')) && name.starts_with(prefix)) found.emplace(name);
  }
  return {found.begin(), found.end()};
}

base::Result<SharedNotes::Turn> SharedNotes::AcquireTurn(const base::Call& call, const std::string& name) {
  auto turn = turns_.Acquire(call, name);
  if (!turn) return std::move(turn).error();
  const std::uint64_t slot = SlotOf(name);
  for (bool is_first = true;; is_first = false) {
    {
      const std::lock_guard lock(mutex_);
      const SlotLocks* locks = FindLocks();
      if (locks == nullptr) return Turn(*this, *std::move(turn), std::nullopt);
      if (locks->TryTake(slot)) return Turn(*this, *std::move(turn), slot);
    }
    if (is_first) call.log.Info("waiting for another process that changes the same object", {{base::key::kName, name}});
    if (auto waited = call.Wait(kLookAgain); !waited) return std::move(waited).error();
  }
}

// Borrowed; null when there is none. The caller holds mutex_, also below.
DirectoryHandle* SharedNotes::FindFolder(std::string_view topic, DirectoryHandle::Missing missing) {
  if (const auto known = folders_.find(topic); known != folders_.end()) return &known->second;
  const auto data = DirectoryHandle::Open(data_folder_, missing);
  if (!data) return nullptr;
  const auto all = data->OpenBelow(kFolder, missing, 0700);
  if (!all) return nullptr;
  auto folder = all->OpenBelow(Cat(topic, '-', prefix_), missing, 0700);
  if (!folder) return nullptr;
  return &folders_.emplace(topic, *std::move(folder)).first->second;
}

SlotLocks* SharedNotes::FindLocks() {
  if (locks_ || has_no_locks_) return locks_ ? &*locks_ : nullptr;
  const auto data = DirectoryHandle::Open(data_folder_, DirectoryHandle::Missing::kCreate);
  auto folder = data ? data->OpenBelow(kFolder, DirectoryHandle::Missing::kCreate, 0700) : data.error();
  auto opened = folder ? SlotLocks::Open(folder->PathOf(kLockFile)) : folder.error();
  has_no_locks_ = !opened.ok();
  if (opened) locks_ = *std::move(opened);
  return locks_ ? &*locks_ : nullptr;
}

std::string FindWorkspace(const std::string& data_folder) {
  if (auto chosen = base::Environment("TF_WORKSPACE"); chosen && !chosen->empty()) return *std::move(chosen);
  const auto data = DirectoryHandle::Open(data_folder, DirectoryHandle::Missing::kRefuse);
  const auto file = data ? data->Find("environment") : data.error();
  if (!file || !*file || !(*file)->content || (*file)->content->empty()) return "default";
  return std::string(base::Trim((*file)->content->Reveal()));
}

}  // namespace resources

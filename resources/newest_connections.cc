// SPDX-License-Identifier: MPL-2.0
#include "resources/newest_connections.h"

#include <map>
#include <mutex>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "resources/sealed/journal.h"

namespace resources {
namespace {

using base::Secret;
using sealed::JournalEntry;

constexpr const char* kKind = "connection";

std::string DigestOf(const std::string& id) { return base::Hex(base::crypto::Sha256(id)).substr(0, 16); }

// What the calls of one process know. Safe from many threads.
class Newest {
 public:
  void Note(const std::string& id, const Secret& handle) {
    const std::lock_guard lock(mutex_);
    handles_.insert_or_assign(id, handle);
  }
  // An earlier process's, as long as this one has none.
  std::optional<Secret> Find(const Context& context, const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (const auto found = handles_.find(id); found != handles_.end()) return found->second;
    auto entry = context.journal->TryTake(kKind, DigestOf(id));
    if (!entry) return std::nullopt;
    const Secret handle = entry->content();
    entry->LetGo();
    handles_.emplace(id, handle);
    return handle;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Secret> handles_;  // by id; guarded by mutex_
};

}  // namespace

void RecordPlannedConnection(const Context& context, const std::string& id, const Secret& handle) {
  context.shared->Get<Newest>()->Note(id, handle);
  auto left = context.journal->TryTake(kKind, DigestOf(id));
  JournalEntry entry = left ? *std::move(left) : context.journal->Begin(kKind, DigestOf(id));
  entry.Write(handle);
  entry.LetGo();
}

void RecordStoredConnection(const Context& context, const std::string& id, const Secret& handle) {
  context.shared->Get<Newest>()->Note(id, handle);
  ForgetConnection(context, id);
}

void ForgetConnection(const Context& context, const std::string& id) {
  if (auto entry = context.journal->TryTake(kKind, DigestOf(id))) entry->Remove();
}

std::optional<Secret> FindNewerConnection(const Context& context, const std::string& id, const Secret& refused) {
  auto newest = context.shared->Get<Newest>()->Find(context, id);
  return newest && !(*newest == refused) ? newest : std::nullopt;
}

}  // namespace resources

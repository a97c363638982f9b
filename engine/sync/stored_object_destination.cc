// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/stored_object_destination.h"

#include <chrono>
#include <utility>

#include "base/http/write_or_look.h"
#include "base/text.h"

namespace engine::sync {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::chrono::seconds kLookLimit{30};

// Sends a write. After a failure, `look` tells what is there, because an answer can be lost after the write was carried out.
template <typename Send, typename Look>
Result<StoredObject> SendOrLook(const Call& call, LostAnswer rule, const Send& send, const Look& look) {
  const int attempts = rule == LostAnswer::kLookAndRepeat ? 2 : 1;
  const auto must_look = [&](const Error& error) { return MustLook(rule, error); };
  return base::http::WriteOrLook(call, {.attempts = attempts}, send, must_look, look);
}

}  // namespace

std::string ObjectStore::AddressFor(std::string_view name, const Bundle&, const Deployed* previous) const {
  const bool stays = previous != nullptr && (previous->name.empty() || previous->name == name);
  return stays ? AddressOf(*previous) : std::string(name);
}

Result<std::optional<Deployed>> StoredObjectDestination::Observe(const Call& call, const Deployed& known) {
  auto observed = TryObserve(call, known);
  return observed ? observed : store_->Explain(std::move(observed).error());
}

Result<void> StoredObjectDestination::Put(const Call& call, std::string_view name, const Bundle& bundle,
                                          const std::optional<Deployed>& previous, std::optional<Deployed>& now) {
  const Deployed* former = previous ? &*previous : nullptr;
  now = previous;
  if (auto go_on = call.Check(); !go_on) return go_on;
  auto put = TryPut(call,
                    {.name = std::string(name),
                     .address = store_->AddressFor(name, bundle, former),
                     .bundle = &bundle,
                     .previous = former,
                     .tags = ownership_.TagsFor(bundle.certificate_id),
                     .content = store_->Render(bundle, name)},
                    now);
  list_.Forget();
  return put ? put : store_->Explain(std::move(put).error());
}

Result<Deployed> StoredObjectDestination::Adopt(const Call& call, std::string_view external_id, Adoption adoption) {
  auto adopted = TryAdopt(call, external_id, adoption);
  return adopted ? adopted : store_->Explain(std::move(adopted).error());
}

Result<void> StoredObjectDestination::Remove(const Call& call, const Deployed& deployed) {
  if (auto go_on = call.Check(); !go_on) return go_on;
  auto removed = TryRemove(call, deployed);
  list_.Forget();
  return removed ? removed : store_->Explain(std::move(removed).error());
}

Result<std::optional<Deployed>> StoredObjectDestination::TryObserve(const Call& call, const Deployed& known) {
  auto object = FindCurrent(call, known);
  if (!object) return std::move(object).error();
  if (!*object || (*object)->presence != Presence::kPresent) return std::optional<Deployed>();
  if (auto loaded = store_->Load(call, known, **object); !loaded) return std::move(loaded).error();
  return std::optional(Describe(**object, known));
}

// Lists lag behind: what looks changed in one is fetched by itself.
Result<std::optional<StoredObject>> StoredObjectDestination::FindCurrent(const Call& call, const Deployed& known) {
  const std::string address = store_->AddressOf(known);
  auto listed = list_.Find(call, address, [&] { return store_->List(call); });
  if (!listed) return listed;
  const bool is_settled =
      *listed && store_->IsUnchanged(**listed, known) && TagsOf(**listed, known.certificate_id) == TagState::kComplete;
  return is_settled ? listed : store_->Find(call, address);
}

// Content first: what it leaves when the rest fails is in the state as unfinished, and the next run completes it.
Result<void> StoredObjectDestination::TryPut(const Call& call, const ObjectWrite& write, std::optional<Deployed>& now) {
  bool is_taken_over = false;
  auto written = WriteContent(call, write, is_taken_over);
  if (!written) return std::move(written).error();
  const Deployed target{.name = write.name,
                        .certificate_id = write.bundle->certificate_id,
                        .parts = write.previous == nullptr ? Parts() : write.previous->parts,
                        .notes = write.previous == nullptr ? Notes() : write.previous->notes};
  now = Describe(*written, target);
  now->unfinished = true;
  now->is_taken_over = is_taken_over;
  if (auto completed = store_->Complete(call, write, *written); !completed) return completed;
  now = Describe(*written, target);
  now->is_taken_over = is_taken_over;
  return {};
}

Result<StoredObject> StoredObjectDestination::WriteContent(const Call& call, const ObjectWrite& write, bool& is_taken_over) {
  const auto found = write.address.empty() ? std::optional<StoredObject>() : store_->Find(call, write.address);
  if (!found) return found.error();
  if (*found) {
    const bool is_in_state = write.previous != nullptr && store_->AddressOf(*write.previous) == write.address;
    return Overwrite(call, write, **found, is_in_state ? write.previous : nullptr, is_taken_over);
  }
  auto created = SendOrLook(
      call, store_->traits().after_create, [&] { return store_->Create(call, write); }, [&] { return FindResult(call, write); });
  if (created) {
    call.log.Info("certificate stored", {{base::key::kName, created->id}});
    return created;
  }
  const auto blocker = store_->FindBlocker(call, write, created.error());
  if (!blocker) return blocker.error();
  return *blocker ? Overwrite(call, write, **blocker, nullptr, is_taken_over) : std::move(created);
}

// `in_state`: what the state says about `object`; null: nothing.
Result<StoredObject> StoredObjectDestination::Overwrite(const Call& call, const ObjectWrite& write, const StoredObject& object,
                                                        const Deployed* in_state, bool& is_taken_over) {
  const std::string& certificate_id = write.bundle->certificate_id;
  const Mark mark = ownership_.ReadMark(object.id, object.tags, certificate_id);
  is_taken_over = object.presence == Presence::kPresent && (mark == Mark::kSameState || mark == Mark::kRival);
  const WriteStep step =
      DecideWrite(store_->traits().unmarked, {.mark = mark,
                                              .presence = object.presence,
                                              .is_in_state = in_state != nullptr,
                                              .is_unchanged = in_state != nullptr && store_->IsUnchanged(object, *in_state),
                                              .is_of_certificate = HasTag(object.tags, kCertificateTag, certificate_id),
                                              .match = store_->Compare(object, write)});
  if (step == WriteStep::kRefuse) {
    std::string message = store_->ConflictMessage(write, object);
    const auto owner = object.tags.find(kSyncTag);
    const bool is_deleted = object.presence == Presence::kDeleted;
    if (!is_deleted) message.append(Cat(". ", OwnerText(mark, owner == object.tags.end() ? std::string() : owner->second)));
    return Error{ErrorKind::kConflict, std::move(message)};
  }
  if (step == WriteStep::kKeep) return object;
  if (step == WriteStep::kRestoreAndReplace) {
    if (auto restored = store_->Restore(call, write, object); !restored) return std::move(restored).error();
    call.log.Info("deleted certificate restored", {{base::key::kName, object.id}});
  }
  auto replaced = SendOrLook(
      call, store_->traits().after_replace, [&] { return store_->Replace(call, write, object); },
      [&] { return FindResult(call, write); });
  if (replaced) call.log.Info("certificate stored", {{base::key::kName, replaced->id}});
  return replaced;
}

// What a write whose answer was lost has made. Also after Ctrl-C: nobody else would know of it.
Result<std::optional<StoredObject>> StoredObjectDestination::FindResult(const Call& call, const ObjectWrite& write) {
  auto found = store_->Find(call.ForCleanup(kLookLimit), write.address);
  if (!found || !*found) return found;
  const bool is_result = IsResultOf(write, **found, store_->Compare(**found, write), store_->traits());
  return is_result ? std::move(found) : std::optional<StoredObject>();
}

Result<Deployed> StoredObjectDestination::TryAdopt(const Call& call, std::string_view external_id, Adoption adoption) {
  auto known = store_->ParseId(external_id);
  if (!known) return known;
  auto object = store_->Find(call, store_->AddressOf(*known));
  if (!object) return std::move(object).error();
  if (!*object) return Error{ErrorKind::kNotFound, Cat("there is no object ", base::Printable(external_id, 300))};
  if ((*object)->presence != Presence::kPresent) return Error{ErrorKind::kNotFound, "it has been deleted"};
  const auto certificate_id = ownership_.Adopt((*object)->id, (*object)->tags, adoption);
  if (!certificate_id) {
    return Error{certificate_id.error().kind, Cat("it does not carry ", store_->traits().certificate_mark)};
  }
  known->certificate_id = *certificate_id;
  if (auto loaded = store_->Load(call, *known, **object); !loaded) return std::move(loaded).error();
  return Describe(**object, *known);
}

Result<void> StoredObjectDestination::TryRemove(const Call& call, const Deployed& deployed) {
  auto object = store_->Find(call, store_->AddressOf(deployed));
  if (!object) return std::move(object).error();
  if (!*object || (*object)->presence == Presence::kDeleted) return {};
  if ((*object)->presence == Presence::kPresent && (*object)->leaf_sha256.empty()) {
    if (auto loaded = store_->Load(call, deployed, **object); !loaded) return loaded;
  }
  const Evidence evidence{.mark = ownership_.ReadOwnMark((*object)->id, (*object)->tags, deployed.certificate_id),
                          .presence = (*object)->presence,
                          .is_in_state = true,
                          .is_unchanged = store_->IsUnchanged(**object, deployed),
                          .has_same_leaf = (*object)->leaf_sha256 == deployed.fingerprint_sha256};
  if (!MayRemove(store_->traits().unmarked, evidence)) {
    call.log.Warn("left alone: not what this sync wrote", {{base::key::kName, deployed.external_id}});
    return {};
  }
  if (auto removed = store_->Remove(call, **object, deployed); !removed) return removed;
  call.log.Info("certificate removed", {{base::key::kName, deployed.external_id}});
  return {};
}

TagState StoredObjectDestination::TagsOf(const StoredObject& object, std::string_view certificate_id) const {
  const bool is_complete = MissingTags(object.tags, ownership_.TagsFor(certificate_id)).empty();
  return is_complete ? TagState::kComplete : TagState::kMissing;
}

Deployed StoredObjectDestination::Describe(const StoredObject& object, const Deployed& known) const {
  Deployed now = known;
  now.external_id = object.id;
  now.version = object.version;
  now.fingerprint_sha256 = object.leaf_sha256;
  now.parts = store_->PartsOf(object, known);
  const std::string tags(store_->traits().tags_part);
  if (!tags.empty() && TagsOf(object, known.certificate_id) == TagState::kComplete) now.parts.emplace(tags, "complete");
  now.notes = store_->NotesOf(object, known);
  return now;
}

std::unique_ptr<Destination> MakeStoredObjectDestination(std::unique_ptr<ObjectStore> store, const Setup& setup) {
  return std::make_unique<StoredObjectDestination>(std::move(store), setup);
}

}  // namespace engine::sync

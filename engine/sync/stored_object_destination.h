// SPDX-License-Identifier: MPL-2.0
// A destination whose certificates are named objects of a vendor. The vendor implements ObjectStore, which is API calls and
// facts; StoredObjectDestination makes the decisions of stored_object.h and calls it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/listing_cache.h"
#include "base/result.h"
#include "engine/sync/destination.h"
#include "engine/sync/ownership.h"
#include "engine/sync/stored_object.h"

namespace engine::sync {

enum class TagState { kComplete, kMissing };

using ObjectList = std::map<std::string, StoredObject>;

// Safe from many threads. Errors are the API's own; the driver passes each through Explain once.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Pure.
  virtual const StoreTraits& traits() const = 0;
  // By which Find finds what the state names.
  virtual std::string AddressOf(const Deployed& known) const { return known.external_id; }
  // Where a certificate goes: to its former object, unless it was renamed. An imported object has no name and keeps its own.
  // Empty where a new object is created without looking for one of the name first.
  virtual std::string AddressFor(std::string_view name, const Bundle& bundle, const Deployed* previous) const;
  // What a push sends, made once per push.
  virtual base::Json Render(const Bundle&, std::string_view) const { return {}; }
  virtual Match Compare(const StoredObject& object, const ObjectWrite& write) const = 0;
  // True if nobody else has written the object since the state was saved.
  virtual bool IsUnchanged(const StoredObject& object, const Deployed& known) const {
    return object.leaf_sha256 == known.fingerprint_sha256;
  }
  // Deployed::parts of the object; the driver adds those of `traits().tags_part`.
  virtual Parts PartsOf(const StoredObject& object, const Deployed& known) const = 0;
  // Deployed::notes of the object.
  virtual Notes NotesOf(const StoredObject&, const Deployed&) const { return {}; }
  // The message of a conflict: `object`, which is not this sync's, is in the way.
  virtual std::string ConflictMessage(const ObjectWrite& write, const StoredObject& object) const = 0;
  // Name and external id of what an import names. Errors: kInvalid or kNotFound when it cannot be an object of this store.
  virtual base::Result<Deployed> ParseId(std::string_view external_id) const {
    return Deployed{.external_id = std::string(external_id)};
  }
  // Adds what the user can do about an API error.
  virtual base::Error Explain(base::Error error) const { return error; }

  // Requests. Each blocks.
  virtual base::Result<std::optional<StoredObject>> Find(const base::Call& call, const std::string& address) = 0;
  // The objects of this sync, and maybe others, by address: once for many certificates. What it lacks is looked for with Find.
  virtual base::Result<ObjectList> List(const base::Call&) { return ObjectList(); }
  // Fetches what Find and the list leave out, unless the object is unchanged: then `known` has it.
  virtual base::Result<void> Load(const base::Call&, const Deployed&, StoredObject&) { return {}; }
  virtual base::Result<StoredObject> Create(const base::Call& call, const ObjectWrite& write) = 0;
  virtual base::Result<StoredObject> Replace(const base::Call& call, const ObjectWrite& write, const StoredObject& object) = 0;
  // The object that Find does not see and that made Create fail with `error`; empty when the name is not the cause.
  virtual base::Result<std::optional<StoredObject>> FindBlocker(const base::Call&, const ObjectWrite&, const base::Error&) {
    return std::optional<StoredObject>();
  }
  // Of an object that is kDeleted. Replace is called next.
  virtual base::Result<void> Restore(const base::Call&, const ObjectWrite&, const StoredObject&) { return {}; }
  // What follows once the content is there: tags that were not written with it, references to it.
  virtual base::Result<void> Complete(const base::Call&, const ObjectWrite&, StoredObject&) { return {}; }
  // An object that no longer exists is success.
  virtual base::Result<void> Remove(const base::Call& call, const StoredObject& object, const Deployed& deployed) = 0;
};

// Safe from many threads.
class StoredObjectDestination final : public Destination {
 public:
  StoredObjectDestination(std::unique_ptr<ObjectStore> store, const Setup& setup) : store_(std::move(store)), ownership_(setup) {}

  base::Result<std::optional<Deployed>> Observe(const base::Call& call, const Deployed& known) override;
  base::Result<void> Put(const base::Call& call, std::string_view name, const Bundle& bundle,
                         const std::optional<Deployed>& previous, std::optional<Deployed>& now) override;
  base::Result<Deployed> Adopt(const base::Call& call, std::string_view external_id, Adoption adoption) override;
  base::Result<void> Remove(const base::Call& call, const Deployed& deployed) override;

 private:
  base::Result<std::optional<Deployed>> TryObserve(const base::Call& call, const Deployed& known);
  base::Result<void> TryPut(const base::Call& call, const ObjectWrite& write, std::optional<Deployed>& now);
  base::Result<Deployed> TryAdopt(const base::Call& call, std::string_view external_id, Adoption adoption);
  base::Result<void> TryRemove(const base::Call& call, const Deployed& deployed);

  base::Result<std::optional<StoredObject>> FindCurrent(const base::Call& call, const Deployed& known);
  // `is_taken_over`: set if a sync of the same state had the object.
  base::Result<StoredObject> WriteContent(const base::Call& call, const ObjectWrite& write, bool& is_taken_over);
  base::Result<StoredObject> Overwrite(const base::Call& call, const ObjectWrite& write, const StoredObject& object,
                                       const Deployed* in_state, bool& is_taken_over);
  base::Result<std::optional<StoredObject>> FindResult(const base::Call& call, const ObjectWrite& write);
  TagState TagsOf(const StoredObject& object, std::string_view certificate_id) const;
  Deployed Describe(const StoredObject& object, const Deployed& known) const;

  std::unique_ptr<ObjectStore> store_;
  Ownership ownership_;
  base::ListingCache<StoredObject> list_;  // by address
};

std::unique_ptr<Destination> MakeStoredObjectDestination(std::unique_ptr<ObjectStore> store, const Setup& setup);

}  // namespace engine::sync

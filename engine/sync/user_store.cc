// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/user_store.h"

#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/key_locks.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/stored_object_destination.h"

namespace engine::sync {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;

constexpr std::chrono::milliseconds kMinLimit{1000};
constexpr std::chrono::milliseconds kMaxLimit = std::chrono::hours(1);

constexpr StoreTraits kMarkedTraits{.unmarked = UnmarkedRule::kUnchangedOrSame,
                                    .writes_tags_with_content = false,
                                    .tags_part = "marks",
                                    .certificate_mark = "a `certificate_id` that its store reports"};
constexpr StoreTraits kUnmarkedTraits{.unmarked = UnmarkedRule::kReceipt,
                                      .writes_tags_with_content = false,
                                      .certificate_mark = "a `certificate_id` that its store reports"};

// The channel, one request of a sync at a time. Safe from many threads.
class UserStoreClient {
 public:
  UserStoreClient(std::unique_ptr<UserStoreChannel> channel, const Setup& setup)
      : channel_(std::move(channel)),
        scope_{.sync_id = setup.sync_id, .settings = setup.settings.Map("settings")},
        turns_(setup.deps.shared->Get<base::KeyLocks>("user stores")) {}

  Result<UserStoreAnswer> Observe(const Call& call, const UserStoreObject& object) {
    return Ask(call, ObserveRequest(scope_, object));
  }
  Result<UserStoreAnswer> Put(const Call& call, const UserStoreObject& over, const Bundle& bundle) {
    auto answer = Ask(call, PutRequest(scope_, over, bundle));
    if (!answer || answer->fingerprint_sha256 == bundle.chain.front().fingerprint_sha256) return answer;
    return Error{ErrorKind::kProtocol, Cat("the answer to put has another `fingerprint_sha256` than the certificate: \"",
                                           answer->fingerprint_sha256, "\"")};
  }
  // What no longer exists is removed.
  Result<void> Remove(const Call& call, const UserStoreObject& object) {
    const auto text = Send(call, RemoveRequest(scope_, object));
    if (text) return ParseUserStoreRemoval(*text);
    return text.error().kind == ErrorKind::kNotFound ? Result<void>() : text.error();
  }

 private:
  Result<UserStoreAnswer> Ask(const Call& call, const UserStoreRequest& request) {
    const auto text = Send(call, request);
    return text ? ParseUserStoreAnswer(*text) : text.error();
  }
  Result<std::string> Send(const Call& call, const UserStoreRequest& request) {
    const auto turn = turns_->Acquire(call, scope_.sync_id);
    return turn ? channel_->Send(call, request) : turn.error();
  }

  std::unique_ptr<UserStoreChannel> channel_;
  const UserStoreScope scope_;
  std::shared_ptr<base::KeyLocks> turns_;  // shared by all destinations of one configuration
};

// An address is what a request says of the object: {"name": "web"} of one that may be there, {"external_id": …} besides of a
// known one.
std::string ToAddress(const std::string& name, const std::string& external_id) {
  Json address = Json::object();
  if (!name.empty()) address["name"] = name;
  if (!external_id.empty()) address["external_id"] = external_id;
  return base::DumpJson(address);
}

UserStoreObject FromAddress(const std::string& address) {
  const auto json = base::ParseJsonObject(address);
  if (!json) return {};
  return {.name = base::FindString(*json, "name").value_or(""),
          .external_id = base::FindString(*json, "external_id").value_or("")};
}

class UserObjectStore final : public ObjectStore {
 public:
  UserObjectStore(std::unique_ptr<UserStoreChannel> channel, const Setup& setup)
      : client_(std::move(channel), setup), has_marks_(setup.settings.Flag("marks")), resumes_create_(setup.resumes_create) {}

  const StoreTraits& traits() const override { return has_marks_ ? kMarkedTraits : kUnmarkedTraits; }
  std::string AddressOf(const Deployed& known) const override { return ToAddress(known.name, known.external_id); }
  std::string AddressFor(std::string_view name, const Bundle&, const Deployed* previous) const override {
    const bool stays = previous != nullptr && (previous->name.empty() || previous->name == name);
    return stays ? AddressOf(*previous) : ToAddress(std::string(name), {});
  }

  // What a store says beside the leaf cannot be compared with what it was not told to keep. Without a mark, the same certificate
  // may be anybody's, unless this run or one that was killed put it there.
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    if (object.leaf_sha256 != write.bundle->chain.front().fingerprint_sha256) return Match::kDifferent;
    const bool is_ours = !object.tags.empty() || resumes_create_ || WasSent(write.address);
    return is_ours ? Match::kSameContent : Match::kDifferent;
  }
  Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    return base::FindStringMap(object.details, "parts").empty() ? Parts() : object.details.at("parts").get<Parts>();
  }
  std::string ConflictMessage(const ObjectWrite& write, const StoredObject& object) const override {
    return Cat("\"", write.name, "\" (", object.id, ") exists and was not put there by this sync");
  }
  Result<Deployed> ParseId(std::string_view external_id) const override {
    if (!external_id.empty() && external_id.size() <= kMaxExternalId) return Deployed{.external_id = std::string(external_id)};
    return Error{ErrorKind::kInvalid, Cat("an external ID has between 1 and ", kMaxExternalId, " bytes")};
  }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& address) override {
    const UserStoreObject object = FromAddress(address);
    auto answer = base::OrAbsent(client_.Observe(call, object));
    if (!answer) return std::move(answer).error();
    // Another object of the name: the one that was asked for is gone.
    const bool is_other = *answer && !object.external_id.empty() && (*answer)->external_id != object.external_id;
    if (!*answer || is_other) return std::optional<StoredObject>();
    return std::optional(Describe(**answer));
  }
  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    return Write(call, write, {.name = write.name});
  }
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    return Write(call, write, {.name = write.name, .external_id = object.id, .version = object.version});
  }
  Result<void> Complete(const Call&, const ObjectWrite& write, StoredObject& object) override {
    if (!has_marks_ || MissingTags(object.tags, write.tags).empty()) return {};
    return Error{.kind = ErrorKind::kProtocol,
                 .message =
                     "the answer to put does not repeat `sync_id` and `certificate_id`, so nobody can see whose the object is; "
                     "keep them with it, or set `marks = false`",
                 .blame = DestinationField("marks")};
  }
  Result<void> Remove(const Call& call, const StoredObject& object, const Deployed& deployed) override {
    return client_.Remove(call, {.name = deployed.name,
                                 .external_id = object.id,
                                 .version = object.version,
                                 .certificate_id = deployed.certificate_id,
                                 .fingerprint_sha256 = object.leaf_sha256});
  }

 private:
  Result<StoredObject> Write(const Call& call, const ObjectWrite& write, const UserStoreObject& over) {
    {
      const std::lock_guard lock(mutex_);
      sent_.insert(write.address);
    }
    const auto answer = client_.Put(call, over, *write.bundle);
    return answer ? Result<StoredObject>(Describe(*answer)) : answer.error();
  }
  bool WasSent(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    return sent_.contains(address);
  }
  StoredObject Describe(const UserStoreAnswer& answer) const {
    return {.id = answer.external_id,
            .version = answer.version,
            .tags = has_marks_ ? answer.marks : Tags(),
            .leaf_sha256 = answer.fingerprint_sha256,
            .details = {{"parts", answer.parts}}};
  }

  UserStoreClient client_;
  const bool has_marks_;
  const bool resumes_create_;
  mutable std::mutex mutex_;
  std::set<std::string> sent_;  // addresses of what was put, whatever came of it; guarded by mutex_
};

// observe = false: nothing is asked, and the store decides what it writes over.
class UnobservedUserStore final : public Destination {
 public:
  UnobservedUserStore(std::unique_ptr<UserStoreChannel> channel, const Setup& setup) : client_(std::move(channel), setup) {}

  Result<std::optional<Deployed>> Observe(const Call&, const Deployed& known) override { return std::optional(known); }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    if (auto go_on = call.Check(); !go_on) return go_on;
    UserStoreObject over{.name = std::string(name)};
    if (previous && previous->name == name) {
      over.external_id = previous->external_id;
      over.version = previous->version;
    }
    const auto answer = client_.Put(call, over, bundle);
    if (!answer) return answer.error();
    call.log.Info("certificate stored", {{base::key::kName, answer->external_id}});
    now = Deployed{.name = std::string(name),
                   .external_id = answer->external_id,
                   .version = answer->version,
                   .fingerprint_sha256 = answer->fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .parts = answer->parts};
    return {};
  }

  Result<Deployed> Adopt(const Call&, std::string_view, Adoption) override {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = "nothing can be taken over unless it is looked at: import with `observe = true`",
                 .blame = DestinationField("observe")};
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    auto removed = client_.Remove(call, {.name = deployed.name,
                                         .external_id = deployed.external_id,
                                         .version = deployed.version,
                                         .certificate_id = deployed.certificate_id,
                                         .fingerprint_sha256 = deployed.fingerprint_sha256});
    if (removed) call.log.Info("certificate removed", {{base::key::kName, deployed.external_id}});
    return removed;
  }

 private:
  UserStoreClient client_;
};

std::optional<std::chrono::milliseconds> ParseLimit(const Settings& settings) {
  const auto limit = base::ParseDuration(settings.Text("timeout"));
  return limit && *limit >= kMinLimit && *limit <= kMaxLimit ? limit : std::nullopt;
}

}  // namespace

std::vector<connections::FieldProblem> CheckUserStore(const Settings& settings) {
  if (ParseLimit(settings)) return {};
  return {{"timeout", "Write a duration from `1s` to `1h`, such as `90s`."}};
}

std::chrono::milliseconds UserStoreCallLimit(const Settings& settings) { return ParseLimit(settings).value_or(kMaxLimit); }

Error ExplainCallLimit(const Call& call, std::chrono::milliseconds limit, Error error) {
  if (error.kind != ErrorKind::kTimeout || !call.Check()) return error;
  error.message = Cat("it took longer than ", base::FormatDuration(limit), ", the `timeout` of the destination");
  error.blame = DestinationField("timeout");
  return error;
}

std::unique_ptr<Destination> MakeUserStoreDestination(std::unique_ptr<UserStoreChannel> channel, const Setup& setup) {
  if (!setup.settings.Flag("observe")) return std::make_unique<UnobservedUserStore>(std::move(channel), setup);
  return MakeStoredObjectDestination(std::make_unique<UserObjectStore>(std::move(channel), setup), setup);
}

}  // namespace engine::sync

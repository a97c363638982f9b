// SPDX-License-Identifier: MPL-2.0
// A destination whose certificates are kept by a program or server of the user's own. The vendor implements UserStoreChannel,
// which carries one request there; whose an object is, and what a push does with it, is decided here and in stored_object.h.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/config_field.h"
#include "base/result.h"
#include "engine/sync/destination.h"
#include "engine/sync/user_store_protocol.h"

namespace engine::sync {

// One sync's, used by one thread at a time.
class UserStoreChannel {
 public:
  virtual ~UserStoreChannel() = default;
  // The text of the answer. Errors: kNotFound and kConflict if the store says so; kRateLimited if it asks to try later, and did
  // nothing; any other: the call failed, and whether it was carried out may be open (base::http::MayHaveActed). Blocks.
  virtual base::Result<std::string> Send(const base::Call& call, const UserStoreRequest& request) = 0;
};

// Of a destination over such a channel.
inline constexpr std::array<base::ConfigField, 4> kUserStoreFields = {{
    {.name = "settings",
     .kind = base::FieldKind::kStringMap,
     .doc =
         "Handed over with each request as it is, such as the name of a node. No secrets: it is in the state in plaintext. A change "
         "pushes all certificates again.",
     .identity = true},
    {.name = "observe",
     .kind = base::FieldKind::kBool,
     .default_value = "true",
     .doc =
         "Whether to ask in each plan what is deployed. If `false`, the answers of the last apply are relied on: changes at the "
         "destination are not detected, and a certificate is not handed from one sync to another."},
    {.name = "marks",
     .kind = base::FieldKind::kBool,
     .default_value = "true",
     .doc = "Whether `sync_id` and `certificate_id` are stored with each object and reported with it. If `false`, only the state "
            "records ownership."},
    {.name = "timeout", .default_value = "1m", .doc = "How long one call may take."},
}};

// DestinationSpec::validate.
std::vector<connections::FieldProblem> CheckUserStore(const Settings& settings);
// What the destinations over a channel have in common. `kind`: also that of their connection.
constexpr DestinationSpec UserStoreSpec(std::string_view kind, std::string_view title, std::string_view doc,
                                        base::Result<std::unique_ptr<Destination>> (*make)(const Setup&)) {
  return {
      .kind = kind,
      .title = title,
      .doc = doc,
      .connection = kind,
      .fields = kUserStoreFields,
      .external_ids = [](const Settings&) { return ExternalIds::kByObject; },
      .has_versions = true,
      .max_concurrency = 1,
      .check_name = nullptr,
      .validate = CheckUserStore,
      .make = make,
  };
}

// How long one call may take. Of settings in which CheckUserStore finds nothing.
std::chrono::milliseconds UserStoreCallLimit(const Settings& settings);
// `error`, or what to say instead if `limit` ended one of `call`'s requests, and not `call` itself.
base::Error ExplainCallLimit(const base::Call& call, std::chrono::milliseconds limit, base::Error error);

// Never has two requests of one sync under way.
std::unique_ptr<Destination> MakeUserStoreDestination(std::unique_ptr<UserStoreChannel> channel, const Setup& setup);

}  // namespace engine::sync

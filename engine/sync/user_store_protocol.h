// SPDX-License-Identifier: MPL-2.0
// The protocol of stores that users write themselves (docs/guides/sync-exec.md): one JSON object asks, one answers. How the two
// travel is the business of the vendors exec and webhook. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "base/settings.h"
#include "engine/sync/bundle.h"
#include "engine/sync/ownership.h"
#include "engine/sync/parts.h"

namespace engine::sync {

inline constexpr std::size_t kMaxUserStoreAnswer = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxExternalId = 512;

enum class UserStoreOperation { kObserve, kPut, kRemove };
std::string_view NameOf(UserStoreOperation operation);  // "observe"

// On its way to the store.
struct UserStoreRequest {
  UserStoreOperation operation = UserStoreOperation::kObserve;
  std::string subject{};       // what messages call the object
  base::Secret body{};         // the JSON object
  base::Secret private_key{};  // what of `body` must never be shown; empty: nothing
};

// What all requests of one sync say.
struct UserStoreScope {
  std::string sync_id{};
  base::SettingMap settings{};  // as configured, for the store to make sense of
};

// An object, as far as it is known. What is empty is left out of a request.
struct UserStoreObject {
  std::string name{};
  std::string external_id{};
  std::string version{};
  std::string certificate_id{};
  std::string fingerprint_sha256{};
};

UserStoreRequest ObserveRequest(const UserStoreScope& scope, const UserStoreObject& object);
// `over`: the object to write over; without an external ID, a new one. Its name is the one to write under. The only request that
// contains a private key.
UserStoreRequest PutRequest(const UserStoreScope& scope, const UserStoreObject& over, const Bundle& bundle);
UserStoreRequest RemoveRequest(const UserStoreScope& scope, const UserStoreObject& object);

struct UserStoreAnswer {
  std::string external_id;           // printable, at most kMaxExternalId bytes
  std::string version{};             // printable
  std::string fingerprint_sha256{};  // of the leaf, lower-case hexadecimal; empty: no certificate is there
  Tags marks{};                      // as the store keeps them
  Parts parts{};                     // as digests: whatever the store says, it is not kept
};

// The answer to observe and put. Errors: kProtocol: not one JSON object, too long, a member that is missing, unknown, or not as
// the protocol has it.
base::Result<UserStoreAnswer> ParseUserStoreAnswer(std::string_view text);
// The answer to remove, which is {}. Errors: kProtocol.
base::Result<void> ParseUserStoreRemoval(std::string_view text);

}  // namespace engine::sync

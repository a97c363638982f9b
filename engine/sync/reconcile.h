// SPDX-License-Identifier: MPL-2.0
// Reconcile: what is wanted against what is there, to what has to be done. Pure: no clock, no network.
//
// To be carried out in the given order: uploads come first, removals last, and once an upload has failed every kRemove is left
// for the next run (the entry stays in the state), so that nothing that serves is taken away while its successor is missing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/sync/destination.h"

namespace engine::sync {

// A certificate that shall be at the destination. An expired one is not wanted: the caller leaves it out.
struct Wanted {
  std::string key;   // of the sync's map of certificates
  std::string name;  // from the name schema
  std::string fingerprint_sha256;
  std::string certificate_id;
  std::string chain_sha256{};     // Bundle::ChainSha256
  bool settings_changed = false;  // of the destination: what is there is written anew
};

// A certificate that the state says this sync put there.
struct Existing {
  std::string key;
  Deployed known;                    // by the state
  std::optional<Deployed> observed;  // by Destination::Observe just now; empty: gone. `known` again when it could not be asked
};

enum class LeftBehind { kRemove, kLetGo };  // what happens to a certificate that left the sync: remove_expired true, false

enum class Action {
  kCreate,     // Put without previous
  kReplace,    // Put over `previous`
  kUnchanged,  // no call; `previous` is what is there
  kRemove,     // Remove(previous), unless an upload of the same run failed
  kLetGo,      // no call; the entry leaves the state, the object stays
};

struct Decision {
  std::string key;
  Action action = Action::kUnchanged;
  std::optional<Deployed> previous{};  // empty for kCreate only
  std::string reason{};                // why, for the log: "renewed", "the tags are missing"; empty for kUnchanged
  std::string former_key{};            // set when the entry moved from this key to `key`: no call is due for `former_key`
};

// One decision for each wanted key, in the order of `wanted`, then one for each existing key that is wanted no more. An entry
// whose key changed while its certificate stayed keeps its object: it is found by the certificate id first, by the key second.
// What is superseded is always removed. An entry whose parts are not known gets those that were observed. Errors: kInvalid when
// two keys would get the same name.
base::Result<std::vector<Decision>> Decide(std::span<const Wanted> wanted, std::span<const Existing> existing,
                                           LeftBehind left_behind);

}  // namespace engine::sync

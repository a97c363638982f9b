// SPDX-License-Identifier: MPL-2.0
#include "resources/lost_keys.h"

#include <mutex>
#include <set>
#include <string>

#include "base/text.h"

namespace resources {
namespace {

// The key IDs (empty for none) that this run has asked for.
class AskedFor {
 public:
  bool IsFirst(const std::string& key_id) {
    const std::lock_guard lock(mutex_);
    return key_ids_.insert(key_id).second;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> key_ids_;
};

// The ID of the key that sealed something in the state; empty if nothing is sealed in it.
std::string KeyIdIn(const schema::cty::Value& prior) {
  if (!prior.is_known()) return {};
  for (const auto& [name, value] : prior.AsMembers()) {
    if (!value.is_known() || value.type().kind() != schema::cty::Kind::kString) continue;
    const auto prefix = sealed::ReadHandlePrefix(value.AsString());
    if (prefix) return base::Printable(prefix->key_id, 16);
  }
  return {};
}

constexpr std::string_view kWayOut =
    "If the key is lost, see the guide on sealing keys. `terraform destroy -refresh=false` works without it, but only forgets: what "
    "was deployed stays at the destinations, accounts stay active, and nothing is revoked.";

}  // namespace

bool HasSealingKey(const Context& context, const schema::cty::Value& prior, schema::Diagnostics& diagnostics) {
  if (context.sealer.state() != sealed::Sealer::State::kMissing) return true;
  const std::string key_id = KeyIdIn(prior);
  // One error ends the run: a thousand certificates need not say the same.
  if (!context.shared->Get<AskedFor>()->IsFirst(key_id)) return false;
  if (key_id.empty()) {
    diagnostics.Error(
        "The provider has no sealing key",
        "Secrets are sealed before they enter the state, and that needs a key. Set the environment variable "
        "CERTWRIGHT_SEALING_KEY, or `sealing_key` of the provider (from an ephemeral variable), to the key of this state. If "
        "the state is new, generate one with `openssl rand -base64 32`, and keep it as long as the state.");
  } else {
    diagnostics.Error(
        "The provider has no sealing key",
        base::Cat("The state was sealed with the key ", key_id,
                  ". Set the environment variable CERTWRIGHT_SEALING_KEY, or `sealing_key` of the provider, to that "
                  "key: a new one cannot open what the state contains. ",
                  kWayOut));
  }
  return false;
}

bool IsAbandoned(const Context& context, const schema::Field<base::Secret>& handle) {
  if (!context.abandon_unreadable_handles || !handle.is_known()) return false;
  return context.sealer.state() == sealed::Sealer::State::kReady && !context.sealer.HasKeyOf(handle.OrEmpty().Reveal());
}

}  // namespace resources

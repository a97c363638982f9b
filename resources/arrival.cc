// SPDX-License-Identifier: MPL-2.0
#include "resources/arrival.h"

#include <nlohmann/json.hpp>

namespace resources {
namespace {

using schema::cty::Value;

constexpr const char* kUnsealed = "unsealed_payload";

}  // namespace

base::Result<Stored> Arrive(const Sealer& sealer, std::string_view kind, const base::Secret& payload, Value state) {
  if (sealer.state() != Sealer::State::kReady) {
    return Stored{.state = std::move(state), .private_data = nlohmann::json{{kUnsealed, payload.Reveal()}}.dump()};
  }
  auto handle = sealer.Seal(kind, payload);
  if (!handle) return std::move(handle).error();
  return Stored{.state = state.With("handle", Value::String(*std::move(handle)))};
}

base::Result<Stored> SealArrived(const Sealer& sealer, std::string_view kind, const Stored& stored) {
  if (stored.state.is_null() || !stored.state.Get("handle").is_null()) return stored;
  const auto waiting = nlohmann::json::parse(stored.private_data, nullptr, false);
  if (!waiting.is_object() || !waiting.contains(kUnsealed)) return stored;
  if (sealer.state() != Sealer::State::kReady) {
    return base::Error{
        base::ErrorKind::kInvalid,
        "the sealing key is not known yet, and what was moved here has to be sealed now: set CERTWRIGHT_SEALING_KEY, "
        "or a sealing_key that is known when planning"};
  }
  return Arrive(sealer, kind, base::Secret(waiting.value(kUnsealed, "")), stored.state);
}

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
#include "resources/deferred_sealing.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace resources {
namespace {

using schema::cty::Value;
using sealed::Sealer;

constexpr const char* kUnsealed = "unsealed_payload";
// Every resource that others refer to has this attribute.
constexpr std::string_view kHandle = "handle";

// What waits to be sealed; empty when nothing does.
base::Secret FindUnsealed(const Stored& stored) {
  if (stored.state.is_null() || !stored.state.Get(kHandle).is_null()) return {};
  const auto waiting = nlohmann::json::parse(stored.private_data, nullptr, false);
  return base::Secret(waiting.is_object() ? waiting.value(kUnsealed, "") : "");
}

void WarnOfUnsealed(const Stored& stored, schema::Diagnostics& diagnostics) {
  if (FindUnsealed(stored).empty()) return;
  diagnostics.Warning("What is moved is not sealed yet",
                      "CERTWRIGHT_SEALING_KEY is not set, and Terraform moves objects before it configures the provider. The "
                      "refresh seals the keys, but a plan that is saved with -out holds them in clear, as the old state does. "
                      "Set CERTWRIGHT_SEALING_KEY to seal them at once.");
}

}  // namespace

base::Result<Stored> SealNowOrLater(const Sealer& sealer, std::string_view kind, const base::Secret& payload, Value state) {
  if (sealer.state() != Sealer::State::kReady) {
    return Stored{.state = std::move(state), .private_data = nlohmann::json{{kUnsealed, payload.Reveal()}}.dump()};
  }
  auto handle = sealer.Seal(kind, payload);
  if (!handle) return std::move(handle).error();
  return Stored{.state = state.With(kHandle, Value::String(*std::move(handle)))};
}

ImportResult FinishMove(base::Result<Stored> moved, const MoveRequest& request, const schema::Schema& target) {
  ImportResult result{.stored = {.state = Value::Null(target.ImpliedType())}};
  if (moved) {
    WarnOfUnsealed(*moved, result.diagnostics);
    result.stored = *std::move(moved);
  } else {
    result.diagnostics.Error(base::Cat("This ", request.source_type, " cannot be moved"), moved.error(),
                             "Without the moved block a new one is made; `terraform state rm` lets go of the old one without "
                             "revoking or deactivating it.");
  }
  return result;
}

base::Result<void> CheckSealed(const Stored& stored) {
  if (FindUnsealed(stored).empty()) return {};
  return base::Error{base::ErrorKind::kInvalid,
                     "what was moved here has to be sealed first, or a failed apply would save its key in clear: plan without "
                     "-refresh=false, or set CERTWRIGHT_SEALING_KEY"};
}

base::Result<Stored> SealDeferred(const Sealer& sealer, std::string_view kind, const Stored& stored) {
  const base::Secret waiting = FindUnsealed(stored);
  if (waiting.empty()) return stored;
  if (sealer.state() != Sealer::State::kReady) {
    return base::Error{
        base::ErrorKind::kInvalid,
        "the sealing key is not known yet, and what was moved here has to be sealed now: set CERTWRIGHT_SEALING_KEY, "
        "or a sealing_key that is known when planning"};
  }
  return SealNowOrLater(sealer, kind, waiting, stored.state);
}

}  // namespace resources

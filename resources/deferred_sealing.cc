// SPDX-License-Identifier: MPL-2.0
#include "resources/deferred_sealing.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/text.h"

namespace resources {
namespace {

using nlohmann::json;
using schema::cty::Value;
using sealed::Sealable;
using sealed::Sealer;

constexpr const char* kUnsealed = "unsealed";
constexpr const char* kKind = "kind";
constexpr const char* kFacts = "facts";
constexpr const char* kPayload = "payload_base64";
// Every resource that others refer to has this attribute.
constexpr std::string_view kHandle = "handle";

std::string ToText(const Sealable& content) {
  return json{{kUnsealed, {{kKind, content.kind}, {kFacts, content.facts}, {kPayload, base::Base64(content.payload.Reveal())}}}}
      .dump();
}

// What waits to be sealed; empty if nothing does.
std::optional<Sealable> FindUnsealed(const Stored& stored) {
  if (stored.state.is_null() || !stored.state.Get(kHandle).is_null()) return std::nullopt;
  const auto data = json::parse(stored.private_data, nullptr, false);
  if (!data.is_object() || !data.contains(kUnsealed) || !data[kUnsealed].is_object()) return std::nullopt;
  const json& waiting = data[kUnsealed];
  auto payload = base::FromBase64(waiting.value(kPayload, ""));
  if (!payload || payload->empty()) return std::nullopt;
  return Sealable{
      .kind = waiting.value(kKind, ""), .facts = waiting.value(kFacts, ""), .payload = base::Secret(*std::move(payload))};
}

void WarnOfUnsealed(const Stored& stored, schema::Diagnostics& diagnostics) {
  if (!FindUnsealed(stored)) return;
  diagnostics.Warning("What is moved is not sealed yet",
                      "CERTWRIGHT_SEALING_KEY is not set, and Terraform moves objects before it configures the provider. The "
                      "refresh seals the keys, but a plan that is saved with -out holds them in clear, as the old state does. "
                      "Set CERTWRIGHT_SEALING_KEY to seal them at once.");
}

}  // namespace

base::Result<Stored> SealNowOrLater(const Sealer& sealer, const Sealable& content, Value state) {
  if (sealer.state() != Sealer::State::kReady) return Stored{.state = std::move(state), .private_data = ToText(content)};
  auto handle = Seal(sealer, content);
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
  if (!FindUnsealed(stored)) return {};
  return base::Error{base::ErrorKind::kInvalid,
                     "what was moved here has to be sealed first, or a failed apply would save its key in clear: plan without "
                     "-refresh=false, or set CERTWRIGHT_SEALING_KEY"};
}

base::Result<Stored> SealDeferred(const Sealer& sealer, const Stored& stored) {
  const auto waiting = FindUnsealed(stored);
  if (!waiting) return stored;
  if (sealer.state() != Sealer::State::kReady) {
    return base::Error{
        base::ErrorKind::kInvalid,
        "the sealing key is not known yet, and what was moved here has to be sealed now: set CERTWRIGHT_SEALING_KEY, "
        "or a sealing_key that is known when planning"};
  }
  return SealNowOrLater(sealer, *waiting, stored.state);
}

}  // namespace resources

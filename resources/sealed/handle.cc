// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/handle.h"

#include <algorithm>

#include "base/crypto/aes_siv.h"
#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace resources::sealed {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::string_view kFormat1 = "cw1:";
constexpr std::string_view kFormat2 = "cw2:";
constexpr std::string_view kHkdfSalt = "certwright sealed handle";

struct Parts {
  int format;
  std::string_view kind;
  std::string_view facts;
  std::string_view key_id;
  std::string_view body;    // base64url
  std::string_view prefix;  // everything before the body, bound as associated data
};

std::string What(std::string_view kind) {
  if (kind == handle_kind::kConnection) return "an app connection (certwright_app_connection_*)";
  if (kind == handle_kind::kCa) return "an external CA (certwright_external_ca_acme)";
  if (kind == handle_kind::kProfile) return "a certificate profile (certwright_certificate_profile)";
  if (kind == handle_kind::kCertificate) return "a certificate (certwright_certificate)";
  if (kind == handle_kind::kSync) return "the receipt of a sync";
  if (kind == handle_kind::kJournal) return "a journal entry";
  if (kind == handle_kind::kSecrets) return "a sync's secret settings";
  return "something else";
}

Error NotAHandle(std::string_view kind) {
  return Error{ErrorKind::kInvalid,
               Cat("this is not the handle of ", What(kind), ": pass its `.handle` attribute (not `.id` or a name of it)")};
}

// True for "cw3:…" and later formats.
bool IsNewer(std::string_view handle) {
  const auto end = handle.find(':');
  if (!handle.starts_with("cw") || end == std::string_view::npos || end < 3 || end > 6) return false;
  const std::string_view number = handle.substr(2, end - 2);
  const bool is_number = number.find_first_not_of("0123456789") == std::string_view::npos && number.front() != '0';
  return is_number && number != "1" && number != "2";
}

Error TooNew() {
  return Error{ErrorKind::kInvalid, "this handle was sealed by a newer version of the provider: upgrade the provider"};
}

// The text up to the next colon, which is removed from `rest` with it. Empty if there is no colon.
std::optional<std::string_view> Take(std::string_view& rest) {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto taken = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  return taken;
}

// Empty if the text does not have the form of a handle.
std::optional<Parts> Divide(std::string_view handle) {
  const bool is_first = handle.starts_with(kFormat1);
  if (!is_first && !handle.starts_with(kFormat2)) return std::nullopt;
  std::string_view rest = handle.substr(kFormat1.size());
  const auto kind = Take(rest);
  const auto facts = is_first ? std::optional(std::string_view()) : Take(rest);
  const auto key_id = Take(rest);
  if (!kind || !facts || !key_id) return std::nullopt;
  return Parts{.format = is_first ? 1 : 2,
               .kind = *kind,
               .facts = *facts,
               .key_id = *key_id,
               .body = rest,
               .prefix = handle.substr(0, handle.size() - rest.size())};
}

Result<Parts> Split(std::string_view kind, std::string_view handle) {
  if (IsNewer(handle)) return TooNew();
  const auto parts = Divide(handle);
  if (!parts) return NotAHandle(kind);
  if (parts->kind != kind) {
    return Error{ErrorKind::kInvalid, Cat("this is the handle of ", What(parts->kind), ", but the handle of ", What(kind),
                                          " belongs here: pass that resource's `.handle`")};
  }
  return *parts;
}

HandlePrefix PrefixOf(const Parts& parts) {
  return {.format = parts.format,
          .kind = std::string(parts.kind),
          .facts = std::string(parts.facts),
          .key_id = std::string(parts.key_id)};
}

Error NoKey() {
  return Error{ErrorKind::kInvalid,
               "the provider has no sealing key: set CERTWRIGHT_SEALING_KEY or the provider's sealing_key to 32 random bytes in "
               "base64 (openssl rand -base64 32), and keep it as long as the state"};
}

}  // namespace

Result<SealingKey> SealingKey::Parse(const base::Secret& base64) {
  std::optional<std::string> bytes = base::FromBase64(base::Trim(base64.Reveal()));
  if (!bytes || bytes->size() != 32) {
    return Error{
        ErrorKind::kInvalid,
        bytes ? Cat("a sealing key has 32 bytes, this one has ", bytes->size(), ": make one with `openssl rand -base64 32`")
              : "a sealing key is 32 bytes in base64, and this is no base64: make one with `openssl rand -base64 32`"};
  }
  const base::Secret key(std::move(*bytes));
  const base::Secret id = base::crypto::HkdfSha256(key, kHkdfSalt, "key id", 4);
  return SealingKey(base::Hex(id.Reveal()),
                    base::crypto::HkdfSha256(key, kHkdfSalt, "aes-256-siv", base::crypto::kAesSivKeyBytes));
}

Sealer Sealer::Ready(SealingKey present, std::vector<SealingKey> previous) {
  Sealer sealer(State::kReady);
  sealer.keys_.push_back(std::move(present));
  for (SealingKey& key : previous) sealer.keys_.push_back(std::move(key));
  return sealer;
}

Result<std::string> Sealer::Seal(std::string_view kind, const base::Secret& payload, std::string_view facts) const {
  if (state_ != State::kReady) return NoKey();
  const SealingKey& key = keys_.front();
  const std::string prefix = Cat(KnownPrefix(kind, facts), key.id(), ':');
  auto sealed = base::crypto::AesSivSeal(key.cipher_key(), payload, prefix);
  if (!sealed) return std::move(sealed).error().While("sealing a handle");
  return prefix + base::Base64Url(*sealed);
}

Result<Opened> Sealer::Open(std::string_view kind, std::string_view handle) const {
  const auto parts = Split(kind, handle);
  if (!parts) return parts.error();
  if (state_ != State::kReady) return NoKey();
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const SealingKey& one) { return one.id() == parts->key_id; });
  if (key == keys_.end()) {
    return Error{ErrorKind::kInvalid, Cat("this handle of ", What(kind), " was sealed with the key ",
                                          base::Printable(parts->key_id, 16), ", and the provider has ",
                                          base::Join(
                                              [&] {
                                                std::vector<std::string> ids;
                                                for (const SealingKey& one : keys_) ids.push_back(one.id());
                                                return ids;
                                              }(),
                                              ", "),
                                          ": add the old key to previous_sealing_keys, or set sealing_key back")};
  }
  const auto bytes = base::FromBase64Url(parts->body);
  auto payload = bytes ? base::crypto::AesSivOpen(key->cipher_key(), *bytes, parts->prefix)
                       : Result<base::Secret>(Error{ErrorKind::kInvalid, "not base64url"});
  if (!payload) {
    return Error{ErrorKind::kInvalid, Cat("this handle of ", What(kind),
                                          " is cut off or was altered: pass the resource's `.handle` "
                                          "unchanged, or restore the state from a backup")};
  }
  return Opened{.prefix = PrefixOf(*parts), .payload = *std::move(payload)};
}

Result<base::Secret> Sealer::Derive(const base::Secret& secret, std::string_view label) const {
  if (state_ != State::kReady) return NoKey();
  // The first part has a fixed length.
  const base::Secret both(Cat(keys_.front().cipher_key().Reveal(), secret.Reveal()));
  return base::crypto::HkdfSha256(both, kHkdfSalt, Cat("derived: ", label), 32);
}

bool Sealer::FindsKeyIn(std::string_view text) const {
  constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t kDigits = 43;  // of 32 bytes, before the padding
  while (!text.empty()) {
    const std::size_t length = std::min(text.find_first_not_of(kBase64), text.size());
    if (length == kDigits) {
      const auto key = SealingKey::Parse(base::Secret(Cat(text.substr(0, length), "=")));
      const bool is_ours =
          key && std::any_of(keys_.begin(), keys_.end(), [&](const SealingKey& one) { return one.id() == key->id(); });
      if (is_ours) return true;
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return false;
}

bool Sealer::IsStale(std::string_view handle) const {
  if (state_ != State::kReady) return false;
  const auto parts = Divide(handle);
  return !parts || parts->format != 2 || parts->key_id != keys_.front().id();
}

bool Sealer::HasKeyOf(std::string_view handle) const {
  const auto parts = Divide(handle);
  return parts && std::any_of(keys_.begin(), keys_.end(), [&](const SealingKey& one) { return one.id() == parts->key_id; });
}

Result<HandlePrefix> ReadHandlePrefix(std::string_view handle) {
  if (IsNewer(handle)) return TooNew();
  const auto parts = Divide(handle);
  if (!parts) return Error{ErrorKind::kInvalid, "this is not a handle: pass the `.handle` attribute of a resource"};
  return PrefixOf(*parts);
}

std::string KnownPrefix(std::string_view kind, std::string_view facts) { return Cat(kFormat2, kind, ':', facts, ':'); }

std::string FactsInPrefix(std::string_view kind, std::string_view prefix) {
  const std::string head = Cat(kFormat2, kind, ':');
  if (!prefix.starts_with(head)) return {};
  prefix.remove_prefix(head.size());
  return std::string(prefix.substr(0, prefix.find(':')));
}

Result<void> CheckHandleForm(std::string_view kind, std::string_view handle) {
  if (const auto parts = Split(kind, handle); !parts) return parts.error();
  return {};
}

}  // namespace resources::sealed

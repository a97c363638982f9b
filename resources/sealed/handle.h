// SPDX-License-Identifier: MPL-2.0
// Sealed handles: cw2:<kind>:<facts>:<key id>:<base64url>. The payload is encrypted with AES-SIV (RFC 5297) under a key derived
// by HKDF-SHA256 from the provider's sealing key; the clear prefix is associated data. Deterministic: equal content under one key
// is an equal handle. Handles of the first format, cw1:<kind>:<key id>:<base64url>, still open.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace resources::sealed {

namespace handle_kind {
inline constexpr std::string_view kConnection = "connection";
inline constexpr std::string_view kCa = "ca";
inline constexpr std::string_view kProfile = "profile";  // a CA with the certificate profiles that narrow it
inline constexpr std::string_view kCertificate = "certificate";
inline constexpr std::string_view kJournal = "journal";  // no attribute: an entry of the journal
inline constexpr std::string_view kSync = "sync";        // the receipt of a sync
inline constexpr std::string_view kSecrets = "secrets";  // no attribute: secret settings of a sync, in its private data
}  // namespace handle_kind

// One sealing key: 32 random bytes, given as base64. Its id is public: 8 hex digits of HKDF output.
class SealingKey {
 public:
  // Errors: kInvalid: not base64, or not 32 bytes. The message never shows the text.
  static base::Result<SealingKey> Parse(const base::Secret& base64);
  const std::string& id() const { return id_; }
  const base::Secret& cipher_key() const { return cipher_key_; }

 private:
  SealingKey(std::string id, base::Secret cipher_key) : id_(std::move(id)), cipher_key_(std::move(cipher_key)) {}
  std::string id_;
  base::Secret cipher_key_;  // 64 bytes
};

// The clear part of a handle.
struct HandlePrefix {
  int format = 0;      // 1 or 2
  std::string kind;    // as in handle_kind, or what another version calls another kind
  std::string facts;   // public metadata that is known before the payload is; empty in format 1
  std::string key_id;  // of the key that sealed it
};

struct Opened {
  HandlePrefix prefix;
  base::Secret payload;
};

class Sealer {
 public:
  enum class State { kReady, kUnknown, kMissing };

  static Sealer Missing() { return Sealer(State::kMissing); }
  static Sealer Unknown() { return Sealer(State::kUnknown); }
  static Sealer Ready(SealingKey present, std::vector<SealingKey> previous);

  State state() const { return state_; }
  // `facts`: letters, digits, '.', '-', '_' and ','.
  // Errors: kInvalid if no key is configured, with how to make one; kInternal.
  base::Result<std::string> Seal(std::string_view kind, const base::Secret& payload, std::string_view facts = {}) const;
  // Errors: kInvalid, each saying which and what to do: no key configured; not a handle (an ID was passed: "pass .handle");
  // of another kind; of a newer format; sealed with a key that is not configured (its ID); cut off or altered.
  base::Result<Opened> Open(std::string_view kind, std::string_view handle) const;
  // 32 bytes that only a holder of both the present key and `secret` can make, the same for the same label. Errors: kInvalid as
  // Seal.
  base::Result<base::Secret> Derive(const base::Secret& secret, std::string_view label) const;
  // True if the text contains one of the keys, present or previous, as it is configured.
  bool FindsKeyIn(std::string_view text) const;
  // True if `handle` is of an earlier format or sealed with another key than the present one. Reads the clear prefix only; false
  // without a key.
  bool IsStale(std::string_view handle) const;
  // True if a configured key sealed `handle`. Reads the clear prefix only; false for what is no handle.
  bool HasKeyOf(std::string_view handle) const;

 private:
  explicit Sealer(State state) : state_(state) {}
  State state_;
  std::vector<SealingKey> keys_;  // the present one first
};

// Errors: kInvalid: not a handle, or one of a newer format.
base::Result<HandlePrefix> ReadHandlePrefix(std::string_view handle);

// What is known of a handle with these facts before it is sealed: a prefix of it.
std::string KnownPrefix(std::string_view kind, std::string_view facts);

// The facts, as far as `prefix`, the known beginning of a handle of this kind, contains them.
std::string FactsInPrefix(std::string_view kind, std::string_view prefix);

// Checks what needs no key: form and kind. Errors: kInvalid as Sealer::Open.
base::Result<void> CheckHandleForm(std::string_view kind, std::string_view handle);

}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
// TSIG (RFC 8945): a message signed with a shared key, and the proof that the reply comes from who holds the same key.
// Own wire work: ldns tells a wrong key, a wrong secret and a wrong clock apart no longer once it has looked at the reply.
// Left out: truncated MACs, HMAC-MD5, HMAC-SHA1, GSS-TSIG, streams of several messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/crypto/digest.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::dns {

struct TsigKey {
  std::string name;                           // a domain name, such as "update-key."
  crypto::Hash hash = crypto::Hash::kSha256;  // kSha256, kSha384 or kSha512
  Secret secret{};                            // raw bytes
};

// "hmac-sha256", "hmac-sha384", "hmac-sha512", in any case, with or without final dot. Empty for others.
std::optional<crypto::Hash> ParseTsigAlgorithm(std::string_view name);

struct SignedMessage {
  std::string wire;
  std::string mac;  // the reply's MAC covers it
};

// Errors: kInvalid (the key's name is not a domain name).
Result<SignedMessage> SignMessage(std::string_view message, const TsigKey& key, TimePoint now);

// True for a DNS message without any signature, right or wrong.
bool IsUnsigned(std::string_view reply);

// Errors: kDenied (the server refuses the request's signature; error.code is its word: "BADKEY", "BADSIG", "BADTIME",
// "BADTRUNC"), kProtocol (no signature, another key, wrong or altered, not a DNS message).
Result<void> VerifyReply(std::string_view reply, const TsigKey& key, std::string_view request_mac, TimePoint now);

}  // namespace base::dns

// SPDX-License-Identifier: MPL-2.0
// The issued certificate (RFC 8555 sections 7.4.2 and 9.1): downloaded, and compared with what was asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/client.h"

namespace engine::acme {

using Chain = std::vector<base::crypto::Certificate>;  // leaf first

// Which of the chains that a CA offers is wanted.
struct PreferredChain {
  std::string certificate;  // the common name of an issuer, or the SHA-256 fingerprint of a certificate of the chain
  bool strict = false;      // not offered: an error, else the CA's own choice is taken
};

struct Download {
  Chain chain;
  std::vector<std::string> offered{};  // when none was the preferred one: the topmost issuer of each
};

// The chain; the alternates (section 7.4.2) are fetched only when the CA's own choice is not the preferred one.
// Errors: kProtocol (no PEM chain), kInvalid (the preferred chain is not offered and strict).
base::Result<Download> DownloadChain(const base::Call& call, Client& client, const Account& account, const std::string& url,
                                     const std::optional<PreferredChain>& preferred);

// True when a certificate of the chain was issued by that common name, or has that SHA-256 fingerprint (hex, colons and case are
// free). Pure.
bool IsChainOf(const Chain& chain, std::string_view certificate);

// kProtocol unless the leaf is for this key (SubjectPublicKeyInfo) and exactly these names, and its dates hold `now`. Pure.
base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, std::string_view public_key_der,
                             std::vector<std::string> dns_names, base::TimePoint now);

}  // namespace engine::acme

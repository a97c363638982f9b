// SPDX-License-Identifier: MPL-2.0
// The issued certificate (RFC 8555 sections 7.4.2 and 9.1): downloaded, verified, and compared with what was asked for.
#pragma once

#include <map>
#include <mutex>
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
  std::string certificate;  // the common name of the topmost issuer, or the SHA-256 fingerprint of a certificate of the chain
  bool strict = false;      // not offered: an error. Else the chain in which it is nearest to the top, or the CA's own choice
};

struct Download {
  Chain chain;
  std::vector<std::string> offered{};  // when none was the preferred one: the topmost issuer of each
  std::string unknown_root{};          // the topmost issuer, when no chain ends at a trusted root
};

// The chain; the alternates (section 7.4.2) are fetched only when the CA's own choice is not the preferred one, does not hold
// together, or does not end at a trusted root.
// Errors: kProtocol (no PEM chain; none in which each certificate is issued by the next), kInvalid (the preferred chain is not
// offered and strict).
base::Result<Download> DownloadChain(const base::Call& call, Client& client, const Account& account, const std::string& url,
                                     const std::optional<PreferredChain>& preferred);

// How far below the top of the chain the common name issued a certificate, or a certificate has that SHA-256 fingerprint (hex,
// colons and case are free): 0 is the top. Empty: nowhere. Pure.
std::optional<std::size_t> PlaceInChain(const Chain& chain, std::string_view certificate);

// kProtocol unless the leaf is for this key (SubjectPublicKeyInfo) and all of these names. More names are the CA's doing
// (templates of step-ca), and its dates are not compared with a clock that may be wrong. Pure.
base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, std::string_view public_key_der,
                             const std::vector<std::string>& dns_names);

// Keeps which certificates are issued by a trusted root, since orders share them. Safe from many threads.
class TrustedTops {
 public:
  bool IsTrusted(const base::crypto::Certificate& top, std::string_view trusted_roots_pem);

 private:
  std::mutex mutex_;
  std::map<std::string, bool> known_;  // by fingerprint; guarded by mutex_
};

}  // namespace engine::acme

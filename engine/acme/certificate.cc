// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/certificate.h"

#include <algorithm>
#include <tuple>

#include "base/crypto/issuer.h"
#include "base/http/trust_store.h"
#include "base/text.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/link.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Error;
using base::ErrorKind;

Error Wrong(std::string what) {
  return {ErrorKind::kProtocol, base::Cat("the CA returned another certificate than ordered: ", what)};
}

struct Reply {
  Chain chain;
  std::vector<std::string> alternates;  // URLs
};

base::Result<Reply> FetchChain(const base::Call& call, Client& client, const Account& account, const std::string& url) {
  auto response = SendSigned(call, client, SignerOf(account),
                             {.url = url, .accept = "application/pem-certificate-chain", .patience = Patience::kHandedOut});
  if (!response) return std::move(response).error();
  auto chain = base::crypto::ParseChain(response->body);
  if (chain) return Reply{*std::move(chain), LinksOf(*response, "alternate", url)};
  return Error{ErrorKind::kProtocol, base::Cat("the CA's answer is no certificate chain: ", chain.error().message)};
}

std::string TopIssuer(const Chain& chain) { return base::Printable(chain.back().issuer_common_name, 100); }

// What speaks for a chain, the better one first.
enum class Trust { kToARoot, kToAnUnknownRoot, kBroken };

struct Candidate {
  Chain chain;
  std::optional<std::size_t> place;  // of the preferred certificate; 0 without one
  Trust trust = Trust::kBroken;
};

bool IsFingerprint(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return c != ':'; }) == 64;
}

// True if a strict wish is met: a name may also occur below the top, where it says nothing about the chain's root.
bool IsPreferred(const Candidate& candidate, const PreferredChain& preferred) {
  return candidate.place && (*candidate.place == 0 || IsFingerprint(preferred.certificate));
}

bool HoldsTogether(const Chain& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (!base::crypto::IsIssuedBy(chain[i], chain[i + 1])) return false;
  }
  return true;
}

Candidate Judge(Client& client, Chain chain, const std::optional<PreferredChain>& preferred) {
  Candidate candidate{.chain = std::move(chain), .place = 0};
  if (preferred) candidate.place = PlaceInChain(candidate.chain, preferred->certificate);
  if (!HoldsTogether(candidate.chain)) return candidate;
  const bool is_trusted = client.trusted_tops.IsTrusted(candidate.chain.back(), client.options.trusted_roots_pem);
  candidate.trust = is_trusted ? Trust::kToARoot : Trust::kToAnUnknownRoot;
  return candidate;
}

bool IsGoodEnough(const Candidate& candidate) { return candidate.place == 0 && candidate.trust == Trust::kToARoot; }

// The better one; of equals the one that the CA offers first.
bool IsBetter(const Candidate& a, const Candidate& b) {
  constexpr std::size_t kNowhere = 1000;
  return std::tuple(a.trust == Trust::kBroken, a.place.value_or(kNowhere), a.trust) <
         std::tuple(b.trust == Trust::kBroken, b.place.value_or(kNowhere), b.trust);
}

// The chains that the CA offers, its own choice first, up to one that is good enough.
base::Result<std::vector<Candidate>> FetchCandidates(const base::Call& call, Client& client, const Account& account,
                                                     const std::string& url, const std::optional<PreferredChain>& preferred) {
  auto usual = FetchChain(call, client, account, url);
  if (!usual) return std::move(usual).error().While("downloading the certificate");
  std::vector<Candidate> candidates{Judge(client, std::move(usual->chain), preferred)};
  for (const std::string& alternate : usual->alternates) {
    if (IsGoodEnough(candidates.back())) break;
    auto other = FetchChain(call, client, account, alternate);
    if (other) {
      candidates.push_back(Judge(client, std::move(other->chain), preferred));
    } else if (preferred && preferred->strict) {
      return std::move(other).error().While("downloading an alternate chain of the certificate");
    } else {
      call.log.Warn("an alternate chain is not available",
                    {{base::key::kUrl, alternate}, {base::key::kError, other.error().message}});
    }
  }
  return candidates;
}

}  // namespace

bool TrustedTops::IsTrusted(const base::crypto::Certificate& top, std::string_view trusted_roots_pem) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(top.fingerprint_sha256); known != known_.end()) return known->second;
  }
  const bool is_trusted =
      base::crypto::FindIssuer(top, trusted_roots_pem) || base::crypto::FindIssuer(top, base::http::ReadTrustBundle());
  const std::lock_guard lock(mutex_);
  return known_[top.fingerprint_sha256] = is_trusted;
}

std::optional<std::size_t> PlaceInChain(const Chain& chain, std::string_view certificate) {
  std::string fingerprint = base::ToLower(certificate);
  std::erase(fingerprint, ':');
  const auto found = std::find_if(chain.rbegin(), chain.rend(), [&](const base::crypto::Certificate& one) {
    return one.issuer_common_name == certificate || one.fingerprint_sha256 == fingerprint;
  });
  if (found == chain.rend()) return std::nullopt;
  return static_cast<std::size_t>(found - chain.rbegin());
}

base::Result<Download> DownloadChain(const base::Call& call, Client& client, const Account& account, const std::string& url,
                                     const std::optional<PreferredChain>& preferred) {
  auto candidates = FetchCandidates(call, client, account, url, preferred);
  if (!candidates) return std::move(candidates).error();
  const auto best = std::min_element(candidates->begin(), candidates->end(), IsBetter);
  std::vector<std::string> offered;
  for (const Candidate& one : *candidates) offered.push_back(TopIssuer(one.chain));
  if (best->trust == Trust::kBroken) {
    return Error{ErrorKind::kProtocol, base::Cat("the CA's certificate chain is broken: no chain that it offers (ending at ",
                                                 base::Join(offered, ", "), ") has each certificate issued by the next")};
  }
  if (preferred && preferred->strict && !IsPreferred(*best, *preferred)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = base::Cat("the CA offers no chain with ", base::Printable(preferred->certificate, 100),
                                      "; its chains end at: ", base::Join(offered, ", ")),
                 .blame = {kCertificateSubject, "preferred_chain"}};
  }
  Download download{.chain = std::move(best->chain)};
  if (!best->place) download.offered = std::move(offered);
  if (best->trust == Trust::kToAnUnknownRoot) download.unknown_root = TopIssuer(download.chain);
  return download;
}

base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, std::string_view public_key_der,
                             const std::vector<std::string>& dns_names) {
  if (leaf.public_key_der != public_key_der) return Wrong("it is for another key");
  const bool has_all = std::all_of(dns_names.begin(), dns_names.end(), [&](const std::string& name) {
    return std::find(leaf.dns_names.begin(), leaf.dns_names.end(), name) != leaf.dns_names.end();
  });
  if (!has_all) return Wrong(base::Cat("it is for ", base::Join(leaf.dns_names, ", ")));
  return {};
}

}  // namespace engine::acme

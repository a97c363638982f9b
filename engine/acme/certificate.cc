// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/certificate.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/link.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Error;
using base::ErrorKind;

// Clocks of runners are off at times: only a certificate that starts much later is wrong.
constexpr auto kClockSkew = std::chrono::hours(1);

Error Wrong(std::string what) {
  return {ErrorKind::kProtocol, base::Cat("the CA returned another certificate than ordered: ", what)};
}

struct Reply {
  Chain chain;
  std::vector<std::string> alternates;  // URLs
};

base::Result<Reply> Fetch(const base::Call& call, Client& client, const Account& account, const std::string& url) {
  auto response =
      SendSigned(call, client, {account.key, account.url}, {.url = url, .accept = "application/pem-certificate-chain"});
  if (!response) return std::move(response).error();
  auto chain = base::crypto::ParseChain(response->body);
  if (chain) return Reply{*std::move(chain), LinksOf(*response, "alternate", url)};
  return Error{ErrorKind::kProtocol, base::Cat("the CA's answer is no certificate chain: ", chain.error().message)};
}

std::string TopIssuer(const Chain& chain) { return base::Printable(chain.back().issuer_common_name, 100); }

}  // namespace

bool IsChainOf(const Chain& chain, std::string_view certificate) {
  std::string fingerprint = base::ToLower(certificate);
  std::erase(fingerprint, ':');
  return std::any_of(chain.begin(), chain.end(), [&](const base::crypto::Certificate& one) {
    return one.issuer_common_name == certificate || one.fingerprint_sha256 == fingerprint;
  });
}

base::Result<Download> DownloadChain(const base::Call& call, Client& client, const Account& account, const std::string& url,
                                     const std::optional<PreferredChain>& preferred) {
  auto usual = Fetch(call, client, account, url);
  if (!usual) return std::move(usual).error().While("downloading the certificate");
  if (!preferred || IsChainOf(usual->chain, preferred->certificate)) return Download{std::move(usual->chain)};
  std::vector<std::string> offered = {TopIssuer(usual->chain)};
  for (const std::string& alternate : usual->alternates) {
    auto other = Fetch(call, client, account, alternate);
    if (!other && preferred->strict) return std::move(other).error().While("downloading an alternate chain of the certificate");
    if (!other) {
      call.log.Warn("an alternate chain is not available",
                    {{base::key::kUrl, alternate}, {base::key::kError, other.error().message}});
      continue;
    }
    if (IsChainOf(other->chain, preferred->certificate)) return Download{std::move(other->chain)};
    offered.push_back(TopIssuer(other->chain));
  }
  if (!preferred->strict) return Download{std::move(usual->chain), std::move(offered)};
  return Error{.kind = ErrorKind::kInvalid,
               .message = base::Cat("the CA offers no chain with ", base::Printable(preferred->certificate, 100),
                                    "; its chains end at: ", base::Join(offered, ", ")),
               .blame = {kCertificateSubject, "preferred_chain"}};
}

base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, std::string_view public_key_der,
                             std::vector<std::string> dns_names, base::TimePoint now) {
  if (leaf.public_key_der != public_key_der) return Wrong("it is for another key");
  std::vector<std::string> issued = leaf.dns_names;
  std::sort(issued.begin(), issued.end());
  issued.erase(std::unique(issued.begin(), issued.end()), issued.end());
  std::sort(dns_names.begin(), dns_names.end());
  if (issued != dns_names) return Wrong(base::Cat("it is for ", base::Join(issued, ", ")));
  if (leaf.not_after <= now) return Wrong(base::Cat("it expired at ", base::FormatRfc3339(leaf.not_after)));
  if (leaf.not_before > now + kClockSkew)
    return Wrong(base::Cat("it is not valid before ", base::FormatRfc3339(leaf.not_before)));
  return {};
}

}  // namespace engine::acme

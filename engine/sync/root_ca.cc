// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/root_ca.h"

#include "base/crypto/issuer.h"
#include "base/http/client.h"
#include "base/text.h"

namespace engine::sync {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::crypto::Certificate;

constexpr std::size_t kMostSteps = 4;

std::string NameOf(const Certificate& certificate) {
  return certificate.issuer.empty() ? "an issuer without a name" : base::Printable(certificate.issuer, 200);
}

Result<Certificate> Fetch(const base::Call& call, base::http::Transport& http, const Certificate& below) {
  const auto urls = base::crypto::IssuerUrls(below);
  if (urls.empty()) {
    return Error{ErrorKind::kNotFound, Cat("the root is not among the certificates that this machine trusts, and the certificate "
                                           "does not say where its issuer can be fetched: ",
                                           NameOf(below))};
  }
  Error last;
  for (const std::string& url : urls) {
    // CAs publish their certificates without TLS (RFC 5280 section 8); what comes must have signed the one below.
    auto response = base::http::Fetch(call, http, {.url = url, .plain_http = base::http::PlainHttp::kPublic});
    if (!response) {
      last = std::move(response).error();
      continue;
    }
    auto issuer = response->status == 200 ? base::crypto::ParseServedCertificate(response->body)
                                          : Error{ErrorKind::kUnavailable, Cat("it answered with status ", response->status)};
    if (issuer && base::crypto::IsIssuedBy(below, *issuer)) return issuer;
    last = issuer ? Error{ErrorKind::kProtocol, "what it serves did not sign the certificate"} : std::move(issuer).error();
    last.while_doing.push_back(Cat("fetching ", NameOf(below), " from ", base::Printable(url, 200)));
  }
  return last;
}

}  // namespace

Result<std::vector<Certificate>> FindMissingIssuers(const base::Call& call, base::http::Transport& http,
                                                    const std::vector<Certificate>& chain, std::string_view bundle_pem) {
  std::vector<Certificate> missing;
  for (std::size_t step = 0; step <= kMostSteps; ++step) {
    const Certificate& top = missing.empty() ? chain.back() : missing.back();
    if (top.is_self_issued) return missing;
    if (auto trusted = base::crypto::FindIssuer(top, bundle_pem)) {
      missing.push_back(*std::move(trusted));
      continue;
    }
    auto fetched = Fetch(call, http, top);
    if (!fetched) return std::move(fetched).error().While("looking for the root certificate");
    missing.push_back(*std::move(fetched));
  }
  return Error{ErrorKind::kNotFound, "the way up to the root certificate is longer than four issuers"};
}

}  // namespace engine::sync

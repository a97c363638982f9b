// SPDX-License-Identifier: MPL-2.0
// What FakeAcmeServer does for certificates that exist: renewal information (RFC 9773) and revocation (RFC 8555 section 7.6).
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/fake_acme_server.h"

namespace tests {
namespace {

using base::Json;
using base::http::Request;
using base::http::Response;

bool IsCertificateId(std::string_view id) {
  const auto parts = base::Split(id, '.');
  return parts.size() == 2 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && base::FromBase64Url(part).has_value();
         });
}

// Is the key of the JWK the one that the certificate is for?
bool IsKeyOf(const std::string& der, const Json& jwk) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &bytes, static_cast<long>(der.size()));
  if (certificate == nullptr) return false;
  const PublicKey key = KeyFromJwk(jwk);
  const bool same = key && EVP_PKEY_eq(X509_get0_pubkey(certificate), key.get()) == 1;
  X509_free(certificate);
  return same;
}

std::string DerOf(std::string_view pem) {
  const auto begin = pem.find('\n');
  const auto end = pem.find("-----END");
  if (begin == std::string_view::npos || end == std::string_view::npos) return {};
  std::string text(pem.substr(begin, end - begin));
  std::erase(text, '\n');
  return base::FromBase64(text).value_or("");
}

}  // namespace

std::set<std::string> FakeAcmeServer::revoked() const {
  std::lock_guard lock(mutex_);
  return revoked_;
}

Response FakeAcmeServer::RenewalInfo(const std::string& path, const Request& request) {
  if (request.method != "GET" || !request.body.empty()) return Violation("renewal information is fetched by an unsigned GET");
  if (!IsCertificateId(path.substr(path.rfind('/') + 1))) return Violation("no certificate id: " + path);
  const Json document = {{"suggestedWindow", {{"start", behaviour.renewal_start}, {"end", behaviour.renewal_end}}},
                         {"explanationURL", "https://acme.test/why"}};
  Response reply{200, {{"Content-Type", "application/json"}}, base::DumpJson(document)};
  if (!behaviour.renewal_retry_after.empty()) reply.headers.push_back({"Retry-After", behaviour.renewal_retry_after});
  return reply;
}

std::optional<Response> FakeAcmeServer::CheckReplaces(const Json& payload) {
  const auto replaces = base::FindString(payload, "replaces");
  if (!replaces) return std::nullopt;
  if (behaviour.renewal_start.empty()) return Violation("replaces at a CA without renewalInfo");
  if (!IsCertificateId(*replaces)) return Violation("replaces is no certificate id: " + *replaces);
  if (!replaced_.insert(*replaces).second) return ProblemReply(409, "alreadyReplaced", "an order replaces it already");
  return std::nullopt;
}

Response FakeAcmeServer::Revoke(const Signed& post) {
  const auto payload = base::ParseJson(post.payload);
  const std::string encoded = payload ? base::FindString(*payload, "certificate").value_or("?") : "?";
  const auto der = base::FromBase64Url(encoded);
  if (!der) return Violation("the certificate is no base64url of DER");
  const auto reason = base::FindInteger(*payload, "reason").value_or(0);
  constexpr std::array<std::int64_t, 5> kAllowed = {0, 1, 3, 4, 5};
  if (std::find(kAllowed.begin(), kAllowed.end(), reason) == kAllowed.end())
    return ProblemReply(400, "badRevocationReason", base::Cat("reason ", reason, " is not allowed"));
  const auto order =
      std::find_if(orders_.begin(), orders_.end(), [&](const auto& one) { return DerOf(one.second.certificate) == *der; });
  if (order == orders_.end()) return ProblemReply(404, "malformed", "a certificate of another CA");
  const bool may = post.account.empty() ? IsKeyOf(*der, post.jwk) : order->second.account == post.account;
  if (!may) return ProblemReply(403, "unauthorized", "the certificate belongs to another account");
  if (!revoked_.insert(encoded).second) return ProblemReply(400, "alreadyRevoked", "it is revoked already");
  return {200, {}, ""};
}

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/jws.h"

#include "base/crypto/digest.h"
#include "base/crypto/jwk.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/text.h"

namespace engine::acme {
namespace {

std::string Body(std::string_view encoded_header, std::string_view encoded_payload, std::string_view signature) {
  return base::Cat(R"({"protected":")", encoded_header, R"(","payload":")", encoded_payload, R"(","signature":")",
                   base::Base64Url(signature), R"("})");
}

// `header` gets the algorithm, and the kid or, without one, the public key.
base::Result<std::string> SignWith(const Signer& signer, base::Json header, std::string_view payload) {
  header["alg"] = base::crypto::JwsAlgorithm(signer.key);
  if (signer.kid.empty()) {
    auto jwk = base::ParseJson(base::crypto::PublicJwk(signer.key));
    if (!jwk) return std::move(jwk).error();
    header["jwk"] = *std::move(jwk);
  } else {
    header["kid"] = signer.kid;
  }
  const std::string encoded_header = base::Base64Url(base::DumpJson(header));
  const std::string encoded_payload = base::Base64Url(payload);
  auto signature = base::crypto::SignJws(signer.key, base::Cat(encoded_header, '.', encoded_payload));
  if (!signature) return std::move(signature).error();
  return Body(encoded_header, encoded_payload, *signature);
}

}  // namespace

base::Result<std::string> SignBody(const Signer& signer, std::string_view nonce, std::string_view url, std::string_view payload) {
  return SignWith(signer, base::Json::object({{"nonce", nonce}, {"url", url}}), payload);
}

std::string SignBinding(const base::crypto::PrivateKey& account_key, std::string_view kid, const base::Secret& mac_key,
                        std::string_view new_account_url) {
  const base::Json header = {{"alg", "HS256"}, {"kid", kid}, {"url", new_account_url}};
  const std::string encoded_header = base::Base64Url(base::DumpJson(header));
  const std::string encoded_payload = base::Base64Url(base::crypto::PublicJwk(account_key));
  return Body(encoded_header, encoded_payload,
              base::crypto::Hmac(base::crypto::Hash::kSha256, mac_key, base::Cat(encoded_header, '.', encoded_payload)));
}

base::Result<std::string> SignKeyChange(const base::crypto::PrivateKey& old_key, const base::crypto::PrivateKey& new_key,
                                        std::string_view account_url, std::string_view key_change_url) {
  auto old_jwk = base::ParseJson(base::crypto::PublicJwk(old_key));
  if (!old_jwk) return std::move(old_jwk).error();
  const base::Json payload = {{"account", account_url}, {"oldKey", *std::move(old_jwk)}};
  return SignWith({.key = new_key}, base::Json::object({{"url", key_change_url}}), base::DumpJson(payload));
}

}  // namespace engine::acme

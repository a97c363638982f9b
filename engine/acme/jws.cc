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

}  // namespace

base::Result<std::string> SignBody(const Signer& signer, std::string_view nonce, std::string_view url, std::string_view payload) {
  base::Json header = {{"alg", base::crypto::JwsAlgorithm(signer.key)}, {"nonce", nonce}, {"url", url}};
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

std::string SignBinding(const base::crypto::PrivateKey& account_key, std::string_view kid, const base::Secret& mac_key,
                        std::string_view new_account_url) {
  const base::Json header = {{"alg", "HS256"}, {"kid", kid}, {"url", new_account_url}};
  const std::string encoded_header = base::Base64Url(base::DumpJson(header));
  const std::string encoded_payload = base::Base64Url(base::crypto::PublicJwk(account_key));
  return Body(encoded_header, encoded_payload,
              base::crypto::Hmac(base::crypto::Hash::kSha256, mac_key, base::Cat(encoded_header, '.', encoded_payload)));
}

}  // namespace engine::acme

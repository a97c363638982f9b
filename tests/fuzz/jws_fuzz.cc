// SPDX-License-Identifier: MPL-2.0
// Whatever nonce and URLs a CA gives: the signed body is a flattened JWS (RFC 8555 section 6.2) that says exactly them.
#include <optional>
#include <string>

#include "base/encoding.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/acme/jws.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

const base::crypto::PrivateKey& Key() {
  static const auto key = base::crypto::KeyFromSeed(base::Secret("0123456789abcdef0123456789abcdef"));
  return *key;
}

std::string Decoded(const base::Json& body, std::string_view member) {
  const auto text = base::FindString(body, member);
  const auto bytes = text ? base::FromBase64Url(*text) : std::nullopt;
  Require(bytes.has_value(), "each part is base64url");
  return *bytes;
}

std::string_view TakeLine(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() + (line.size() < text.size() ? 1 : 0));
  return line;
}

}  // namespace

// Lines: kid, nonce, URL; the rest is the payload.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view payload = fuzz::Text(data, size);
  const std::string kid(TakeLine(payload));
  const std::string_view nonce = TakeLine(payload);
  const std::string_view url = TakeLine(payload);
  const auto signed_body = engine::acme::SignBody({.key = Key(), .kid = kid}, nonce, url, payload);
  Require(signed_body.ok(), "anything can be signed");
  const auto body = base::ParseJsonObject(*signed_body);
  Require(body && body->size() == 3, "a body is a flattened JWS");
  Require(Decoded(*body, "payload") == payload, "the payload is signed as it is");
  Require(Decoded(*body, "signature").size() == 64, "an ES256 signature has 64 bytes");
  const auto header = base::ParseJsonObject(Decoded(*body, "protected"));
  Require(header && header->size() == 4, "the header has alg, nonce, url and the signer");
  // What is no UTF-8 cannot be said in JSON.
  if (base::ReplaceInvalidUtf8(nonce) == nonce) Require(base::FindString(*header, "nonce") == nonce, "the header says the nonce");
  if (base::ReplaceInvalidUtf8(url) == url) Require(base::FindString(*header, "url") == url, "the header says the URL");
  Require(kid.empty() == (base::FindMember(*header, "jwk") != nullptr), "without a kid the key itself signs");
  return 0;
}

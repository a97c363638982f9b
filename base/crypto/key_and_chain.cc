// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key_and_chain.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace base::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";

// The text without its block of a private key, which is `key`.
struct Divided {
  std::string rest;
  Secret key;
};

// The label after `at`: "EC PRIVATE KEY". Empty when the line does not end.
std::string_view LabelAt(std::string_view pem, std::size_t at) {
  const auto end = pem.find("-----", at + kBegin.size());
  return end == std::string_view::npos ? std::string_view() : pem.substr(at + kBegin.size(), end - at - kBegin.size());
}

Result<Divided> TakeOutKey(std::string_view pem) {
  Divided divided;
  bool found = false;
  std::size_t copied = 0;
  for (auto at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at + kBegin.size())) {
    const std::string_view label = LabelAt(pem, at);
    // "EC PARAMETERS" comes before a key that openssl wrote, and says nothing that the key does not.
    const bool is_key = label.ends_with("PRIVATE KEY");
    if (!is_key && label != "EC PARAMETERS") continue;
    const auto end = pem.find(kEnd, at);
    const auto line = end == std::string_view::npos ? end : pem.find("-----", end + kEnd.size());
    if (line == std::string_view::npos) return Error{ErrorKind::kInvalid, "the private key is cut off"};
    const std::size_t after = line + 5;
    if (is_key && found) return Error{ErrorKind::kInvalid, "there is more than one private key"};
    if (is_key) divided.key = Secret(std::string(pem.substr(at, after - at)) + "\n");
    found |= is_key;
    divided.rest.append(pem.substr(copied, at - copied));
    copied = after;
  }
  divided.rest.append(pem.substr(copied));
  if (!found) return Error{ErrorKind::kInvalid, "there is no private key (\"-----BEGIN PRIVATE KEY-----\")"};
  return divided;
}

}  // namespace

Result<KeyAndChain> ParseKeyAndChain(const Secret& pem) {
  auto divided = TakeOutKey(pem.Reveal());
  if (!divided) return std::move(divided).error();
  auto key = ParsePrivateKey(divided->key);
  if (!key) return std::move(key).error();
  auto chain = ParseChain(divided->rest);
  if (!chain) return std::move(chain).error();
  const std::string public_key = key->PublicKeyDer();
  const auto leaf =
      std::find_if(chain->begin(), chain->end(), [&](const Certificate& one) { return one.public_key_der == public_key; });
  if (leaf == chain->end()) return Error{ErrorKind::kInvalid, "the private key belongs to none of the certificates"};
  std::rotate(chain->begin(), leaf, leaf + 1);
  return KeyAndChain{*std::move(key), *std::move(chain)};
}

}  // namespace base::crypto

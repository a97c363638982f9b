// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key_and_chain.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/crypto/csr.h"

namespace base::crypto {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN ";
constexpr std::string_view kPemEnd = "-----END ";

// The text without its block of a private key or of a signing request, and that block.
struct Divided {
  std::string rest;
  Secret block;
  bool is_key = false;
};

// The label after `at`: "EC PRIVATE KEY". Empty when the line does not end.
std::string_view LabelAt(std::string_view pem, std::size_t at) {
  const auto end = pem.find("-----", at + kPemBegin.size());
  return end == std::string_view::npos ? std::string_view() : pem.substr(at + kPemBegin.size(), end - at - kPemBegin.size());
}

Error Refusal(const char* what) { return Error{ErrorKind::kInvalid, what}; }

Result<Divided> TakeOut(std::string_view pem) {
  Divided divided;
  std::size_t copied = 0;
  for (auto at = pem.find(kPemBegin); at != std::string_view::npos; at = pem.find(kPemBegin, at + kPemBegin.size())) {
    const std::string_view label = LabelAt(pem, at);
    const bool is_key = label.ends_with("PRIVATE KEY");
    const bool is_wanted = is_key || label.ends_with("CERTIFICATE REQUEST");
    // "EC PARAMETERS" comes before a key that openssl wrote, and says nothing that the key does not.
    if (!is_wanted && label != "EC PARAMETERS") continue;
    const auto end = pem.find(kPemEnd, at);
    const auto line = end == std::string_view::npos ? end : pem.find("-----", end + kPemEnd.size());
    if (line == std::string_view::npos) return Refusal(is_key ? "the private key is cut off" : "the signing request is cut off");
    const std::size_t after = line + 5;
    if (is_wanted && !divided.block.empty()) return Refusal("there is more than one private key or signing request");
    if (is_wanted) divided.block = Secret(std::string(pem.substr(at, after - at)) + "\n");
    divided.is_key |= is_key;
    divided.rest.append(pem.substr(copied, at - copied));
    copied = after;
  }
  divided.rest.append(pem.substr(copied));
  return divided;
}

}  // namespace

Result<KeyAndChain> ParseKeyAndChain(const Secret& pem) {
  auto divided = TakeOut(pem.Reveal());
  if (!divided) return std::move(divided).error();
  if (divided->block.empty()) return Refusal("there is no private key (\"-----BEGIN PRIVATE KEY-----\")");
  KeyAndChain found;
  std::string public_key;
  if (divided->is_key) {
    auto key = ParsePrivateKey(divided->block);
    if (!key) return std::move(key).error();
    public_key = key->PublicKeyDer();
    found.key = *std::move(key);
  } else {
    found.csr_pem = std::string(divided->block.Reveal());
    auto csr = ParseCsr(found.csr_pem);
    if (!csr) return std::move(csr).error();
    public_key = std::move(csr->public_key_der);
  }
  auto chain = ParseChain(divided->rest);
  if (!chain) return std::move(chain).error();
  const auto leaf =
      std::find_if(chain->begin(), chain->end(), [&](const Certificate& one) { return one.public_key_der == public_key; });
  if (leaf == chain->end()) {
    return Refusal(divided->is_key ? "the private key belongs to none of the certificates"
                                   : "the signing request has the key of none of the certificates");
  }
  std::rotate(chain->begin(), leaf, leaf + 1);
  found.chain = *std::move(chain);
  return found;
}

}  // namespace base::crypto

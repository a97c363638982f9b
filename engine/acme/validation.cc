// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/validation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/text.h"

namespace engine::acme {
namespace {

constexpr std::array<std::pair<ValidationMethod, std::string_view>, 3> kMethods = {{
    {ValidationMethod::kDns01, "dns-01"},
    {ValidationMethod::kDnsAccount01, "dns-account-01"},
    {ValidationMethod::kDnsPersist01, "dns-persist-01"},
}};

constexpr std::size_t kLabelOctets = 10;  // of the digest of the account's URL

// RFC 4648 section 6, in lower case. `octets`: a multiple of five, so that there is no padding.
std::string Base32(std::string_view octets) {
  static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char octet : octets) {
    bits = (bits << 8U | static_cast<unsigned char>(octet)) & 0xFFFU;
    for (count += 8; count >= 5; count -= 5) text.push_back(kAlphabet[bits >> (count - 5) & 31U]);
  }
  return text;
}

}  // namespace

std::string_view NameOf(ValidationMethod method) {
  return std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& one) { return one.first == method; })->second;
}

std::optional<ValidationMethod> ParseValidationMethod(std::string_view name) {
  const auto found = std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& one) { return one.second == name; });
  if (found == kMethods.end()) return std::nullopt;
  return found->first;
}

std::string AccountLabel(std::string_view account_url) {
  return base::Cat('_', Base32(base::crypto::Sha256(account_url).substr(0, kLabelOctets)));
}

std::string ChallengeName(std::string_view dns_name, ValidationMethod method, std::string_view account_url) {
  if (dns_name.starts_with("*.")) dns_name.remove_prefix(2);
  if (method == ValidationMethod::kDnsPersist01) return base::Cat(kPersistentLabel, '.', dns_name, '.');
  const std::string name = base::Cat("_acme-challenge.", dns_name, '.');
  return method == ValidationMethod::kDnsAccount01 ? base::Cat(AccountLabel(account_url), '.', name) : name;
}

}  // namespace engine::acme

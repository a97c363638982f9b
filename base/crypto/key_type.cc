// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/key_type.h"

#include <array>

#include "base/crypto/openssl_handle.h"
#include "base/text.h"

namespace base::crypto {
namespace {

std::string UpperCase(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

}  // namespace

std::string KeyType(const EVP_PKEY* key) {
  if (key == nullptr) return "unknown";
  if (EVP_PKEY_is_a(key, "RSA") == 1) return Cat("RSA_", EVP_PKEY_get_bits(key));
  if (EVP_PKEY_is_a(key, "EC") != 1) return UpperCase(EVP_PKEY_get0_type_name(key));
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return "EC";
  const std::string_view name = group.data();
  if (name == "prime256v1") return "EC_P256";
  if (name == "secp384r1") return "EC_P384";
  return Cat("EC_", UpperCase(std::string(name)));
}

std::string KeyTypeOf(std::string_view der) {
  const QuietErrors quiet;
  const unsigned char* at = Bytes(der);
  const PkeyHandle key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  return KeyType(key.get());
}

}  // namespace base::crypto

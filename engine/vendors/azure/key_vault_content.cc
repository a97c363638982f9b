// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/key_vault_content.h"

#include "base/crypto/digest.h"
#include "base/crypto/key.h"
#include "base/crypto/pkcs12.h"
#include "base/encoding.h"
#include "base/text.h"

namespace engine::vendors::azure {
namespace {

using base::Json;
using base::crypto::KeyAlgorithm;
using sync::Bundle;

Json KeyProperties(KeyAlgorithm algorithm) {
  Json properties{{"exportable", true}, {"reuse_key", false}};
  const auto rsa = [&](int bits) { properties.update({{"kty", "RSA"}, {"key_size", bits}}); };
  const auto ec = [&](const char* curve) { properties.update({{"kty", "EC"}, {"crv", curve}}); };
  switch (algorithm) {
    case KeyAlgorithm::kEcP256:
      ec("P-256");
      break;
    case KeyAlgorithm::kEcP384:
      ec("P-384");
      break;
    case KeyAlgorithm::kRsa2048:
      rsa(2048);
      break;
    case KeyAlgorithm::kRsa3072:
      rsa(3072);
      break;
    case KeyAlgorithm::kRsa4096:
      rsa(4096);
      break;
  }
  return properties;
}

}  // namespace

std::string ThumbprintOf(const Bundle& bundle) {
  return base::Base64Url(base::crypto::Digest(base::crypto::Hash::kSha1, bundle.chain.front().der));
}

base::Result<KeyVaultImport> MakeImport(const Bundle& bundle, std::string_view format, std::string_view name,
                                        base::Random& random) {
  const auto key = base::crypto::ParsePrivateKey(bundle.private_key_pem);
  if (!key) return key.error();
  KeyVaultImport import{.value = {}, .type = "application/x-pkcs12"};
  import.key_properties = KeyProperties(key->algorithm());
  if (format == "pem") {
    import.type = "application/x-pem-file";
    import.value = base::Secret(base::Cat(bundle.private_key_pem.Reveal(), sync::JoinPem(bundle.chain)));
    return import;
  }
  // For the way to the vault alone: it keeps the parts, and hands them out without a password.
  import.password = base::Secret(base::Hex(random.Bytes(16)));
  auto file = base::crypto::MakePkcs12(bundle.chain, *key, import.password, name);
  if (!file) return std::move(file).error();
  import.value = *std::move(file);
  return import;
}

}  // namespace engine::vendors::azure

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/signature.h"

#include <chrono>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace engine::vendors::webhook {

std::string Sign(const base::Secret& key, base::TimePoint now, std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string signed_text = base::Cat(seconds, '.', body);
  const std::string digest = base::crypto::Hmac(base::crypto::Hash::kSha256, key, signed_text);
  base::Wipe(signed_text);  // it contains the private key
  return base::Cat("t=", seconds, ",v1=", base::Hex(digest));
}

}  // namespace engine::vendors::webhook

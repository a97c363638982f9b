// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/aes_siv.h"

#include "base/crypto/openssl_handle.h"
#include "base/text.h"

namespace base::crypto {
namespace {

constexpr std::size_t kIvBytes = 16;
// OpenSSL 3.0 leaves an empty text out of the authentication: sixteen bytes of anything would open.
constexpr std::size_t kMinText = 1;
constexpr std::size_t kMaxText = std::size_t{1} << 30;  // OpenSSL counts in int

// Fetched once, not before the first use: start-up must stay short.
const EVP_CIPHER* Method() {
  static const CipherHandle method(EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr));
  return method.get();
}

Error Failure() { return Error{ErrorKind::kInternal, "the cryptographic library offers no AES-256-SIV"}; }

// One header of RFC 5297 section 2.6, also when it is empty: OpenSSL before 3.0.10 skips an empty one (CVE-2023-2975).
bool AddAssociated(EVP_CIPHER_CTX* context, std::string_view associated) {
  int ignored = 0;
  return EVP_CipherUpdate(context, nullptr, &ignored, Bytes(associated), static_cast<int>(associated.size())) == 1;
}

// The whole text at once, as SIV demands.
bool Transform(EVP_CIPHER_CTX* context, std::string_view in, std::string& out, std::size_t offset) {
  int length = 0;
  return EVP_CipherUpdate(context, Bytes(out) + offset, &length, Bytes(in), static_cast<int>(in.size())) == 1 &&
         static_cast<std::size_t>(length) == in.size();
}

}  // namespace

Result<std::string> AesSivSeal(const Secret& key, const Secret& text, std::string_view associated) {
  const QuietErrors quiet;
  if (key.Reveal().size() != kAesSivKeyBytes) return Error{ErrorKind::kInternal, "the sealing key is not 64 bytes long"};
  if (text.Reveal().size() < kMinText || text.Reveal().size() > kMaxText) {
    return Error{ErrorKind::kInternal, "the text to seal is empty or longer than 1 GiB"};
  }
  const CipherContextHandle context(EVP_CIPHER_CTX_new());
  if (!context || !Method() || EVP_EncryptInit_ex2(context.get(), Method(), Bytes(key.Reveal()), nullptr, nullptr) != 1)
    return Failure();
  std::string sealed(kIvBytes + text.Reveal().size(), '\0');
  const bool fine = AddAssociated(context.get(), associated) && Transform(context.get(), text.Reveal(), sealed, kIvBytes) &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kIvBytes, sealed.data()) == 1;
  if (!fine) return Failure();
  return sealed;
}

Result<Secret> AesSivOpen(const Secret& key, std::string_view sealed, std::string_view associated) {
  const QuietErrors quiet;
  const Error altered{ErrorKind::kInvalid, "the sealed bytes are altered, cut off or sealed with another key"};
  if (key.Reveal().size() != kAesSivKeyBytes) return Error{ErrorKind::kInternal, "the sealing key is not 64 bytes long"};
  if (sealed.size() < kIvBytes + kMinText || sealed.size() > kMaxText) return altered;
  const CipherContextHandle context(EVP_CIPHER_CTX_new());
  if (!context || !Method() || EVP_DecryptInit_ex2(context.get(), Method(), Bytes(key.Reveal()), nullptr, nullptr) != 1)
    return Failure();
  std::string iv(sealed.substr(0, kIvBytes));
  const std::string_view body = sealed.substr(kIvBytes);
  std::string text(body.size(), '\0');
  const bool fine = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kIvBytes, iv.data()) == 1 &&
                    AddAssociated(context.get(), associated) && Transform(context.get(), body, text, 0);
  if (fine) return Secret(std::move(text));
  Wipe(text);
  return altered;
}

}  // namespace base::crypto

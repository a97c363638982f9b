// SPDX-License-Identifier: MPL-2.0
// The one file of base/http that names OpenSSL: libcurl's callback hands out its SSL_CTX.
#include "base/http/trust_store.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>

#include "base/environment.h"
#include "base/read_file.h"
#include "base/text.h"

namespace base::http {

struct TrustStore::Impl {
  X509_STORE* store = X509_STORE_new();
  std::once_flag bundle_added;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { X509_STORE_free(store); }
};

namespace {

// As in Go's crypto/x509/root_linux.go.
constexpr std::array<const char*, 6> kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // CentOS, RHEL
    "/etc/ssl/cert.pem",                                  // Alpine
};

constexpr std::size_t kMaxBundle = 4 * 1024 * 1024;

std::optional<std::string> FindBundle() {
  if (auto named = Environment("SSL_CERT_FILE")) return named;
  for (const char* path : kBundles) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

// How many certificates were added.
int AddAll(X509_STORE* store, BIO* source) {
  int count = 0;
  if (source == nullptr) return count;
  while (X509* certificate = PEM_read_bio_X509(source, nullptr, nullptr, nullptr)) {
    count += X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
  }
  ERR_clear_error();  // the end of the text is reported as an error
  BIO_free(source);
  return count;
}

bool HoldsCertificate(const std::string& path) {
  BIO* const file = BIO_new_file(path.c_str(), "r");
  X509* const first = file == nullptr ? nullptr : PEM_read_bio_X509(file, nullptr, nullptr, nullptr);
  X509_free(first);
  BIO_free(file);
  ERR_clear_error();
  return first != nullptr;
}

}  // namespace

std::string ReadTrustBundle() {
  const auto bundle = ReadSmallFile(FindBundle().value_or(""), kMaxBundle);
  return bundle ? std::string(bundle->Reveal()) : std::string();
}

Result<TrustStore> TrustStore::Load(std::string_view extra_roots_pem) {
  auto impl = std::make_shared<Impl>();
  if (impl->store == nullptr) return Error{ErrorKind::kInternal, "no memory for the trusted certificates"};
  if (const auto named = Environment("SSL_CERT_FILE"); named && !HoldsCertificate(*named)) {
    return Error{ErrorKind::kUnavailable, Cat("SSL_CERT_FILE names ", *named, ", which holds no readable certificate")};
  }
  if (!extra_roots_pem.empty() &&
      AddAll(impl->store, BIO_new_mem_buf(extra_roots_pem.data(), static_cast<int>(extra_roots_pem.size()))) == 0) {
    return Error{ErrorKind::kInvalid, "the trusted roots hold no certificate in PEM"};
  }
  // libcurl's own flags: a trusted intermediate certificate is enough.
  X509_STORE_set_flags(impl->store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return TrustStore(std::move(impl));
}

void TrustStore::ApplyTo(void* ssl_context) const {
  // Reading some 140 certificates takes milliseconds, and most processes of a Terraform run never connect to anything.
  std::call_once(impl_->bundle_added, [&] {
    if (const auto bundle = FindBundle()) AddAll(impl_->store, BIO_new_file(bundle->c_str(), "r"));
    ERR_clear_error();
  });
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), impl_->store);
}

}  // namespace base::http

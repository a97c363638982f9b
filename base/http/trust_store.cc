// SPDX-License-Identifier: MPL-2.0
// The one file of base/http that names OpenSSL: libcurl's callback hands out its SSL_CTX.
#include "base/http/trust_store.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <mutex>

#include "base/environment.h"
#include "base/os/system_roots.h"
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

constexpr std::size_t kMaxBundle = 4 * 1024 * 1024;

// How many certificates were added.
int AddAll(X509_STORE* store, std::string_view pem) {
  int count = 0;
  BIO* const source = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  if (source == nullptr) return count;
  while (X509* certificate = PEM_read_bio_X509(source, nullptr, nullptr, nullptr)) {
    count += X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
  }
  ERR_clear_error();  // the end of the text is reported as an error
  BIO_free(source);
  return count;
}

bool HoldsCertificate(std::string_view pem) {
  BIO* const source = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* const first = source == nullptr ? nullptr : PEM_read_bio_X509(source, nullptr, nullptr, nullptr);
  X509_free(first);
  BIO_free(source);
  ERR_clear_error();
  return first != nullptr;
}

// True if the certificate says by subjectAltName which servers it is for.
bool NamesServers(const X509* certificate) {
  auto* const names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  bool has_one = false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const int type = sk_GENERAL_NAME_value(names, i)->type;
    has_one = has_one || type == GEN_DNS || type == GEN_IPADD;
  }
  GENERAL_NAMES_free(names);
  return has_one;
}

// libcurl compares the names, and takes a certificate without any by its common name, which RFC 9525 section 2 has ended:
// X509_CHECK_FLAG_NEVER_CHECK_SUBJECT would hold for OpenSSL's own comparison alone.
int VerifyCertificate(int is_verified, X509_STORE_CTX* context) {
  if (is_verified == 0 || X509_STORE_CTX_get_error_depth(context) != 0) return is_verified;
  if (NamesServers(X509_STORE_CTX_get_current_cert(context))) return 1;
  X509_STORE_CTX_set_error(context, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

}  // namespace

std::string ReadTrustBundle() {
  const auto named = Environment("SSL_CERT_FILE");
  if (!named) return os::ReadSystemRoots();
  const auto bundle = ReadSmallFile(*named, kMaxBundle);
  return bundle ? std::string(bundle->Reveal()) : std::string();
}

Result<TrustStore> TrustStore::Load(std::string_view extra_roots_pem) {
  auto impl = std::make_shared<Impl>();
  if (impl->store == nullptr) return Error{ErrorKind::kInternal, "no memory for the trusted certificates"};
  if (const auto named = Environment("SSL_CERT_FILE"); named && !HoldsCertificate(ReadTrustBundle())) {
    return Error{ErrorKind::kUnavailable, Cat("SSL_CERT_FILE names ", *named, ", which holds no readable certificate")};
  }
  if (!extra_roots_pem.empty() && AddAll(impl->store, extra_roots_pem) == 0) {
    return Error{ErrorKind::kInvalid, "the trusted roots hold no certificate in PEM"};
  }
  // libcurl's own flags: a trusted intermediate certificate is enough.
  X509_STORE_set_flags(impl->store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return TrustStore(std::move(impl));
}

void TrustStore::ApplyTo(void* ssl_context) const {
  auto* const context = static_cast<SSL_CTX*>(ssl_context);
  // Whatever this machine's openssl.cnf and SSLKEYLOGFILE say.
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_keylog_callback(context, nullptr);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &VerifyCertificate);
  // Reading some 140 certificates takes milliseconds, and most processes of a Terraform run never connect to anything.
  std::call_once(impl_->bundle_added, [&] { AddAll(impl_->store, ReadTrustBundle()); });
  SSL_CTX_set1_cert_store(context, impl_->store);
}

}  // namespace base::http

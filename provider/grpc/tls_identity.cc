// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/tls_identity.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/crypto/openssl_handle.h"

namespace provider::grpc {
namespace {

using base::crypto::Handle;
using base::crypto::PkeyHandle;
using base::crypto::QuietErrors;
using base::crypto::Reader;
using base::crypto::X509Handle;

X509Handle ReadCertificate(const std::string& pem) {
  return X509Handle(PEM_read_bio_X509(Reader(pem).get(), nullptr, nullptr, nullptr));
}

// For SSL_CTX_set_cert_verify_callback: 1 when the client shows the certificate that is kept beside the context.
int IsTheHosts(X509_STORE_CTX* shown, void* expected) {
  if (X509_cmp(X509_STORE_CTX_get0_cert(shown), static_cast<const X509*>(expected)) == 0) return 1;
  X509_STORE_CTX_set_error(shown, X509_V_ERR_CERT_REJECTED);
  return 0;
}

int SelectHttp2(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered, unsigned int size,
                void*) {
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kHttp2, sizeof kHttp2, offered, size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

base::Result<TlsIdentity> TlsIdentity::Make(const std::string& certificate, const base::Secret& key,
                                            const std::string& client_certificate) {
  const QuietErrors quiet;
  X509Handle client = ReadCertificate(client_certificate);
  if (!client) return base::Error{base::ErrorKind::kInternal, "the host's certificate cannot be read"};
  const X509Handle own = ReadCertificate(certificate);
  const PkeyHandle own_key(PEM_read_bio_PrivateKey(Reader(key.Reveal()).get(), nullptr, nullptr, nullptr));

  Handle<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_server_method()));
  if (!context || !own || !own_key || SSL_CTX_use_certificate(context.get(), own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), own_key.get()) != 1 ||
      SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    return base::Error{base::ErrorKind::kInternal, "TLS cannot be set up"};
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), &IsTheHosts, client.get());
  SSL_CTX_set_alpn_select_cb(context.get(), &SelectHttp2, nullptr);
  // A session is one connection, so none is resumed.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // One read() for all the records that have arrived, not two for each.
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_default_read_buffer_len(context.get(), 64 << 10);
  return TlsIdentity(client.release(), context.release());
}

TlsIdentity::TlsIdentity(X509* client, SSL_CTX* context) : client_(client, &X509_free), context_(context, &SSL_CTX_free) {}

}  // namespace provider::grpc

// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/issuer.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypto/openssl_handle.h"

namespace base::crypto {
namespace {

using AccessHandle = Handle<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;

X509Handle ParseX509(std::string_view der) {
  const unsigned char* at = Bytes(der);
  return X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::string PemOf(X509* x509) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  Require(bio != nullptr);
  return PEM_write_bio_X509(bio.get(), x509) == 1 ? Written(bio.get()) : std::string();
}

bool IsIssuedBy(X509* certificate, X509* issuer) {
  return X509_check_issued(issuer, certificate) == X509_V_OK && X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

}  // namespace

bool IsIssuedBy(const Certificate& certificate, const Certificate& issuer) {
  const QuietErrors quiet;
  const X509Handle below = ParseX509(certificate.der);
  const X509Handle above = ParseX509(issuer.der);
  return below && above && IsIssuedBy(below.get(), above.get());
}

std::optional<Certificate> FindIssuer(const Certificate& certificate, std::string_view bundle_pem) {
  const QuietErrors quiet;
  const X509Handle below = ParseX509(certificate.der);
  const BioHandle bundle = Reader(bundle_pem);
  if (!below || !bundle) return std::nullopt;
  while (const X509Handle candidate{PEM_read_bio_X509(bundle.get(), nullptr, nullptr, nullptr)}) {
    if (!IsIssuedBy(below.get(), candidate.get())) continue;
    if (auto chain = ParseChain(PemOf(candidate.get()))) return std::move(chain->front());
  }
  return std::nullopt;
}

std::vector<std::string> IssuerUrls(const Certificate& certificate) {
  const QuietErrors quiet;
  const X509Handle x509 = ParseX509(certificate.der);
  if (!x509) return {};
  const AccessHandle access(static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(x509.get(), NID_info_access, nullptr, nullptr)));
  std::vector<std::string> urls;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
    const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(one->method) != NID_ad_ca_issuers || one->location->type != GEN_URI) continue;
    const ASN1_IA5STRING* text = one->location->d.uniformResourceIdentifier;
    std::string url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                    static_cast<std::size_t>(ASN1_STRING_length(text)));
    if (url.starts_with("http://") || url.starts_with("https://")) urls.push_back(std::move(url));
  }
  return urls;
}

Result<Certificate> ParseServedCertificate(std::string_view bytes) {
  const QuietErrors quiet;
  const X509Handle x509 = ParseX509(bytes);
  auto chain = ParseChain(x509 ? PemOf(x509.get()) : std::string(bytes));
  if (!chain) return std::move(chain).error();
  return std::move(chain->front());
}

}  // namespace base::crypto

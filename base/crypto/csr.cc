// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/csr.h"

#include <openssl/pem.h>

#include <algorithm>

#include "base/crypto/key_impl.h"
#include "base/text.h"

namespace base::crypto {
namespace {

constexpr std::size_t kMaxPemBytes = 256 * 1024;
constexpr std::size_t kMaxCommonName = 64;  // X.520's ub-common-name, RFC 5280 appendix A.1

struct FreeExtensions {
  void operator()(STACK_OF(X509_EXTENSION) * extensions) const { sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free); }
};
using ExtensionsHandle = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions>;

bool AddName(GENERAL_NAMES* names, const std::string& dns_name) {
  Handle<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
  Handle<ASN1_IA5STRING, ASN1_IA5STRING_free> text(ASN1_IA5STRING_new());
  if (!name || !text || ASN1_STRING_set(text.get(), dns_name.data(), static_cast<int>(dns_name.size())) != 1) return false;
  GENERAL_NAME_set0_value(name.get(), GEN_DNS, text.release());
  if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
  static_cast<void>(name.release());  // the list owns it now
  return true;
}

bool AddSubjectAltName(X509_REQ* request, const std::vector<std::string>& dns_names, bool critical) {
  const GeneralNamesHandle names(sk_GENERAL_NAME_new_null());
  if (!names) return false;
  for (const std::string& dns_name : dns_names) {
    if (!AddName(names.get(), dns_name)) return false;
  }
  STACK_OF(X509_EXTENSION)* list = nullptr;
  const bool built = X509V3_add1_i2d(&list, NID_subject_alt_name, names.get(), critical ? 1 : 0, X509V3_ADD_DEFAULT) == 1;
  const ExtensionsHandle extensions(list);
  return built && X509_REQ_add_extensions(request, list) == 1;
}

bool SetCommonName(X509_REQ* request, const std::string& common_name) {
  return X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request), NID_commonName, V_ASN1_UTF8STRING, Bytes(common_name),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

// Lower case; empty when there is none.
std::string CommonNameOf(X509_REQ* request) {
  X509_NAME* subject = X509_REQ_get_subject_name(request);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  return ToLower(
      {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text))});
}

Result<std::vector<std::string>> AlternativeNames(X509_REQ* request) {
  const ExtensionsHandle extensions(X509_REQ_get_extensions(request));
  const GeneralNamesHandle names(
      static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> dns_names;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type != GEN_DNS) {
      return Error{ErrorKind::kInvalid, "the signing request asks for something else than DNS names in its subjectAltName"};
    }
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
    dns_names.push_back(ToLower({text, static_cast<std::size_t>(ASN1_STRING_length(value))}));
  }
  return dns_names;
}

}  // namespace

Result<Csr> ParseCsr(std::string_view pem) {
  const QuietErrors quiet;
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    return Error{ErrorKind::kInvalid, "the text holds a private key: a signing request goes without it"};
  }
  const Error unreadable{ErrorKind::kInvalid,
                         "the text is not one PEM signing request (\"-----BEGIN CERTIFICATE REQUEST-----\")"};
  if (pem.size() > kMaxPemBytes) return unreadable;
  const BioHandle bio = Reader(pem);
  const RequestHandle request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  if (!request || pem.rfind("-----BEGIN") != pem.find("-----BEGIN")) return unreadable;
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr || X509_REQ_verify(request.get(), key) != 1) {
    return Error{ErrorKind::kInvalid, "the signing request's signature does not fit its key"};
  }
  auto names = AlternativeNames(request.get());
  if (!names) return std::move(names).error();
  Csr csr{.der = Der(request.get(), i2d_X509_REQ), .dns_names = *std::move(names), .public_key_der = Der(key, i2d_PUBKEY)};
  if (std::string common_name = CommonNameOf(request.get()); !common_name.empty()) {
    if (std::find(csr.dns_names.begin(), csr.dns_names.end(), common_name) == csr.dns_names.end())
      csr.dns_names.push_back(common_name);
    csr.common_name = std::move(common_name);
  }
  if (csr.dns_names.empty()) return Error{ErrorKind::kInvalid, "the signing request has no DNS name"};
  return csr;
}

Result<std::string> MakeCsr(const PrivateKey& key, const CsrRequest& request) {
  const QuietErrors quiet;
  const std::string common_name = request.common_name.value_or("");
  if (request.dns_names.empty()) return Error{ErrorKind::kInvalid, "a signing request needs at least one DNS name"};
  if (common_name.size() > kMaxCommonName) {
    return Error{ErrorKind::kInvalid,
                 Cat("the common name is ", common_name.size(), " characters long, the limit is 64 (X.520)")};
  }
  const RequestHandle csr(X509_REQ_new());
  const DigestHandle digest(EVP_MD_fetch(nullptr, DigestName(key), nullptr));
  const bool fine = csr && digest && X509_REQ_set_version(csr.get(), X509_REQ_VERSION_1) == 1 &&
                    (common_name.empty() || SetCommonName(csr.get(), common_name)) &&
                    AddSubjectAltName(csr.get(), request.dns_names, common_name.empty()) &&
                    X509_REQ_set_pubkey(csr.get(), Pkey(key)) == 1 && X509_REQ_sign(csr.get(), Pkey(key), digest.get()) > 0;
  std::string der = fine ? Der(csr.get(), i2d_X509_REQ) : std::string();
  if (der.empty()) return Error{ErrorKind::kInternal, "the cryptographic library could not make the signing request"};
  return der;
}

}  // namespace base::crypto

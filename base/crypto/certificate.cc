// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/certificate.h"

#include <openssl/pem.h>

#include <algorithm>
#include <optional>

#include "base/crypto/digest.h"
#include "base/crypto/key_type.h"
#include "base/crypto/openssl_handle.h"
#include "base/encoding.h"
#include "base/text.h"

namespace base::crypto {
namespace {

constexpr std::size_t kMaxChainBytes = 1 << 20;
constexpr std::size_t kMaxCertificates = 20;

struct FreeOpenssl {
  void operator()(void* bytes) const { OPENSSL_free(bytes); }
};
template <typename T>
using Allocated = std::unique_ptr<T, FreeOpenssl>;

// The first entry as UTF-8; empty when there is none.
std::string CommonName(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  const Allocated<unsigned char> owner(text);
  return length > 0 ? std::string(reinterpret_cast<char*>(text), static_cast<std::size_t>(length)) : std::string();
}

std::string NameText(const X509_NAME* name) {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  // RFC 2253 section 2.4 leaves letters outside ASCII as UTF-8; OpenSSL's preset would escape them.
  constexpr unsigned long kFlags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, kFlags) < 0) return {};
  return Written(bio.get());
}

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Empty when one is no text such as RFC 5280 section 4.2.1.6 wants: a NUL within would end the name for some readers.
std::optional<std::vector<std::string>> DnsNames(const X509* x509) {
  const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> dns_names;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type != GEN_DNS) continue;
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(value));
    const std::string_view name(text, static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (!IsPrintableAscii(name)) return std::nullopt;
    dns_names.push_back(ToLower(name));
  }
  return dns_names;
}

// The content octets: ASN1_INTEGER's own bytes are a magnitude, without the leading 00 or the two's complement.
std::string SerialNumber(const X509* x509) {
  const std::string der = Der(X509_get0_serialNumber(x509), i2d_ASN1_INTEGER);
  const unsigned char* content = Bytes(der);
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  if (der.empty() || (ASN1_get_object(&content, &length, &tag, &tag_class, static_cast<long>(der.size())) & 0x80) != 0) return {};
  return Hex(std::string_view(reinterpret_cast<const char*>(content), static_cast<std::size_t>(length)));
}

// Years that TimePoint cannot hold become its last or first full year: 9999 stands for "no expiry" (RFC 5280 section 4.1.2.5).
std::optional<TimePoint> TimeOf(const ASN1_TIME* time) {
  std::tm at{};
  if (ASN1_TIME_to_tm(time, &at) != 1) return std::nullopt;
  using namespace std::chrono;
  const int year = at.tm_year + 1900;
  if (year > 2261) return TimePoint(sys_days(2262y / January / 1) - 1s);
  if (year < 1678) return TimePoint(sys_days(1678y / January / 1));
  const auto day = sys_days(std::chrono::year(year) / (at.tm_mon + 1) / at.tm_mday);
  return TimePoint(day + hours(at.tm_hour) + minutes(at.tm_min) + seconds(at.tm_sec));
}

Result<Certificate> Read(std::string_view der) {
  const Error unreadable{ErrorKind::kInvalid, "is no X.509 certificate"};
  const unsigned char* at = Bytes(der);
  const X509Handle x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!x509 || at != Bytes(der) + der.size()) return unreadable;
  const auto not_before = TimeOf(X509_get0_notBefore(x509.get()));
  const auto not_after = TimeOf(X509_get0_notAfter(x509.get()));
  const BioHandle pem(BIO_new(BIO_s_mem()));
  // The bytes themselves: OpenSSL would write what is not quite DER in another way, with another fingerprint.
  const bool written = pem && PEM_write_bio(pem.get(), PEM_STRING_X509, "", Bytes(der), static_cast<long>(der.size())) > 0;
  if (!not_before || !not_after || !written) return unreadable;
  auto dns_names = DnsNames(x509.get());
  if (!dns_names) return Error{ErrorKind::kInvalid, "has an alternative name that is no DNS name"};
  const X509_NAME* subject = X509_get_subject_name(x509.get());
  const X509_NAME* issuer = X509_get_issuer_name(x509.get());
  Certificate certificate;
  certificate.pem = Written(pem.get());
  certificate.der = der;
  certificate.subject = NameText(subject);
  certificate.subject_common_name = CommonName(subject);
  certificate.issuer = NameText(issuer);
  certificate.issuer_common_name = CommonName(issuer);
  certificate.dns_names = *std::move(dns_names);
  certificate.serial_number = SerialNumber(x509.get());
  certificate.not_before = *not_before;
  certificate.not_after = *not_after;
  certificate.fingerprint_sha256 = Hex(Sha256(der));
  certificate.public_key_der = Der(X509_get_X509_PUBKEY(x509.get()), i2d_X509_PUBKEY);
  certificate.key_type = KeyType(X509_get0_pubkey(x509.get()));
  if (const ASN1_OCTET_STRING* id = X509_get0_authority_key_id(x509.get())) {
    certificate.authority_key_id.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(id)),
                                        static_cast<std::size_t>(ASN1_STRING_length(id)));
  }
  certificate.is_ca = (X509_get_extension_flags(x509.get()) & EXFLAG_CA) != 0;
  certificate.is_self_issued = X509_NAME_cmp(subject, issuer) == 0;
  return certificate;
}

struct Block {
  std::string label;
  std::string der;
};

// The next PEM block; without a label at the end of the text.
Result<Block> NextBlock(BIO* bio) {
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long length = 0;
  const bool found = PEM_read_bio(bio, &label, &header, &bytes, &length) == 1;
  const Allocated<char> label_owner(label);
  const Allocated<char> header_owner(header);
  const Allocated<unsigned char> bytes_owner(bytes);
  if (found) return Block{label, std::string(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length))};
  if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) return Block{};
  return Error{ErrorKind::kInvalid, "is cut off or is no PEM"};
}

std::size_t CountOf(std::string_view text, std::string_view piece) {
  std::size_t count = 0;
  for (auto at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + piece.size())) ++count;
  return count;
}

Error AtCertificate(std::size_t number, std::string_view what) {
  return Error{ErrorKind::kInvalid, Cat("certificate ", number, " of the chain ", what)};
}

}  // namespace

Result<std::vector<Certificate>> ParseChain(std::string_view pem) {
  const QuietErrors quiet;
  if (pem.size() > kMaxChainBytes) return Error{ErrorKind::kInvalid, "the certificate chain is longer than 1 MiB"};
  const BioHandle bio = Reader(pem);
  std::vector<Certificate> chain;
  while (bio) {
    const std::size_t number = chain.size() + 1;
    const auto block = NextBlock(bio.get());
    if (!block) return AtCertificate(number, block.error().message);
    if (block->label.empty()) break;
    if (number > kMaxCertificates) return Error{ErrorKind::kInvalid, "the certificate chain has more than 20 certificates"};
    if (block->label != "CERTIFICATE") {
      return AtCertificate(number, Cat("is a block of another kind: ", Printable(block->label, 40)));
    }
    auto certificate = Read(block->der);
    if (!certificate) return AtCertificate(number, certificate.error().message);
    chain.push_back(*std::move(certificate));
  }
  // A first line that is itself cut off passes for explanatory text: a chain must not lose its end that way.
  if (CountOf(pem, "-----BEGIN") != chain.size()) return AtCertificate(chain.size() + 1, "is cut off or is no PEM");
  if (chain.empty()) return Error{ErrorKind::kInvalid, "the text holds no certificate (\"-----BEGIN CERTIFICATE-----\")"};
  return chain;
}

}  // namespace base::crypto

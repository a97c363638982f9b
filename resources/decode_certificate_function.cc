// SPDX-License-Identifier: MPL-2.0
#include "resources/decode_certificate_function.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"

namespace resources {
namespace {

using base::crypto::Certificate;
using schema::Attribute;
using schema::cty::Type;
using schema::cty::Value;

Attribute Fact(const char* name, const char* doc) { return schema::String(name).Doc(doc); }

base::Result<Value> Decode(std::span<const Value> arguments) {
  const auto chain = base::crypto::ParseChain(arguments.front().AsString());
  if (!chain) return chain.error();
  return CertificateFacts::Schema().Write(CertificateFacts::Of(chain->front()));
}

std::string DecodeDoc() {
  std::string doc = "Reads the first certificate of a text in PEM, such as `certificate_pem`, into an object of:\n";
  for (const Attribute& fact : CertificateFacts::Schema().attributes()) {
    doc.append(base::Cat("\n- `", fact.name, "`: ", fact.doc));
  }
  return doc;
}

}  // namespace

const schema::Model<CertificateFacts>& CertificateFacts::Schema() {
  static const auto model =
      schema::Model<CertificateFacts>()
          .AddOutput(&CertificateFacts::dns_names,
                     schema::List("dns_names", Type::String())
                         .Doc("The DNS names (subjectAltName) in lower case, in the certificate's order."),
                     [](const Certificate& of) { return of.dns_names; })
          .AddOutput(&CertificateFacts::subject,
                     Fact("subject", "The subject's distinguished name (RFC 2253); empty if it has no attributes."),
                     [](const Certificate& of) { return of.subject; })
          .AddOutput(&CertificateFacts::common_name, Fact("common_name", "The subject's common name; null if it has none."),
                     [](const Certificate& of) {
                       return of.subject_common_name.empty() ? std::nullopt : std::optional(of.subject_common_name);
                     })
          .AddOutput(&CertificateFacts::issuer, Fact("issuer", "The issuer's distinguished name (RFC 2253)."),
                     [](const Certificate& of) { return of.issuer; })
          .AddOutput(&CertificateFacts::serial_number, Fact("serial_number", "The serial number in lower-case hex."),
                     [](const Certificate& of) { return of.serial_number; })
          .AddOutput(&CertificateFacts::not_before, Fact("not_before", "Start of the validity (RFC 3339)."),
                     [](const Certificate& of) { return base::FormatRfc3339(of.not_before); })
          .AddOutput(&CertificateFacts::not_after, Fact("not_after", "End of the validity (RFC 3339)."),
                     [](const Certificate& of) { return base::FormatRfc3339(of.not_after); })
          .AddOutput(&CertificateFacts::fingerprint_sha1,
                     Fact("fingerprint_sha1", "SHA-1 of the certificate's DER, in lower-case hex."),
                     [](const Certificate& of) { return base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, of.der)); })
          .AddOutput(&CertificateFacts::fingerprint_sha256,
                     Fact("fingerprint_sha256", "SHA-256 of the certificate's DER, in lower-case hex."),
                     [](const Certificate& of) { return of.fingerprint_sha256; })
          .AddOutput(&CertificateFacts::key_algorithm,
                     Fact("key_algorithm", "The key's type and size, such as `EC_P256` or `RSA_2048`."),
                     [](const Certificate& of) { return of.key_type; })
          .AddOutput(&CertificateFacts::is_ca, schema::Bool("is_ca").Doc("Whether it is the certificate of a CA."),
                     [](const Certificate& of) { return of.is_ca; })
          .Build();
  return model;
}

CertificateFacts CertificateFacts::Of(const Certificate& certificate) {
  CertificateFacts facts;
  Schema().Fill(certificate, facts);
  return facts;
}

Function DecodeCertificate() {
  return {.name = "decode_certificate",
          .summary = "Reads a certificate in PEM.",
          .doc = DecodeDoc(),
          .parameters = {{.name = "pem",
                          .type = Type::String(),
                          .doc = "The certificate in PEM; anything after the first certificate is ignored."}},
          .result = CertificateFacts::Schema().type(),
          .call = Decode};
}

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
#include "resources/decode_certificate_function.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"

namespace resources {
namespace {

using schema::Attribute;
using schema::cty::Type;
using schema::cty::Value;

Attribute Fact(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

base::Result<Value> Decode(std::span<const Value> arguments) {
  const auto chain = base::crypto::ParseChain(arguments.front().AsString());
  if (!chain) return chain.error();
  return CertificateFacts(chain->front());
}

std::string DecodeDoc() {
  std::string doc =
      "Reads the first certificate of a text in PEM, such as `certificate_pem` or `full_chain_pem`, into an object of:\n";
  for (const Attribute& fact : CertificateFactAttributes()) doc.append(base::Cat("\n- `", fact.name, "`: ", fact.doc));
  return doc;
}

}  // namespace

std::vector<Attribute> CertificateFactAttributes() {
  std::vector<Attribute> facts;
  facts.push_back(schema::List("dns_names", Type::String())
                      .Computed()
                      .Doc("The DNS names (subjectAltName) in lower case, in the certificate's order."));
  facts.push_back(Fact("subject", "The subject's distinguished name (RFC 2253); empty when it names nothing."));
  facts.push_back(Fact("common_name", "The subject's common name; null without one."));
  facts.push_back(Fact("issuer", "The issuer's distinguished name (RFC 2253)."));
  facts.push_back(Fact("serial_number", "The serial number in lower-case hex."));
  facts.push_back(Fact("not_before", "Start of the validity (RFC 3339)."));
  facts.push_back(Fact("not_after", "End of the validity (RFC 3339)."));
  facts.push_back(Fact("fingerprint_sha1", "SHA-1 of the certificate's DER, in lower-case hex."));
  facts.push_back(Fact("fingerprint_sha256", "SHA-256 of the certificate's DER, in lower-case hex."));
  facts.push_back(Fact("key_algorithm", "The key's type and size, such as `EC_P256` or `RSA_2048`."));
  facts.push_back(schema::Bool("is_ca").Computed().Doc("Whether it is the certificate of a CA."));
  return facts;
}

Value CertificateFacts(const base::crypto::Certificate& certificate) {
  const auto text = [](std::string value) { return Value::String(std::move(value)); };
  Value::Elements names;
  for (const std::string& name : certificate.dns_names) names.push_back(text(name));
  const std::string& common_name = certificate.subject_common_name;
  return Value::Object({{"dns_names", Value::List(Type::String(), std::move(names))},
                        {"subject", text(certificate.subject)},
                        {"common_name", common_name.empty() ? Value::Null(Type::String()) : text(common_name)},
                        {"issuer", text(certificate.issuer)},
                        {"serial_number", text(certificate.serial_number)},
                        {"not_before", text(base::FormatRfc3339(certificate.not_before))},
                        {"not_after", text(base::FormatRfc3339(certificate.not_after))},
                        {"fingerprint_sha1", text(base::Hex(base::crypto::Digest(base::crypto::Hash::kSha1, certificate.der)))},
                        {"fingerprint_sha256", text(certificate.fingerprint_sha256)},
                        {"key_algorithm", text(certificate.key_type)},
                        {"is_ca", Value::Bool(certificate.is_ca)}});
}

Function DecodeCertificate() {
  return {.name = "decode_certificate",
          .summary = "Reads a certificate in PEM.",
          .doc = DecodeDoc(),
          .parameters = {{.name = "pem",
                          .type = Type::String(),
                          .doc = "The certificate in PEM; what follows the first is ignored."}},
          .result = schema::ImpliedObjectType(CertificateFactAttributes()),
          .call = Decode};
}

}  // namespace resources

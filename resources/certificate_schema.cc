// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_schema.h"

#include <map>

#include "base/domain_name.h"
#include "base/text.h"
#include "resources/handle_validator.h"
#include "schema/validators.h"

namespace resources {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

void CheckName(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  if (const auto name = base::ParseDnsName(value.AsString(), base::Wildcard::kAllowed); !name) {
    diagnostics.Error(base::Cat("Invalid name: ", base::Printable(value.AsString(), 100)), name.error(), "", path);
  }
}

// The elements of a set have no path of their own: the diagnostic names the element.
void CheckNames(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  std::map<std::string, std::string> seen;  // by normal form, as written
  for (const Value& element : value.AsElements()) {
    if (!element.is_known()) continue;
    CheckName(element, path, diagnostics);
    const auto name = base::ParseDnsName(element.AsString(), base::Wildcard::kAllowed);
    if (!name) continue;
    const auto [first, is_new] = seen.emplace(*name, element.AsString());
    if (is_new) continue;
    diagnostics.Error(
        base::Cat("Two equal names: ", *name),
        base::Cat("\"", first->second, "\" and \"", element.AsString(), "\" are the same name: remove one of them."), path);
  }
}

std::vector<Attribute> RenewalAttributes() {
  std::vector<Attribute> attributes;
  attributes.push_back(schema::String("due_at").Computed().Doc("From when on a plan renews the certificate (RFC 3339)."));
  attributes.push_back(
      schema::String("window_start").Computed().Doc("Start of the CA's suggested window (RFC 9773); null without one."));
  attributes.push_back(schema::String("window_end").Computed().Doc("End of the CA's suggested window; null without one."));
  attributes.push_back(
      schema::String("explanation_url").Computed().Doc("Why the CA suggests this window; null without a reason."));
  return attributes;
}

Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

}  // namespace

schema::Schema CertificateSchema() {
  schema::Schema schema{
      .doc =
          "A certificate, ordered at an external CA through DNS-01, with a private key that leaves the provider only sealed "
          "inside `handle`. "
          "Changes of names, key algorithm or CA order a new certificate in place; nothing is ever revoked as a side effect."};
  auto& attributes = schema.attributes;
  attributes.push_back(schema::String("external_ca")
                           .Required()
                           .Sensitive()
                           .Check(IsHandle(handle_kind::kCa))
                           .Doc("The `handle` of the CA that issues the certificate."));
  attributes.push_back(
      schema::Set("dns_names", Type::String())
          .Required()
          .Check(schema::ElementsBetween(1, 1000))
          .Check(CheckNames)
          .Doc("The DNS names of the certificate, wildcards included; international names as A-labels (`xn--…`)."));
  attributes.push_back(schema::String("common_name")
                           .Optional()
                           .Check(CheckName)
                           .Check(schema::LengthBetween(1, 64))
                           .Doc("The subject's common name, one of `dns_names`, at most 64 octets. Without it the subject is "
                                "empty, as modern clients expect."));
  attributes.push_back(schema::String("key_algorithm")
                           .Default(Value::String("EC_P256"))
                           .Check(schema::OneOf({"EC_P256", "EC_P384", "RSA_2048", "RSA_3072", "RSA_4096"}))
                           .Doc("The private key's algorithm: `EC_P256`, `EC_P384`, `RSA_2048`, `RSA_3072` or `RSA_4096`."));
  attributes.push_back(
      schema::Bool("export_private_key")
          .Default(Value::Bool(false))
          .Doc("Whether `private_key_pem` shows the key, in clear in the state. Prefer a `certwright_certificate_sync`."));
  attributes.push_back(Output("id", "The same as `certificate_id`."));
  attributes.push_back(
      Output("certificate_id", "32 hex digits, made once; it survives renewals, so names and destinations stay."));
  attributes.push_back(Output("certificate_pem", "The certificate."));
  attributes.push_back(Output("chain_pem", "The CA's chain without the certificate."));
  attributes.push_back(Output("full_chain_pem", "The certificate followed by the CA's chain."));
  attributes.push_back(Output("issuer", "The issuer's distinguished name (RFC 2253)."));
  attributes.push_back(Output("serial_number", "The serial number in lower-case hex."));
  attributes.push_back(Output("not_before", "Start of the validity (RFC 3339)."));
  attributes.push_back(Output("not_after", "End of the validity (RFC 3339)."));
  attributes.push_back(Output("fingerprint_sha256", "SHA-256 of the certificate's DER, in lower-case hex."));
  attributes.push_back(
      schema::Nested("renewal", Nesting::kSingle, RenewalAttributes()).Computed().Doc("When the certificate is renewed."));
  attributes.push_back(
      Output("private_key_pem", "The private key, PKCS #8; null unless `export_private_key` is true.").Sensitive());
  attributes.push_back(
      Output("handle", "The sealed certificate with its key, for syncs. Useless without the sealing key.").Sensitive());
  return schema;
}

}  // namespace resources

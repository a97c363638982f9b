// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/schema.h"

#include <map>

#include "base/crypto/csr.h"
#include "base/domain_name.h"
#include "base/text.h"
#include "engine/acme/revoke.h"
#include "resources/certificate/renewal_window.h"
#include "resources/sealed/handle_validator.h"
#include "resources/timeouts.h"
#include "schema/validators.h"

namespace resources::certificate {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::IsHandle;

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

void CheckRenewBefore(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  if (ParseRenewBefore(value.AsString())) return;
  diagnostics.Error(
      "Invalid value for renew_before",
      "renew_before must be a time such as \"720h\" or \"30d\", or a percentage of the lifetime from \"1%\" to \"99%\".", path);
}

void CheckValidity(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  const auto span = ParseSpan(value.AsString());
  if (span && *span >= std::chrono::minutes(1)) return;
  diagnostics.Error("Invalid value for validity", "validity must be a time of at least a minute, such as \"240h\" or \"30d\".",
                    path);
}

void CheckCsr(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  const auto csr = base::crypto::ParseCsr(value.AsString());
  if (!csr) return diagnostics.Error("Not a signing request", csr.error(), "", path);
  for (const std::string& name : csr->dns_names) CheckName(Value::String(name), path, diagnostics);
}

// How the certificate is ordered, renewed and given up.
void AddChoices(std::vector<Attribute>& attributes) {
  attributes.push_back(schema::String("csr_pem").Optional().Check(CheckCsr).Doc(
      "A signing request (PKCS #10, PEM) made elsewhere: names and key come from it, and the provider never sees the private "
      "key. "
      "Each renewal sends it again. Not with `dns_names`, `common_name`, `key_algorithm` or `export_private_key`; syncs to "
      "destinations that need the key refuse such a certificate."));
  attributes.push_back(schema::String("profile")
                           .Optional()
                           .Check(schema::LengthBetween(1, 100))
                           .Doc("A profile that the CA advertises, such as `tlsserver` or `shortlived` at Let's Encrypt."));
  attributes.push_back(schema::String("preferred_chain")
                           .Optional()
                           .Check(schema::LengthBetween(1, 200))
                           .Doc("Which of the chains that the CA offers is wanted: the common name of an issuer, such as `ISRG "
                                "Root X1`, or the SHA-256 "
                                "fingerprint of a certificate in the chain."));
  attributes.push_back(schema::Bool("preferred_chain_strict")
                           .Default(Value::Bool(false))
                           .Doc("Whether a `preferred_chain` that the CA does not offer is an error; else it is a warning and "
                                "the CA's own choice is taken."));
  attributes.push_back(schema::String("validity")
                           .Optional()
                           .Check(CheckValidity)
                           .Doc("How long the certificate is to be valid, such as `240h` or `30d`, where the CA takes a wish "
                                "(Google Trust Services: 1 to 90 "
                                "days). Let's Encrypt refuses it: choose a `profile` there."));
  attributes.push_back(schema::String("renew_before")
                           .Optional()
                           .Check(CheckRenewBefore)
                           .Doc("How long before its expiry the certificate is renewed: a time such as `720h` or `30d`, or a "
                                "percentage of the lifetime such "
                                "as `33%`. Default: when the CA says so (ARI, RFC 9773), else one third of the lifetime before "
                                "expiry, half of it for "
                                "lifetimes under ten days. When set, the CA is not asked."));
  attributes.push_back(
      schema::Bool("rotate_private_key")
          .Default(Value::Bool(true))
          .Doc("Whether each new certificate gets a new private key. False keeps the key as long as `key_algorithm` stays."));
  attributes.push_back(
      schema::Bool("revoke_on_destroy")
          .Default(Value::Bool(false))
          .Doc("Whether the destroy revokes the certificate at the CA. Renewals, changes and replacements never revoke."));
  attributes.push_back(
      schema::String("revocation_reason")
          .Optional()
          .Check(schema::OneOf(engine::acme::RevocationReasons()))
          .Doc(base::Cat("What the CA is told at the revocation (RFC 5280): `",
                         base::Join(engine::acme::RevocationReasons(), "`, `"), "`. CAs take some of them only.")));
  attributes.push_back(
      TimeoutsAttribute({"create", "read", "update", "delete"},
                        "Limits of time. Default: 15 minutes to create and update, 5 seconds to ask the CA about "
                        "the renewal in a refresh, 2 minutes to revoke."));
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
                           .Check(IsHandle(sealed::handle_kind::kCa))
                           .Doc("The `handle` of the CA that issues the certificate."));
  attributes.push_back(
      schema::Set("dns_names", Type::String())
          .Optional()
          .Check(schema::ElementsBetween(1, 1000))
          .Check(CheckNames)
          .Doc("The DNS names of the certificate, wildcards included; international names as A-labels (`xn--…`). Required unless "
               "`csr_pem` is set."));
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
  AddChoices(attributes);
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

}  // namespace resources::certificate

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/model.h"

#include <map>

#include "base/crypto/csr.h"
#include "base/idn/international_name.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/revoke.h"
#include "engine/acme/validation.h"
#include "resources/certificate_arguments.h"
#include "resources/sealed/handle_validator.h"
#include "schema/validators.h"

namespace resources::certificate {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

constexpr std::size_t kMaxName = 253;       // RFC 1035 section 2.3.4
constexpr std::size_t kMaxCommonName = 64;  // RFC 5280 appendix A.1

void CheckName(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  if (const auto name = ParseName(value.AsString()); !name) {
    diagnostics.Error(base::Cat("Invalid name: ", base::Printable(value.AsString(), 100)), name.error(), "", path);
  } else if (const std::size_t length = engine::acme::ChallengeName(*name).size() - 1; length > kMaxName) {
    diagnostics.Error(base::Cat("Name too long for DNS-01: ", base::Printable(value.AsString(), 100)),
                      base::Cat("The name of its challenge record, _acme-challenge.", base::WithoutWildcard(*name), ", would be ",
                                length, " characters long. The limit of DNS is ", kMaxName, "."),
                      path);
  }
}

// CAs that follow the Baseline Requirements refuse it; private ones may not.
void WarnOfReservedLabels(const std::string& name, const Path& path, schema::Diagnostics& diagnostics) {
  for (const std::string& label : base::Split(name, '.')) {
    if (label.size() < 4 || label.substr(2, 2) != "--" || label.starts_with("xn--")) continue;
    diagnostics.Warning(base::Cat("Reserved label: ", label),
                        base::Cat("The name ", name,
                                  " has two dashes in the third and fourth place of a label, which is reserved for "
                                  "encodings such as xn--. Public CAs refuse it."),
                        path);
  }
}

// The elements of a set have no path of their own: the diagnostic names the element.
void CheckNames(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  std::map<std::string, std::string> seen;  // by normal form, as written
  for (const Value& element : value.AsElements()) {
    if (!element.is_known()) continue;
    CheckName(element, path, diagnostics);
    const auto name = ParseName(element.AsString());
    if (!name) continue;
    const auto [first, is_new] = seen.emplace(*name, element.AsString());
    if (is_new) WarnOfReservedLabels(*name, path, diagnostics);
    if (is_new) continue;
    diagnostics.Error(
        base::Cat("Two equal names: ", *name),
        base::Cat("\"", first->second, "\" and \"", element.AsString(), "\" are the same name: remove one of them."), path);
  }
}

void CheckCommonName(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  CheckName(value, path, diagnostics);
  const auto name = ParseName(value.AsString());
  if (!name || name->size() <= kMaxCommonName) return;
  diagnostics.Error("Invalid value for common_name",
                    base::Cat("`common_name` must have at most ", kMaxCommonName, " characters; ", *name, " has ", name->size(),
                              ". Remove it: clients go by `dns_names`."),
                    path);
}

void CheckCsr(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  schema::Diagnostics is_path;
  schema::IsFileContent()(value, path, is_path);
  if (!is_path.empty()) return diagnostics.Append(is_path);
  const auto csr = base::crypto::ParseCsr(value.AsString());
  if (!csr) return diagnostics.Error("Not a signing request", csr.error(), "", path);
  for (const std::string& name : csr->dns_names) {
    CheckName(Value::String(name), path, diagnostics);
    if (base::ParseDnsName(name, base::Wildcard::kAllowed) || !ParseName(name)) continue;
    diagnostics.Error("A name in a signing request that is not in ASCII",
                      base::Cat("Signing requests contain names as A-labels. Make one for ", *ParseName(name), '.'), path);
  }
}

// Names are compared without regard to case and order, and as A-labels.
Value NormalForm(const Value& names) {
  const auto known = schema::Codec<std::set<std::string>>::From(names);
  return known ? schema::Codec<std::set<std::string>>::To(NormalNames(*known)) : names;
}

Value NormalName(const Value& name) {
  const auto parsed = ParseName(name.AsString());
  return parsed ? Value::String(*parsed) : name;
}

void AddInputs(schema::Model<CertificateModel>& model) {
  model
      .Add(&CertificateModel::external_ca, schema::String("external_ca")
                                               .Required()
                                               .Sensitive()
                                               .TakenAfterImport()
                                               .Check(sealed::IsIssuerHandle())
                                               .Doc("The `handle` of the CA that issues the certificate, or of a "
                                                    "certificate profile of it."))
      .Add(&CertificateModel::dns_names,
           schema::Set("dns_names", Type::String())
               .Optional()
               .Content()
               .NormalForm(NormalForm)
               .ExcludedBy("csr_pem")
               .Check(schema::ElementsBetween(1, 1000))
               .Check(CheckNames)
               .Doc("The DNS names of the certificate, wildcards included. International names are written as they are read "
                    "(`bücher.example`) or as A-labels (`xn--bcher-kva.example`). Required unless `csr_pem` is set."))
      .Add(
          &CertificateModel::common_name,
          schema::String("common_name")
              .Optional()
              .Content()
              .NormalForm(NormalName)
              .ExcludedBy("csr_pem")
              .Check(CheckCommonName)
              .Doc(
                  "The subject's common name, one of `dns_names`, at most 64 characters as A-labels. If omitted, the subject is empty, as "
                  "modern clients expect."))
      .Add(&CertificateModel::key_algorithm,
           schema::String("key_algorithm")
               .Default(Value::String("EC_P256"))
               .Content()
               .ExcludedBy("csr_pem")
               .Check(schema::OneOf(KeyAlgorithms()))
               .Doc("The private key's algorithm: `EC_P256`, `EC_P384`, `RSA_2048`, `RSA_3072` or `RSA_4096`."))
      .Add(&CertificateModel::csr_pem,
           schema::String("csr_pem").Optional().Content().Check(CheckCsr).Doc(
               "A signing request (PKCS #10, PEM) that was made elsewhere: names and key come from it, and the provider never "
               "sees the private key. Each renewal sends it again. Conflicts with `dns_names`, `common_name`, `key_algorithm` "
               "and `export_private_key`. Syncs to destinations that need the key refuse such a certificate."))
      .Add(&CertificateModel::profile,
           schema::String("profile")
               .Optional()
               .Computed()
               .Content()
               .TakenAfterImport()
               .Check(schema::LengthBetween(1, 100))
               .Doc("A profile that the CA advertises, such as `tlsserver` or `shortlived` at Let's Encrypt."))
      .Add(
          &CertificateModel::preferred_chain,
          schema::String("preferred_chain")
              .Optional()
              .Computed()
              .Content()
              .TakenAfterImport()
              .Check(schema::LengthBetween(1, 200))
              .Doc(
                  "Preferred certificate chain, if the CA offers several: the common name of the root that it ends at, such as "
                  "`ISRG Root X1`, or the SHA-256 fingerprint of a certificate in the chain. If no chain ends there, the chain in "
                  "which that name issued a certificate nearest to the end is used."))
      .Add(
          &CertificateModel::preferred_chain_strict,
          schema::Bool("preferred_chain_strict")
              .Default(Value::Bool(false))
              .Request()
              .Doc(
                  "Whether it is an error if no chain of the CA ends at `preferred_chain`. Otherwise it is a warning, and the CA's "
                  "default chain is used."))
      .Add(&CertificateModel::validity,
           schema::String("validity")
               .Optional()
               .Computed()
               .Content()
               .TakenAfterImport()
               .Check(IsValidity())
               .Doc("Requested lifetime, such as `240h` or `30d`, for CAs that support it (Google Trust Services: 1 to 90 days). "
                    "Let's Encrypt refuses it: choose a `profile` there."));
}

// How the certificate is renewed and given up.
void AddSettings(schema::Model<CertificateModel>& model) {
  model
      .Add(&CertificateModel::renew_before,
           schema::String("renew_before")
               .Optional()
               .Computed()
               .Check(IsRenewBefore())
               .Doc("Latest time to renew, counted back from expiry: a duration such as `720h` or `30d`, or a percentage of the "
                    "lifetime such as `33%`. The CA's own renewal window (ARI, RFC 9773) may be earlier. Default: the CA's "
                    "window, otherwise one third of the lifetime before expiry, half of it for lifetimes under ten days."))
      .Add(&CertificateModel::rotate_private_key,
           schema::Bool("rotate_private_key")
               .Default(Value::Bool(true))
               .Request()
               .Doc("Whether each new certificate gets a new private key. If `false`, the key is kept as long as "
                    "`key_algorithm` stays the same."))
      .Add(&CertificateModel::revoke_on_destroy,
           schema::Bool("revoke_on_destroy")
               .Default(Value::Bool(false))
               .Doc("Whether to revoke the certificate at the CA when the resource is destroyed. Renewals, changes and "
                    "replacements never revoke."))
      .Add(&CertificateModel::revocation_reason,
           schema::String("revocation_reason")
               .Optional()
               .Check(schema::OneOf(engine::acme::RevocationReasons()))
               .Doc(base::Cat("The reason given to the CA for a revocation (RFC 5280): `",
                              base::Join(engine::acme::RevocationReasons(), "`, `"),
                              "`. With `keyCompromise`, the certificate's own key signs the request.")))
      .Add(
          &CertificateModel::timeouts,
          TimeoutsAttribute("Time limits. Default: 15 minutes to create and update, 5 seconds to ask the CA about the renewal in "
                            "a refresh, 2 minutes to revoke."))
      .Add(&CertificateModel::export_private_key,
           schema::Bool("export_private_key")
               .Default(Value::Bool(false))
               .Doc("Whether `private_key_pem` contains the private key, in plaintext in the state. Prefer a "
                    "`certwright_certificate_sync`."));
}

std::string ChainPem(const Issuance& of) {
  std::string pem;
  for (std::size_t i = 1; i < of.chain.size(); ++i) pem += of.chain[i].pem;
  return pem;
}

Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

void AddOutputs(schema::Model<CertificateModel>& model) {
  model.Add(&CertificateModel::id, Output("id", "The same as `certificate_id`."))
      .Add(&CertificateModel::certificate_id,
           Output("certificate_id", "32 hex digits, made once. It survives renewals, so names and destinations stay."))
      .Add(
          &CertificateModel::dns_names_ascii,
          schema::Set("dns_names_ascii", Type::String())
              .Computed()
              .Doc(
                  "The names that were ordered, as certificates and DNS contain them: lower case, international names as A-labels "
                  "(`xn--…`). Known in the plan if `dns_names` is."))
      .AddOutput(&CertificateModel::certificate_pem, Output("certificate_pem", "The certificate."),
                 [](const Issuance& of) { return of.chain.front().pem; })
      .AddOutput(
          &CertificateModel::chain_pem,
          Output("chain_pem", "The CA's chain without the certificate. `\"${certificate_pem}${chain_pem}\"` is the full chain."),
          ChainPem)
      .AddOutput(&CertificateModel::issuer, Output("issuer", "The issuer's distinguished name (RFC 2253)."),
                 [](const Issuance& of) { return of.chain.front().issuer; })
      .AddOutput(&CertificateModel::serial_number, Output("serial_number", "The serial number in lower-case hex."),
                 [](const Issuance& of) { return of.chain.front().serial_number; })
      .AddOutput(&CertificateModel::not_before, Output("not_before", "Start of the validity (RFC 3339)."),
                 [](const Issuance& of) { return base::FormatRfc3339(of.chain.front().not_before); })
      .AddOutput(&CertificateModel::not_after, Output("not_after", "End of the validity (RFC 3339)."),
                 [](const Issuance& of) { return base::FormatRfc3339(of.chain.front().not_after); })
      .AddOutput(&CertificateModel::fingerprint_sha256,
                 Output("fingerprint_sha256", "SHA-256 of the certificate's DER, in lower-case hex."),
                 [](const Issuance& of) { return of.chain.front().fingerprint_sha256; })
      .AddOutput(&CertificateModel::renewal,
                 schema::Nested("renewal", Nesting::kSingle, RenewalModel::Schema().attributes())
                     .Doc("When the certificate is renewed."),
                 [](const Issuance& of) { return of.renewal; })
      .Add(&CertificateModel::issued_because,
           Output("issued_because",
                  "Why the certificate was ordered: `first_issuance`, `renewal`, `configuration`, `ca_changed`, `key_lost` or "
                  "`imported`. Known in the plan."))
      .Add(&CertificateModel::issued_because_detail,
           Output("issued_because_detail", "The reason in words, for people: which attribute changed, or since when it was due."))
      .Add(&CertificateModel::private_key_pem,
           Output("private_key_pem", "The private key, PKCS #8; null unless `export_private_key` is true.").Sensitive())
      .AddOutput(&CertificateModel::handle,
                 Output("handle", "The sealed certificate with its key, for syncs. Useless without the sealing key.").Sensitive(),
                 [](const Issuance& of) { return of.handle; });
}

}  // namespace

const schema::Model<RenewalModel>& RenewalModel::Schema() {
  static const auto model =
      schema::Model<RenewalModel>()
          .Add(&RenewalModel::due_at, Output("due_at", "From when on a plan renews the certificate (RFC 3339)."))
          .Add(&RenewalModel::window_start,
               Output("window_start", "Start of the CA's suggested window (RFC 9773); null if there is none."))
          .Add(&RenewalModel::window_end, Output("window_end", "End of the CA's suggested window; null if there is none."))
          .Add(&RenewalModel::explanation_url,
               Output("explanation_url", "Why the CA suggests this window; null if it gives no reason."))
          .Build();
  return model;
}

const schema::Model<CertificateModel>& CertificateModel::Schema() {
  static const auto model = [] {
    schema::Model<CertificateModel> building;
    AddInputs(building);
    AddSettings(building);
    AddOutputs(building);
    return std::move(building).Build();
  }();
  return model;
}

schema::Schema CertificateSchema() {
  return {.version = 1,
          .doc =
              "A certificate, ordered at an external CA through DNS-01. Its private key leaves the provider only sealed inside "
              "`handle`. "
              "Changes of names, key algorithm or CA order a new certificate in place. Nothing is ever revoked as a side effect. "
              "What is left out may have a default in the certificate profile that it is ordered through.",
          .attributes = CertificateModel::Schema().attributes()};
}

base::Result<std::string> ParseName(std::string_view text) {
  return base::idn::ParseInternationalName(text, base::Wildcard::kAllowed);
}

std::set<std::string> NormalNames(const std::set<std::string>& names) {
  std::set<std::string> normal;
  for (const std::string& name : names) {
    if (const auto parsed = ParseName(name)) normal.insert(*parsed);
  }
  return normal;
}

}  // namespace resources::certificate

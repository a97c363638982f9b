// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/model.h"

#include "base/crypto/key.h"
#include "engine/acme/account.h"
#include "engine/dns/dns01_solver.h"
#include "resources/sealed/handle_validator.h"
#include "schema/validators.h"

namespace resources::external_ca {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Type;
using schema::cty::Value;
using sealed::IsHandle;

// `check`: of one element.
schema::Validator EachServer(base::Result<void> (*check)(std::string_view)) {
  return [check](const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
    std::int64_t index = 0;
    for (const Value& element : value.AsElements()) {
      const schema::cty::Path at = path.Index(index++);
      if (!element.is_known()) continue;
      if (const auto fine = check(element.AsString()); !fine) diagnostics.Error("Invalid server address", fine.error(), "", at);
    }
  };
}

void CheckMacKey(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  if (const auto fine = engine::acme::DecodeMacKey(base::Secret(value.AsString())); !fine) {
    diagnostics.Error("Invalid HMAC key", fine.error(), "Copy it from the CA again, in full.", path);
  }
}

void CheckKey(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  schema::Diagnostics is_path;
  schema::IsFileContent()(value, path, is_path);
  if (!is_path.empty()) return diagnostics.Append(is_path);
  if (const auto fine = base::crypto::ParsePrivateKey(base::Secret(value.AsString())); !fine) {
    diagnostics.Error("Invalid account key", fine.error(), "", path);
  }
}

Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

void AddInputs(schema::Model<CaModel>& model) {
  model
      .Add(&CaModel::name, schema::String("name")
                               .Required()
                               .Check(schema::IsSlug())
                               .Doc("A name for this CA: lower-case letters, digits and dashes, 1 to 64 characters."))
      .Add(
          &CaModel::directory_url,
          schema::String("directory_url")
              .Required()
              .Check(schema::IsHttpsUrl())
              .Doc(
                  "The URL of the CA's ACME directory, used exactly as given. Changing it registers a new account and "
                  "re-issues the certificates of this CA, then deactivates the former account if this resource registered it. The "
                  "guide on certificate authorities has a table of URLs."))
      .Add(&CaModel::account_email, schema::String("account_email")
                                        .Optional()
                                        .Check(schema::IsEmailAddress())
                                        .Doc("Contact address for the CA. Changed in place."))
      .Add(&CaModel::trusted_roots_pem,
           schema::String("trusted_roots_pem")
               .Optional()
               .Check(schema::IsFileContent())
               .Doc("Root certificates in PEM that the CA's own HTTPS server is verified with, in addition to the system's. For "
                    "private CAs only."))
      .Add(&CaModel::eab, schema::Nested("eab", Nesting::kSingle, EabModel::Schema().attributes())
                              .Optional()
                              .Doc("External account binding, for CAs that require it. Used once, when the account is "
                                   "registered; a later change keeps the account."))
      .Add(&CaModel::account_key_pem,
           schema::String("account_key_pem")
               .Optional()
               .WriteOnly()
               .Check(CheckKey)
               .Doc("The private key of an existing account, in PEM, to adopt that account instead of registering one. Used when "
                    "the resource is created, or first applied after an import; a later value is ignored."))
      .Add(&CaModel::account_key_version,
           schema::Number("account_key_version")
               .Optional()
               .Check(schema::IntegerBetween(1, 1'000'000))
               .Doc("Changing this number gives the account a new key (RFC 8555 section 7.3.5), in place. Some CAs do not offer "
                    "it: ZeroSSL and SSL.com."))
      .Add(&CaModel::dns, schema::Nested("dns", Nesting::kList, DnsModel::Schema().attributes())
                              .Required()
                              .Check(schema::ElementsBetween(0, 100))
                              .Doc("The zones in which challenge records may be placed, each with its app connection. Empty "
                                   "(`[]`) if the CA has validated all names in advance, as DigiCert and Sectigo can, and with "
                                   "`validation = \"dns-persist-01\"`."))
      .Add(&CaModel::propagation, schema::Nested("propagation", Nesting::kSingle, PropagationModel::Schema().attributes())
                                      .Optional()
                                      .Doc("How to wait for challenge records to become visible before the CA looks."))
      .Add(&CaModel::validation,
           schema::String("validation")
               .Optional()
               .Check(schema::OneOf({"dns-01", "dns-account-01", "dns-persist-01"}))
               .Doc("The challenge by which control of names is proven: `dns-01` (default); `dns-account-01`, whose records "
                    "have a label of the account, so that several accounts can have one name delegated to them; or "
                    "`dns-persist-01`, whose records (`dns_persist`) you create once, so that no DNS credentials are needed. "
                    "Changed in place; nothing is re-issued."))
      .Add(&CaModel::check_caa,
           schema::Bool("check_caa")
               .Optional()
               .Doc("Whether to read the CAA records of the names before an order, and to stop where they forbid this CA. Only "
                    "for CAs that state their `caa_identities`; records that cannot be read from a server of their zone are "
                    "left to the CA. Default: `true`."))
      .Add(&CaModel::agree_to_terms,
           schema::Bool("agree_to_terms")
               .Default(Value::Bool(true))
               .Doc("Whether you agree to the CA's terms of service. If `false`, no account is registered at a CA that has "
                    "terms."))
      .Add(&CaModel::deactivate_on_destroy,
           schema::Bool("deactivate_on_destroy")
               .Default(Value::Bool(true))
               .Doc("Whether to deactivate the account at the CA when this resource is destroyed, unless it was adopted. "
                    "Certificates stay valid."))
      .Add(&CaModel::verify_on_refresh,
           schema::Bool("verify_on_refresh")
               .Default(Value::Bool(false))
               .Doc("Whether each refresh asks the CA about the account, in one request. An account that no longer exists, or a "
                    "CA that does not answer, is reported as a warning; a contact that was changed there is planned to be set "
                    "back."));
}

void AddOutputs(schema::Model<CaModel>& model) {
  model.Add(&CaModel::id, Output("id", "The account's URL."))
      .Add(&CaModel::account_url, Output("account_url", "The account's URL at the CA."))
      .Add(&CaModel::adopted, schema::Bool("adopted").Computed().Doc(
                                  "Whether the account was adopted through `account_key_pem`: destroy leaves it alone."))
      .Add(&CaModel::terms_of_service_url,
           Output("terms_of_service_url", "The CA's terms of service when the account was registered; null if it has none."))
      .Add(&CaModel::caa_identities,
           schema::List("caa_identities", Type::String())
               .Computed()
               .Doc("The names by which CAA records allow this CA, as its directory states them when the account is registered; "
                    "empty if it states none. Null in states of provider versions that did not have it, until "
                    "`verify_on_refresh` or a new account reads it."))
      .Add(&CaModel::dns_account_label,
           Output("dns_account_label",
                  "With `validation = \"dns-account-01\"`, the account's label: the challenge record of a name is "
                  "`<label>._acme-challenge.<name>`. Null otherwise."))
      .Add(&CaModel::dns_persist,
           schema::Nested("dns_persist", Nesting::kSingle, DnsPersistModel::Schema().attributes())
               .Computed()
               .Doc("With `validation = \"dns-persist-01\"`, the components of a name's TXT record, for the function "
                    "`dns_persist_record`. Null otherwise. Read from the CA's directory when the account is registered, its key "
                    "changes, or with `verify_on_refresh`."))
      .Add(&CaModel::handle, Output("handle",
                                    "The sealed CA with its account key and DNS connections, for the `external_ca` of "
                                    "certificates. Useless without the sealing key.")
                                 .Sensitive());
}

}  // namespace

const schema::Model<DnsModel>& DnsModel::Schema() {
  static const auto model =
      schema::Model<DnsModel>()
          .Add(&DnsModel::app_connection, schema::String("app_connection")
                                              .Required()
                                              .Sensitive()
                                              .Check(IsHandle(sealed::handle_kind::kConnection))
                                              .Doc("The `handle` of the app connection that can change the zone."))
          .Add(&DnsModel::zone, schema::String("zone")
                                    .Optional()
                                    .Check(schema::LengthBetween(1, 1024))
                                    .Doc("The zone, by name or by the vendor's ID. If omitted, the zone is discovered through "
                                         "DNS. If several connections match, the one with the longest zone is used."))
          .Build();
  return model;
}

const schema::Model<EabModel>& EabModel::Schema() {
  static const auto model =
      schema::Model<EabModel>()
          .Add(&EabModel::kid,
               schema::String("kid").Required().Check(schema::LengthBetween(1, 1024)).Doc("The key identifier from the CA."))
          .Add(&EabModel::hmac_key,
               schema::String("hmac_key")
                   .Optional()
                   .WriteOnly()
                   .Check(CheckMacKey)
                   .Doc("The HMAC key from the CA, base64url or base64. Used when the account is registered, and never stored."))
          .Build();
  return model;
}

const schema::Model<PropagationModel>& PropagationModel::Schema() {
  static const auto model =
      schema::Model<PropagationModel>()
          .Add(&PropagationModel::nameservers,
               schema::List("nameservers", Type::String())
                   .Optional()
                   .Check(EachServer(engine::dns::CheckServerAddress))
                   .Doc("Servers (`host` or `host:port`) to query instead of the zone's own name servers."))
          .Add(
              &PropagationModel::resolvers,
              schema::List("resolvers", Type::String())
                  .Optional()
                  .Check(EachServer(engine::dns::CheckResolver))
                  .Doc("Recursive resolvers (`host`, `host:port`, or the `https` URL of DNS over HTTPS) that find zones and name "
                       "servers. They are never asked for a challenge record before it exists. Default: those of the machine."))
          .Add(&PropagationModel::timeout, schema::String("timeout")
                                               .Optional()
                                               .Check(schema::IsDuration())
                                               .Doc("How long to wait for the name servers, such as `2m`. Default: `2m`."))
          .Add(&PropagationModel::wait_for, schema::String("wait_for")
                                                .Optional()
                                                .Check(schema::OneOf({"all", "majority"}))
                                                .Doc("`all` (default) or `majority` of the name servers that can be reached."))
          .Add(
              &PropagationModel::delay,
              schema::String("delay")
                  .Optional()
                  .Check(schema::IsDuration())
                  .Doc("Additional time to wait after the records are visible, such as `30s`, for servers that cannot be queried "
                       "directly. Default: `0s`."))
          .Add(&PropagationModel::disable,
               schema::Bool("disable").Optional().Doc(
                   "Whether to query no name server: continue at once, or after `delay` if that is set. Default: `false`."))
          .Build();
  return model;
}

const schema::Model<CaModel>& CaModel::Schema() {
  static const auto model = [] {
    schema::Model<CaModel> building;
    AddInputs(building);
    AddOutputs(building);
    return building.Build();
  }();
  return model;
}

schema::Schema ExternalCaAcmeSchema() {
  return {.doc =
              "An account at an ACME certificate authority (RFC 8555), with the DNS connections that prove control of names to "
              "it. "
              "The account key is generated by the provider, or adopted, and leaves it only sealed inside `handle`.",
          .attributes = CaModel::Schema().attributes()};
}

}  // namespace resources::external_ca

// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/acme_schema.h"

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

void CheckServers(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  std::int64_t index = 0;
  for (const Value& element : value.AsElements()) {
    const schema::cty::Path at = path.Index(index++);
    if (!element.is_known()) continue;
    if (const auto fine = engine::dns::CheckServerAddress(element.AsString()); !fine) {
      diagnostics.Error("Invalid server address", fine.error(), "", at);
    }
  }
}

void CheckMacKey(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  if (const auto fine = engine::acme::DecodeMacKey(base::Secret(value.AsString())); !fine) {
    diagnostics.Error("Invalid HMAC key", fine.error(), "Copy it from the CA once more, whole.", path);
  }
}

void CheckKey(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
  if (const auto fine = base::crypto::ParsePrivateKey(base::Secret(value.AsString())); !fine) {
    diagnostics.Error("Invalid account key", fine.error(), "", path);
  }
}

std::vector<Attribute> DnsAttributes() {
  std::vector<Attribute> attributes;
  attributes.push_back(schema::String("app_connection")
                           .Required()
                           .Sensitive()
                           .Check(IsHandle(sealed::handle_kind::kConnection))
                           .Doc("The `handle` of the app connection that can change the zone."));
  attributes.push_back(schema::String("zone")
                           .Optional()
                           .Check(schema::LengthBetween(1, 1024))
                           .Doc("The zone, by name or by the vendor's id. Without it the zone is found by asking. With several "
                                "connections, the one with the longest "
                                "zone that holds a record is taken."));
  return attributes;
}

std::vector<Attribute> EabAttributes() {
  std::vector<Attribute> attributes;
  attributes.push_back(
      schema::String("kid").Required().Check(schema::LengthBetween(1, 1024)).Doc("The key identifier from the CA."));
  attributes.push_back(
      schema::String("hmac_key")
          .Optional()
          .WriteOnly()
          .Check(CheckMacKey)
          .Doc("The HMAC key from the CA, base64url or base64. Used when the account is made, and never stored."));
  return attributes;
}

std::vector<Attribute> PropagationAttributes() {
  std::vector<Attribute> attributes;
  attributes.push_back(schema::List("nameservers", Type::String())
                           .Optional()
                           .Check(CheckServers)
                           .Doc("Servers (`host` or `host:port`) to ask instead of the zone's own name servers."));
  attributes.push_back(schema::List("resolvers", Type::String())
                           .Optional()
                           .Check(CheckServers)
                           .Doc("Recursive resolvers (`host` or `host:port`) that find zones, CNAMEs and name servers. Default: "
                                "those of the machine."));
  attributes.push_back(schema::String("timeout")
                           .Optional()
                           .Check(schema::IsDuration())
                           .Doc("How long to wait for the name servers, such as `2m`. Default: `2m`."));
  attributes.push_back(schema::String("wait_for")
                           .Optional()
                           .Check(schema::OneOf({"all", "majority"}))
                           .Doc("`all` (default) or `majority` of the name servers that can be reached."));
  attributes.push_back(schema::String("delay")
                           .Optional()
                           .Check(schema::IsDuration())
                           .Doc("How much longer to wait after that, such as `30s`, for servers that none of these stand for. "
                                "Default: `0s`."));
  attributes.push_back(schema::Bool("disable").Optional().Doc(
      "Ask no name server: go on at once, or after `delay` where that is set. Default: `false`."));
  return attributes;
}

std::vector<Attribute> ComputedAttributes() {
  std::vector<Attribute> attributes;
  attributes.push_back(schema::String("id").Computed().Doc("The account's URL."));
  attributes.push_back(schema::String("account_url").Computed().Doc("The account's URL at the CA."));
  attributes.push_back(schema::Bool("adopted").Computed().Doc(
      "Whether the account was taken over by `account_key_pem`: destroy leaves it alone."));
  attributes.push_back(schema::String("terms_of_service_url")
                           .Computed()
                           .Doc("The CA's terms of service when the account was made; null when it has none."));
  attributes.push_back(
      schema::String("handle").Computed().Sensitive().Doc("The sealed CA with its account key and DNS connections, for the "
                                                          "`external_ca` of certificates. Useless without the sealing key."));
  return attributes;
}

}  // namespace

schema::Schema ExternalCaAcmeSchema() {
  schema::Schema schema{.doc =
                            "An account at an ACME certificate authority (RFC 8555), with the DNS connections through which it "
                            "is shown control of names. "
                            "The account key is made by the provider, or taken over, and leaves it only sealed inside `handle`."};
  auto& attributes = schema.attributes;
  attributes.push_back(schema::String("name")
                           .Required()
                           .Check(schema::IsSlug())
                           .Doc("What you call this CA: lower-case letters, digits and dashes, 1 to 64."));
  attributes.push_back(schema::String("directory_url")
                           .Required()
                           .Check(schema::IsHttpsUrl())
                           .Doc("The CA's ACME directory, used to the letter. Another one means another account, and makes a new "
                                "object. The guide on certificate authorities has a table of them."));
  attributes.push_back(schema::String("account_email")
                           .Optional()
                           .Check(schema::IsEmailAddress())
                           .Doc("Where the CA may write to. Changed in place."));
  attributes.push_back(schema::String("trusted_roots_pem")
                           .Optional()
                           .Doc("Root certificates in PEM that this CA's own HTTPS server is verified with, besides the "
                                "system's. For private CAs only."));
  attributes.push_back(schema::Nested("eab", Nesting::kSingle, EabAttributes())
                           .Optional()
                           .Doc("External account binding, for CAs that demand it. Used once, when the account is made; a later "
                                "change keeps the account."));
  attributes.push_back(
      schema::String("account_key_pem")
          .Optional()
          .WriteOnly()
          .Check(CheckKey)
          .Doc("The private key of an existing account, in PEM, to take that over instead of making one. Used when "
               "the resource is created, or applied for the first time after an import; a later value is not "
               "looked at."));
  attributes.push_back(
      schema::Number("account_key_version")
          .Optional()
          .Check(schema::IntegerBetween(1, 1'000'000))
          .Doc("Another number gives the account another key (RFC 8555 section 7.3.5), in place. Some CAs do not "
               "offer it: ZeroSSL and SSL.com."));
  attributes.push_back(schema::Nested("dns", Nesting::kList, DnsAttributes())
                           .Required()
                           .Check(schema::ElementsBetween(0, 100))
                           .Doc("The zones in which challenge records may be placed, each with its app connection. Empty (`[]`) "
                                "where the CA has validated all names in advance, as DigiCert and Sectigo can."));
  attributes.push_back(schema::Nested("propagation", Nesting::kSingle, PropagationAttributes())
                           .Optional()
                           .Doc("How to wait for challenge records to be visible before the CA looks."));
  attributes.push_back(
      schema::Bool("agree_to_terms")
          .Default(Value::Bool(true))
          .Doc("Whether you agree to the CA's terms of service (default). `false` refuses to make an account where the CA has "
               "terms."));
  attributes.push_back(
      schema::Bool("deactivate_on_destroy")
          .Default(Value::Bool(true))
          .Doc("Whether destroying this resource deactivates its account at the CA (default), unless it was taken "
               "over. Certificates stay valid."));
  attributes.push_back(
      schema::Bool("verify_on_refresh")
          .Default(Value::Bool(false))
          .Doc("Whether each refresh asks the CA about the account, in one request: one that is gone, or a CA that does not "
               "answer, is a warning, and another contact is planned to be set right. Default: `false`, no request."));
  for (Attribute& attribute : ComputedAttributes()) attributes.push_back(std::move(attribute));
  return schema;
}

}  // namespace resources::external_ca

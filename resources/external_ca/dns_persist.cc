// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/dns_persist.h"

#include <optional>
#include <utility>

#include "base/idn/international_name.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/validation.h"

namespace resources::external_ca {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using engine::acme::PersistentIssuer;
using schema::cty::Type;
using schema::cty::Value;

schema::Attribute Part(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

PersistentIssuer IssuerFrom(const DnsPersistModel& model) {
  return {.domain_names = model.issuer_domain_names.OrEmpty(),
          .account_url = model.account_url.OrEmpty(),
          .account_hash_prefix = model.account_hash_prefix.OrEmpty(),
          .key_thumbprint = model.account_key_thumbprint.OrEmpty()};
}

Result<Value> MakeRecord(std::span<const Value> arguments) {
  const PersistentIssuer issuer = IssuerFrom(DnsPersistModel::Schema().Read(arguments[0]));
  if (issuer.domain_names.empty()) {
    return Error{ErrorKind::kInvalid,
                 "`issuer_domain_names` is empty: the CA's directory does not tell by which names records name the CA"};
  }
  auto name = base::idn::ParseInternationalName(arguments[1].AsString(), base::Wildcard::kAllowed);
  if (!name) return std::move(name).error().While("reading `name`");
  std::optional<base::TimePoint> until;
  if (!arguments[2].is_null()) {
    until = base::ParseRfc3339(arguments[2].AsString());
    if (!until) return Error{ErrorKind::kInvalid, "`persist_until` must be a time such as `2030-01-02T03:04:05Z`, or null"};
  }
  std::string fqdn = engine::acme::ChallengeName(*name, engine::acme::ValidationMethod::kDnsPersist01);
  fqdn.pop_back();  // the final dot, which many DNS providers refuse
  return Value::Object(
      {{"name", Value::String(std::move(fqdn))}, {"value", Value::String(engine::acme::PersistentValue(issuer, *name, until))}});
}

}  // namespace

const schema::Model<DnsPersistModel>& DnsPersistModel::Schema() {
  static const auto model =
      schema::Model<DnsPersistModel>()
          .Add(&DnsPersistModel::label,
               Part("label", "What the record's name begins with: `_validation-persist`, followed by a dot and the name."))
          .Add(&DnsPersistModel::value,
               Part("value", "A value that is good for any name, but not for wildcards. Null if the CA states no domain name."))
          .Add(&DnsPersistModel::issuer_domain_names,
               schema::List("issuer_domain_names", Type::String())
                   .Computed()
                   .Doc("The names by which records name this CA, as its directory states them."))
          .Add(&DnsPersistModel::account_url, Part("account_url", "The account's URL at the CA."))
          .Add(&DnsPersistModel::account_hash_prefix,
               Part("account_hash_prefix",
                    "What the account's digest in a record begins with. Null if records of this CA have the account's URL "
                    "instead, as in drafts before 02."))
          .Add(&DnsPersistModel::account_key_thumbprint,
               Part("account_key_thumbprint", "The thumbprint of the account's public key (RFC 7638)."))
          .Build();
  return model;
}

DnsPersistModel ToModel(const PersistentIssuer& issuer) {
  DnsPersistModel model;
  model.label = std::string(engine::acme::kPersistentLabel);
  if (!issuer.domain_names.empty()) model.value = engine::acme::PersistentValue(issuer, "*");
  model.issuer_domain_names = issuer.domain_names;
  model.account_url = issuer.account_url;
  if (!issuer.account_hash_prefix.empty()) model.account_hash_prefix = issuer.account_hash_prefix;
  model.account_key_thumbprint = issuer.key_thumbprint;
  return model;
}

Function DnsPersistRecord() {
  return {.name = "dns_persist_record",
          .summary = "Returns the TXT record by which dns-persist-01 proves a name.",
          .doc =
              "Returns the name and the value of the TXT record that lets an account of a CA prove a name by `dns-persist-01`. "
              "Create it with any DNS provider; it stays for as long as certificates are ordered. For a wildcard "
              "(`*.example.com`), the value has the policy for wildcards and is good for the name itself too.",
          .parameters = {{.name = "dns_persist",
                          .type = DnsPersistModel::Schema().type(),
                          .doc = "The `dns_persist` of a `certwright_external_ca_acme`."},
                         {.name = "name", .type = Type::String(), .doc = "The DNS name, or a wildcard."},
                         {.name = "persist_until",
                          .type = Type::String(),
                          .doc = "The time (RFC 3339) after which the record counts no longer, or null.",
                          .allow_null = true}},
          .result = Type::Object({{"name", Type::String()}, {"value", Type::String()}}),
          .call = MakeRecord};
}

}  // namespace resources::external_ca

// SPDX-License-Identifier: MPL-2.0
#include "resources/profile_model.h"

#include "base/text.h"
#include "resources/certificate_arguments.h"
#include "resources/name_pattern.h"
#include "schema/validators.h"

namespace resources {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;

// The elements of a set have no path of their own.
schema::Validator Each(schema::Validator check) {
  return [check = std::move(check)](const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
    for (const Value& element : value.AsElements()) {
      if (element.is_known()) check(element, path, diagnostics);
    }
  };
}

void CheckPattern(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  if (const auto pattern = ParseNamePattern(value.AsString()); !pattern) {
    diagnostics.Error(base::Cat("Invalid pattern of names: ", base::Printable(value.AsString(), 100)), pattern.error(),
                      "Write a DNS name, or one after `*.` (any one label) or `**.` (one label or more).", path);
  }
}

Attribute Patterns(const char* name, const char* doc) {
  return schema::Set(name, Type::String()).Optional().Check(Each(CheckPattern)).Doc(doc);
}

Attribute PresenceOf(const char* name, const char* doc) {
  return schema::String(name).Optional().Check(schema::OneOf({"forbidden", "required", "optional"})).Doc(doc);
}

}  // namespace

const schema::Model<DnsNamesRule>& DnsNamesRule::Schema() {
  static const auto model =
      schema::Model<DnsNamesRule>()
          .Add(&DnsNamesRule::allow,
               Patterns(
                   "allow",
                   "Patterns of the names that are allowed: `a.example.com` is that name alone, `*.example.com` any one label "
                   "before example.com, `**.example.com` one label or more. If omitted, any name."))
          .Add(&DnsNamesRule::deny,
               Patterns(
                   "deny",
                   "Patterns of names that are refused although `allow` has them. A wildcard name is refused if it stands for "
                   "any of them."))
          .Add(&DnsNamesRule::wildcards,
               schema::Bool("wildcards").Optional().Doc("Whether wildcard names are allowed. Default: `true`."))
          .Add(&DnsNamesRule::max, schema::Number("max")
                                       .Optional()
                                       .Check(schema::IntegerBetween(0, 1000))
                                       .Doc("How many names a certificate may have."))
          .Build();
  return model;
}

const schema::Model<ProfileRules>& ProfileRules::Schema() {
  static const auto model =
      schema::Model<ProfileRules>()
          .Add(&ProfileRules::dns_names, schema::Nested("dns_names", Nesting::kSingle, DnsNamesRule::Schema().attributes())
                                             .Optional()
                                             .Doc("The DNS names that certificates may have. If omitted, any."))
          .Add(&ProfileRules::common_name,
               PresenceOf("common_name",
                          "Whether certificates have a common name: `forbidden`, `required` or `optional`. "
                          "Default: `optional`."))
          .Add(&ProfileRules::csr, PresenceOf("csr",
                                              "Whether certificates are ordered with a signing request (`csr_pem`): "
                                              "`forbidden`, `required` or `optional`. Default: `optional`."))
          .Add(&ProfileRules::key_algorithms, schema::Set("key_algorithms", Type::String())
                                                  .Optional()
                                                  .Check(Each(schema::OneOf(KeyAlgorithms())))
                                                  .Doc("The key algorithms that certificates may have. If omitted, any."))
          .Add(
              &ProfileRules::profiles,
              schema::Set("profiles", Type::String())
                  .Optional()
                  .Check(Each(schema::LengthBetween(1, 100)))
                  .Doc("The CA's own profiles, such as `shortlived`, one of which each certificate must name in `profile`. Empty "
                       "(`[]`): certificates name none. If omitted, any."))
          .Add(&ProfileRules::max_validity,
               schema::String("max_validity")
                   .Optional()
                   .Check(IsValidity())
                   .Doc("The longest `validity` that certificates may request, such as `30d`. Certificates must then have a "
                        "`validity`, since the CA's own choice is not known. For CAs that do not support `validity`, use "
                        "`profiles` instead."))
          .Add(
              &ProfileRules::export_private_key,
              schema::Bool("export_private_key")
                  .Default(Value::Bool(false))
                  .Doc(
                      "Whether certificates may set `export_private_key`, which writes the private key to the state in plaintext."))
          .Add(
              &ProfileRules::destinations,
              schema::Set("destinations", Type::String())
                  .Optional()
                  .Doc("The kinds of sync, such as `kubernetes_secret`, that certificates may be deployed by. If omitted, any. A "
                       "change takes effect for each certificate when it is next issued."))
          .Build();
  return model;
}

const schema::Model<ProfileDefaults>& ProfileDefaults::Schema() {
  static const auto model =
      schema::Model<ProfileDefaults>()
          .Add(
              &ProfileDefaults::key_algorithm,
              schema::String("key_algorithm").Optional().Check(schema::OneOf(KeyAlgorithms())).Doc("Default of `key_algorithm`."))
          .Add(&ProfileDefaults::profile,
               schema::String("profile").Optional().Check(schema::LengthBetween(1, 100)).Doc("Default of `profile`."))
          .Add(&ProfileDefaults::preferred_chain, schema::String("preferred_chain")
                                                      .Optional()
                                                      .Check(schema::LengthBetween(1, 200))
                                                      .Doc("Default of `preferred_chain`."))
          .Add(&ProfileDefaults::renew_before,
               schema::String("renew_before").Optional().Check(IsRenewBefore()).Doc("Default of `renew_before`."))
          .Add(&ProfileDefaults::validity,
               schema::String("validity").Optional().Check(IsValidity()).Doc("Default of `validity`."))
          .Add(&ProfileDefaults::rotate_private_key,
               schema::Bool("rotate_private_key").Optional().Doc("Default of `rotate_private_key`."))
          .Add(&ProfileDefaults::revoke_on_destroy,
               schema::Bool("revoke_on_destroy").Optional().Doc("Default of `revoke_on_destroy`."))
          .Build();
  return model;
}

std::vector<Attribute> AsOutputs(std::vector<Attribute> attributes) {
  for (Attribute& one : attributes) {
    one.required = one.optional = false;
    one.computed = true;
    one.default_value.reset();
    one.validators.clear();
    one.nested = AsOutputs(std::move(one.nested));
  }
  return attributes;
}

}  // namespace resources

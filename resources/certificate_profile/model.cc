// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_profile/model.h"

#include "resources/sealed/handle_validator.h"
#include "schema/validators.h"

namespace resources::certificate_profile {

const schema::Model<ProfileModel>& ProfileModel::Schema() {
  static const auto model =
      schema::Model<ProfileModel>()
          .Add(
              &ProfileModel::name,
              schema::String("name")
                  .Required()
                  .Check(schema::IsSlug())
                  .Doc(
                      "A name for this profile, which messages show: lower-case letters, digits and dashes, 1 to 64 characters."))
          .Add(&ProfileModel::external_ca, schema::String("external_ca")
                                               .Required()
                                               .Sensitive()
                                               .Check(sealed::IsIssuerHandle())
                                               .Doc("The `handle` of the CA, or of another profile. Every profile on the way to "
                                                    "the CA must allow an order."))
          .AddUnbound(ProfileRules::Schema().attributes())
          .Add(&ProfileModel::defaults,
               schema::Nested("defaults", schema::Nesting::kSingle, ProfileDefaults::Schema().attributes())
                   .Optional()
                   .Doc("Values of arguments that certificates leave out. A change takes effect for each certificate when it is "
                        "next issued, and orders nothing by itself."))
          .Add(&ProfileModel::id,
               schema::String("id").Computed().Doc(
                   "32 hex digits, made from the account at the CA and the names of the profiles. It stays when "
                   "rules and defaults change."))
          .Add(&ProfileModel::handle, schema::String("handle").Computed().Sensitive().Doc(
                                          "The sealed CA with the rules, for the `external_ca` of certificates and of further "
                                          "profiles. Useless without the sealing key."))
          .Build();
  return model;
}

schema::Schema CertificateProfileSchema() {
  return {
      .doc =
          "Rules and defaults for certificates: what those may order who are given this profile's `handle` in place of the "
          "CA's. Checked in the plan; no request is ever made. A profile does not restrict anyone who holds the sealing key and "
          "the CA's own handle: see the guide on certificate profiles. "
          "A rule that is omitted allows anything, an empty one nothing.",
      .attributes = ProfileModel::Schema().attributes()};
}

}  // namespace resources::certificate_profile

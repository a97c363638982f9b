// SPDX-License-Identifier: MPL-2.0
// The values of a certwright_certificate_profile. Its rules are those of ProfileRules, which reads them from the same object.
#pragma once

#include <string>

#include "base/secret.h"
#include "resources/profile_model.h"
#include "schema/model.h"
#include "schema/schema.h"

namespace resources::certificate_profile {

struct ProfileModel {
  static const schema::Model<ProfileModel>& Schema();

  schema::Field<std::string> name;
  schema::Field<base::Secret> external_ca;
  schema::Field<ProfileDefaults> defaults;

  schema::Field<std::string> id;
  schema::Field<base::Secret> handle;
};

schema::Schema CertificateProfileSchema();

// The attribute of a field, for diagnostics.
template <typename T>
schema::cty::Path At(schema::Field<T> ProfileModel::*field) {
  return ProfileModel::Schema().PathOf(field);
}

}  // namespace resources::certificate_profile

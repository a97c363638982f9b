// SPDX-License-Identifier: MPL-2.0
// The values of a certwright_external_ca_acme.
#pragma once

#include <string>
#include <vector>

#include "base/secret.h"
#include "resources/external_ca/dns_persist.h"
#include "schema/model.h"
#include "schema/schema.h"

namespace resources::external_ca {

struct DnsModel {
  static const schema::Model<DnsModel>& Schema();
  schema::Field<base::Secret> app_connection;
  schema::Field<std::string> zone;
};

struct EabModel {
  static const schema::Model<EabModel>& Schema();
  schema::Field<std::string> kid;
  schema::Field<base::Secret> hmac_key;
};

struct PropagationModel {
  static const schema::Model<PropagationModel>& Schema();
  schema::Field<std::vector<std::string>> nameservers;
  schema::Field<std::vector<std::string>> resolvers;
  schema::Field<std::string> timeout;
  schema::Field<std::string> wait_for;
  schema::Field<std::string> delay;
  schema::Field<bool> disable;
};

struct CaModel {
  static const schema::Model<CaModel>& Schema();

  schema::Field<std::string> name;
  schema::Field<std::string> directory_url;
  schema::Field<std::string> account_email;
  schema::Field<std::string> trusted_roots_pem;
  schema::Field<EabModel> eab;
  schema::Field<base::Secret> account_key_pem;
  schema::Field<std::int64_t> account_key_version;
  schema::Field<std::vector<DnsModel>> dns;
  schema::Field<PropagationModel> propagation;
  schema::Field<std::string> validation;
  schema::Field<bool> check_caa;
  schema::Field<bool> agree_to_terms;
  schema::Field<bool> deactivate_on_destroy;
  schema::Field<bool> verify_on_refresh;

  schema::Field<std::string> id;
  schema::Field<std::string> account_url;
  schema::Field<bool> adopted;
  schema::Field<std::string> terms_of_service_url;
  schema::Field<std::vector<std::string>> caa_identities;
  schema::Field<std::string> dns_account_label;
  schema::Field<DnsPersistModel> dns_persist;
  schema::Field<base::Secret> handle;
};

schema::Schema ExternalCaAcmeSchema();

// The attribute of a field, for diagnostics.
template <typename T>
schema::cty::Path At(schema::Field<T> CaModel::*field) {
  return CaModel::Schema().PathOf(field);
}

}  // namespace resources::external_ca

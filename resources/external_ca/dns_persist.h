// SPDX-License-Identifier: MPL-2.0
// What the records of dns-persist-01 are made from: an output of the CA, and the function that makes a record from it.
#pragma once

#include <string>
#include <vector>

#include "engine/acme/persistent_record.h"
#include "resources/function.h"
#include "schema/model.h"

namespace resources::external_ca {

struct DnsPersistModel {
  static const schema::Model<DnsPersistModel>& Schema();
  schema::Field<std::string> label;
  schema::Field<std::string> value;
  schema::Field<std::vector<std::string>> issuer_domain_names;
  schema::Field<std::string> account_url;
  schema::Field<std::string> account_hash_prefix;
  schema::Field<std::string> account_key_thumbprint;
};

// Without a `value` if the CA has no domain names.
DnsPersistModel ToModel(const engine::acme::PersistentIssuer& issuer);

// provider::certwright::dns_persist_record
Function DnsPersistRecord();

}  // namespace resources::external_ca

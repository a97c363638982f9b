// SPDX-License-Identifier: MPL-2.0
// The values of a certwright_certificate_sync.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "base/secret.h"
#include "resources/timeouts.h"
#include "schema/model.h"
#include "schema/schema.h"

namespace resources::certificate_sync {

// What is at the destination for one certificate.
enum class SyncStatus {
  kSynced,
  kMissing,  // gone from the destination
  kDrifted,  // there, but not as it was pushed
  kFailed,   // the last push failed
  kExpired,
};

}  // namespace resources::certificate_sync

template <>
struct schema::EnumNames<resources::certificate_sync::SyncStatus> {
  using SyncStatus = resources::certificate_sync::SyncStatus;
  static constexpr std::array<std::pair<SyncStatus, std::string_view>, 5> kNames = {{
      {SyncStatus::kSynced, "synced"},
      {SyncStatus::kMissing, "missing"},
      {SyncStatus::kDrifted, "drifted"},
      {SyncStatus::kFailed, "failed"},
      {SyncStatus::kExpired, "expired"},
  }};
};

namespace resources::certificate_sync {

struct SyncedModel {
  static const schema::Model<SyncedModel>& Schema();
  schema::Field<std::string> name;
  schema::Field<std::string> external_id;
  schema::Field<std::string> version;
  schema::Field<std::string> fingerprint_sha256;
  schema::Field<std::string> not_after;
  schema::Field<SyncStatus> status;
  schema::Field<std::string> message;
  schema::Field<std::string> synced_at;
};

// An object that the sync no longer needs and could not remove yet.
struct PendingRemoval {
  static const schema::Model<PendingRemoval>& Schema();
  schema::Field<std::string> name;
  schema::Field<std::string> external_id;
};

// Handles are sensitive by themselves, so that a plan shows which keys changed.
using HandleByKey = std::map<std::string, schema::Field<std::string>>;
using SyncedByKey = std::map<std::string, schema::Field<SyncedModel>>;
using PendingByKey = std::map<std::string, schema::Field<PendingRemoval>>;

struct SyncModel {
  static const schema::Model<SyncModel>& Schema();

  schema::Field<std::string> name;
  schema::Field<std::string> description;
  schema::Field<base::Secret> app_connection;
  schema::Field<schema::cty::Value> destination;  // an object with one block for each kind of destination
  schema::Field<HandleByKey> certificates;
  schema::Field<bool> remove_expired;
  schema::Field<bool> include_root_ca;
  schema::Field<std::string> name_schema;
  schema::Field<std::map<std::string, schema::Field<std::string>>> names;  // by key of `certificates`
  schema::Field<bool> adopt;
  schema::Field<Timeouts> timeouts;

  schema::Field<std::string> id;
  schema::Field<SyncedByKey> synced;
  schema::Field<PendingByKey> pending_removals;
  schema::Field<base::Secret> receipt;
};

schema::Schema CertificateSyncSchema();

// The attribute of a field, for diagnostics.
template <typename T>
schema::cty::Path At(schema::Field<T> SyncModel::*field) {
  return SyncModel::Schema().PathOf(field);
}
// destination.<kind>
schema::cty::Path AtDestination(std::string_view kind);

}  // namespace resources::certificate_sync

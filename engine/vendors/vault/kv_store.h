// SPDX-License-Identifier: MPL-2.0
// The secrets of a key/value engine, version 2, as objects that hold certificates.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
//
// The marks of ownership are in the secret's custom_metadata, which is written after the content.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/connections/connection.h"
#include "engine/sync/field_names.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/vault/api.h"

namespace engine::vendors::vault {

struct KvOptions {
  std::string mount;
  std::string folder;  // below it; empty: its top
  sync::FieldNames names;
};

std::unique_ptr<sync::ObjectStore> MakeKvStore(std::shared_ptr<VaultApi> api, connections::Connection connection,
                                               KvOptions options);

// Why Vault does not accept the path; empty when it does.
std::string PathProblem(std::string_view path);

}  // namespace engine::vendors::vault

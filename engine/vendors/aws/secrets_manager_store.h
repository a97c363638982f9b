// SPDX-License-Identifier: MPL-2.0
// Secrets of AWS Secrets Manager as objects that hold certificates, each a JSON object. The content of a version never changes,
// so the id of the current one tells whether anything did.
#pragma once

#include <memory>
#include <string>

#include "engine/sync/field_names.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/aws/secrets_manager_api.h"

namespace engine::vendors::aws {

struct SecretsManagerOptions {
  std::string kms_key_id;  // empty: AWS's own key
  int recovery_days;       // 7 to 30
  sync::FieldNames names;
};

std::unique_ptr<sync::ObjectStore> MakeSecretsManagerStore(SecretsManagerApi api, const sync::Setup& setup,
                                                           SecretsManagerOptions options);

}  // namespace engine::vendors::aws

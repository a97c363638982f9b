// SPDX-License-Identifier: MPL-2.0
// Secrets of type kubernetes.io/tls as objects that hold certificates, kept by server-side apply
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/). Labels are the marks of ownership.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/connections/connection.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/kubernetes/api.h"

namespace engine::vendors::kubernetes {

inline constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";  // a label of each Secret

struct SecretOptions {
  std::string name_space;
  sync::Tags labels;       // of the user, as are
  sync::Tags annotations;  // these
  std::string sync_id;
};

std::unique_ptr<sync::ObjectStore> MakeSecretStore(std::shared_ptr<KubernetesApi> api, connections::Connection connection,
                                                   SecretOptions options);

}  // namespace engine::vendors::kubernetes

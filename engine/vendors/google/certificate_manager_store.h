// SPDX-License-Identifier: MPL-2.0
// Self-managed certificates of Certificate Manager as stored objects, renewed in place, and shown in an entry of a certificate
// map. Labels are the marks of ownership.
#pragma once

#include <memory>
#include <string>

#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/google/certificate_manager_map.h"
#include "engine/vendors/google/resources.h"

namespace engine::vendors::google {

struct CertificateOptions {
  std::string scope;
  Labels labels;  // of the user
};

// `place`: "projects/p/locations/global".
std::unique_ptr<sync::ObjectStore> MakeCertificateStore(std::shared_ptr<const GoogleResources> api, const std::string& place,
                                                        MapEntry entry, CertificateOptions options);

}  // namespace engine::vendors::google

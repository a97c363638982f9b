// SPDX-License-Identifier: MPL-2.0
// The google_cloud connection as credentials and an API to call, for its own check and for the DNS provider.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "engine/connections/connection.h"
#include "engine/vendors/google/api.h"
#include "engine/vendors/google/credentials.h"

namespace engine::vendors::google {

struct GoogleCloud {
  GoogleApi api;
  std::string project;  // empty when neither the connection nor its credentials name one
};

// `url`: of the API, unless the connection has an endpoint_url. `scope`: what the token is for.
// Errors: kInvalid, which blames the field.
base::Result<GoogleCloud> MakeGoogleCloud(const connections::Connection& connection, const connections::Deps& deps,
                                          std::string_view url, std::string_view scope);

}  // namespace engine::vendors::google

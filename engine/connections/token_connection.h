// SPDX-License-Identifier: MPL-2.0
// The parts of a connection that is one API token, in the field or in an environment variable, and the URL of an API.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"
#include "engine/connections/plain_http.h"
#include "engine/connections/rest_api.h"

namespace engine::connections {

inline constexpr std::string_view kTokenField = "api_token";

constexpr base::ConfigField TokenField(std::string_view doc) { return {.name = kTokenField, .secret = true, .doc = doc}; }

constexpr base::ConfigField EndpointField(std::string_view url) {
  return {.name = "endpoint_url", .default_value = url, .doc = "The URL of the API, for a proxy or a test.", .identity = true};
}

// Of a connection that is nothing but a token, for the API at `url`.
constexpr std::array<base::ConfigField, 3> TokenFields(std::string_view doc, std::string_view url) {
  return {TokenField(doc), EndpointField(url), kAllowHttpField};
}

// For ConnectionSpec::validate. A token that is not set is no problem: the environment may have it where it is used.
std::vector<FieldProblem> ValidateToken(const Connection& connection);

// The secret as it goes into a header. Errors: kInvalid, which blames the field, if neither it nor the environment variable is
// set.
base::Result<base::Secret> GetSecretOrVariable(const Connection& connection, std::string_view field, std::string_view variable);

// For ConnectionSpec::check: sends one GET. Errors: those of `api`, those of the vendor; a refusal blames `api_token`.
base::Result<void> CheckToken(const base::Call& call, base::Result<RestApi> api, std::string_view path);

}  // namespace engine::connections

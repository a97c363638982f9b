// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/token_connection.h"

#include <string>

#include "base/environment.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"

namespace engine::connections {

using base::Cat;

std::vector<FieldProblem> ValidateToken(const Connection& connection) {
  std::vector<FieldProblem> problems;
  CheckHeaderSecret(connection, kTokenField, problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<base::Secret> GetSecretOrVariable(const Connection& connection, std::string_view field, std::string_view variable) {
  const auto found = base::Environment(std::string(variable).c_str());
  if (connection.settings.FindSecret(field) == nullptr && !found) {
    return Blame(field, Cat(field, " is not set, and neither is the environment variable ", variable));
  }
  if (connection.settings.FindSecret(field) == nullptr) {
    auto secret = base::http::ParseHeaderSecret(*found);
    if (!secret) return Blame(field, Cat("the environment variable ", variable, " cannot be right: ", secret.error().message));
    return base::Secret(*std::move(secret));
  }
  auto secret = GetHeaderSecret(connection, field);
  if (!secret) return std::move(secret).error();
  return base::Secret(*std::move(secret));
}

base::Result<void> CheckToken(const base::Call& call, base::Result<RestApi> api, std::string_view path) {
  if (!api) return std::move(api).error();
  auto answer = api->Send(call, "GET", path);
  if (!answer) return BlameCredentials(std::move(answer).error(), kTokenField).While("checking the API token");
  return {};
}

}  // namespace engine::connections

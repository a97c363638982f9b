// SPDX-License-Identifier: MPL-2.0
// Checks of fields that many kinds of connection share.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/connections/connection.h"
#include "engine/connections/plain_http.h"

namespace engine::connections {

inline void CheckEndpointUrl(const Connection& connection, std::vector<FieldProblem>& problems) {
  CheckUrl(connection, "endpoint_url", problems);
}

// `field`: how problems call the secret.
inline void CheckHeaderSecret(const base::Secret* secret, std::string_view field, std::vector<FieldProblem>& problems) {
  if (secret == nullptr) return;
  if (auto parsed = base::http::ParseHeaderSecret(secret->Reveal()); !parsed) {
    problems.push_back({std::string(field), base::Cat(field, " cannot be right: ", parsed.error().message)});
  }
}

inline void CheckHeaderSecret(const Connection& connection, std::string_view field, std::vector<FieldProblem>& problems) {
  CheckHeaderSecret(connection.settings.FindSecret(field), field, problems);
}

// A secret that the connection cannot do without.
inline void CheckIsSet(const Connection& connection, std::string_view field, std::vector<FieldProblem>& problems) {
  if (connection.settings.Has(field)) return;
  problems.push_back({std::string(field), base::Cat("Set `", field, "`: the connection cannot be used without it.")});
}

// Fields that are set together or not at all.
inline void CheckTogether(const Connection& connection, std::initializer_list<std::string_view> fields,
                          std::vector<FieldProblem>& problems) {
  std::string_view present;
  for (const std::string_view field : fields) {
    if (connection.settings.Has(field)) present = field;
  }
  for (const std::string_view field : fields) {
    if (present.empty() || connection.settings.Has(field)) continue;
    problems.push_back({std::string(field), base::Cat("Set `", field, "`: `", present, "` is of no use without it.")});
  }
}

// The error of a connection that lacks something, which blames the field.
inline base::Error Blame(std::string_view field, std::string message) {
  return base::Error{.kind = base::ErrorKind::kInvalid, .message = std::move(message), .blame = ConnectionField(field)};
}

// The secret as it goes into a header. Errors: kInvalid, which blames the field.
inline base::Result<std::string> GetHeaderSecret(const Connection& connection, std::string_view field) {
  const base::Secret* secret = connection.settings.FindSecret(field);
  if (secret == nullptr) return Blame(field, base::Cat(field, " is not set"));
  auto parsed = base::http::ParseHeaderSecret(secret->Reveal());
  if (!parsed) return Blame(field, base::Cat(field, " cannot be right: ", parsed.error().message));
  return parsed;
}

// Errors: kInvalid, which blames "endpoint_url".
inline base::Result<std::string> GetEndpointUrl(const Connection& connection, std::string_view fallback = {}) {
  auto parsed = ParseConnectionUrl(connection, connection.settings.Text("endpoint_url", fallback));
  if (!parsed) return Blame("endpoint_url", std::move(parsed.error().message));
  return parsed;
}

// Blames the field if the credentials were refused.
inline base::Error BlameCredentials(base::Error error, std::string_view field) {
  if (error.kind == base::ErrorKind::kDenied) error.blame = ConnectionField(field);
  return error;
}

}  // namespace engine::connections

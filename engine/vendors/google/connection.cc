// SPDX-License-Identifier: MPL-2.0
// Google Cloud: a service account's key, workload identity federation, or the machine's own identity; with impersonation.
#include "engine/vendors/google/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {
namespace {

using connections::Blame;
using connections::BlameCredentials;
using connections::CheckEndpointUrl;
using connections::Connection;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::FindLimiter;
using connections::GetEndpointUrl;

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "project",
                      .doc = "The project that holds zones and certificates. Without it, the one that the credentials name.",
                      .identity = true},
    base::ConfigField{.name = "credentials_json",
                      .secret = true,
                      .doc =
                          "A service account's key, or the configuration of a workload identity federation, as JSON. Without it, "
                          "the service account of the machine at Google that runs this."},
    base::ConfigField{.name = "impersonate_service_account",
                      .doc = "The email address of a service account to act as; the credentials need the role *Service Account "
                             "Token Creator* on it.",
                      .identity = true},
    base::ConfigField{
        .name = "endpoint_url", .doc = "The URL of every API, for a proxy or a test, instead of Google's own.", .identity = true},
    connections::kAllowHttpField,
};

// https://cloud.google.com/resource-manager/docs/creating-managing-projects; "example.com:project" is of the old kind.
bool IsProject(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '-' || one == ':' || one == '.';
  });
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  if (!IsProject(connection.settings.Text("project"))) {
    problems.push_back({"project", "Give the project's id, such as \"my-project-123\", not its display name."});
  }
  if (const base::Secret* json = connection.settings.FindSecret("credentials_json")) {
    if (auto identity = ParseGoogleCredentials(*json); !identity) {
      problems.push_back({"credentials_json", identity.error().message});
    }
  }
  const std::string_view account = connection.settings.Text("impersonate_service_account");
  if (!account.empty() && (account.find('@') == std::string_view::npos || account.find('/') != std::string_view::npos)) {
    problems.push_back({"impersonate_service_account", "Give the service account's email address."});
  }
  CheckEndpointUrl(connection, problems);
  return problems;
}

// The project that is used when none is set; whose credentials they are makes no difference to what lies in it.
std::string Account(const Connection& connection) {
  const base::Secret* json = connection.settings.FindSecret("credentials_json");
  if (json == nullptr || !connection.settings.Text("project").empty()) return "";
  const auto identity = ParseGoogleCredentials(*json);
  return identity ? identity->project : "";
}

base::Result<std::shared_ptr<GoogleCredentials>> FindCredentials(const Connection& connection, const Deps& deps,
                                                                 std::string_view scope, std::string& project) {
  GoogleIdentity identity;
  const base::Secret* json = connection.settings.FindSecret("credentials_json");
  if (json != nullptr) {
    auto parsed = ParseGoogleCredentials(*json);
    if (!parsed) return Blame("credentials_json", std::move(parsed.error().message));
    identity = *std::move(parsed);
  }
  project = std::string(connection.settings.Text("project", identity.project));
  return SharedGoogleCredentials(json == nullptr ? base::Secret() : *json, std::move(identity),
                                 std::string(connection.settings.Text("impersonate_service_account")), std::string(scope),
                                 *deps.shared);
}

// Getting a token needs no permission at any API, and shows all that belongs to the credentials.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  std::string project;
  const auto credentials = FindCredentials(connection, deps, kAnyScope, project);
  if (!credentials) return credentials.error();
  if (project.empty()) return Blame("project", "the credentials name no project: set one");
  auto token = (*credentials)->GetToken(call, *deps.http);
  if (token) return {};
  const bool is_about_other =
      token.error().while_doing.size() > 1 && !connection.settings.Text("impersonate_service_account").empty();
  return BlameCredentials(std::move(token).error(), is_about_other ? "impersonate_service_account" : "credentials_json");
}

}  // namespace

base::Result<GoogleCloud> MakeGoogleCloud(const Connection& connection, const Deps& deps, std::string_view url,
                                          std::string_view scope) {
  auto endpoint = GetEndpointUrl(connection, url);
  if (!endpoint) return std::move(endpoint).error();
  std::string project;
  auto credentials = FindCredentials(connection, deps, scope, project);
  if (!credentials) return std::move(credentials).error();
  return GoogleCloud{
      .api = GoogleApi(*deps.http, *std::move(endpoint), *std::move(credentials), FindLimiter(connection, deps, {}, url)),
      .project = std::move(project)};
}

const ConnectionSpec kConnection{
    .kind = "google_cloud",
    .title = "Google Cloud",
    .doc =
        "A project at Google Cloud, reached with a service account's key, workload identity federation, or as the machine that "
        "runs this.",
    .fields = kConnectionFields,
    .account = Account,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::google

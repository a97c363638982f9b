// SPDX-License-Identifier: MPL-2.0
// Google Cloud: credentials that are given, or what Google's own libraries would find; with impersonation.
#include "engine/vendors/google/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/environment.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {
namespace {

using connections::Blame;
using connections::BlameCredentials;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::FindLimiter;
using connections::GetEndpointUrl;

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "project",
                      .doc = "The project that holds zones and certificates. Without it, the one that the credentials name, or "
                             "`GOOGLE_PROJECT`, `GOOGLE_CLOUD_PROJECT`, `GCLOUD_PROJECT`, `CLOUDSDK_CORE_PROJECT`.",
                      .identity = true},
    base::ConfigField{.name = "credentials_json",
                      .secret = true,
                      .doc =
                          "A credentials file's content: a service account's key, the login of a user, the configuration of a "
                          "workload identity federation, or an impersonated service account. Without it and without "
                          "`access_token`, credentials are found as Google's own libraries do: environment, gcloud's file, the "
                          "machine at Google that runs this."},
    base::ConfigField{.name = "access_token",
                      .secret = true,
                      .doc = "An access token, instead of `credentials_json`. One that differs on each run needs "
                             "`credentials_version`."},
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
  if (connection.settings.Has("credentials_json") && connection.settings.Has("access_token")) {
    problems.push_back({"access_token", "A connection has either `credentials_json` or `access_token`."});
  }
  CheckHeaderSecret(connection, "access_token", problems);
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

// The field that holds the credentials; empty: they are found in the environment.
std::string_view CredentialsField(const Connection& connection) {
  for (const std::string_view field : {"credentials_json", "access_token"}) {
    if (connection.settings.FindSecret(field) != nullptr) return field;
  }
  return "";
}

struct Login {
  std::shared_ptr<GoogleCredentials> credentials;  // shared with every other user of them
  std::string project;
  std::string quota_project;
};

base::Result<Login> FindLogin(const Connection& connection, const Deps& deps, std::string_view scope) {
  const std::string_view field = CredentialsField(connection);
  const base::Secret* given = field.empty() ? nullptr : connection.settings.FindSecret(field);
  auto identity = given == nullptr              ? FindAmbientIdentity(base::Environment)
                  : field == "credentials_json" ? ParseGoogleCredentials(*given)
                                                : MakeAccessTokenIdentity(*given);
  if (!identity) return Blame(field.empty() ? "credentials_json" : field, std::move(identity.error().message));
  std::string impersonate(connection.settings.Text("impersonate_service_account"));
  if (given == nullptr && impersonate.empty()) impersonate = base::Environment("GOOGLE_IMPERSONATE_SERVICE_ACCOUNT").value_or("");
  std::string project(connection.settings.Text("project"));
  // The credentials' own, if they are given; those that are found may be of another project than the one that is meant.
  const std::string ambient = FindAmbientProject(base::Environment);
  for (const std::string& one :
       {given == nullptr ? ambient : identity->project, given == nullptr ? identity->project : ambient}) {
    if (project.empty()) project = one;
  }
  Login login{.credentials = nullptr,
              .project = std::move(project),
              .quota_project = base::Environment("GOOGLE_CLOUD_QUOTA_PROJECT").value_or(identity->quota_project)};
  login.credentials = SharedGoogleCredentials(*std::move(identity), std::move(impersonate), std::string(scope), *deps.shared);
  return login;
}

// Getting a token needs no permission at any API, and shows all that belongs to the credentials.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto login = FindLogin(connection, deps, kAnyScope);
  if (!login) return login.error();
  if (login->project.empty()) return Blame("project", "the credentials name no project: set one");
  auto token = login->credentials->GetToken(call, *deps.http);
  if (token) return {};
  const bool is_about_other =
      token.error().while_doing.size() > 1 && !connection.settings.Text("impersonate_service_account").empty();
  const std::string_view field = CredentialsField(connection);
  return BlameCredentials(std::move(token).error(), is_about_other  ? "impersonate_service_account"
                                                    : field.empty() ? "credentials_json"
                                                                    : field);
}

}  // namespace

base::Result<GoogleCloud> MakeGoogleCloud(const Connection& connection, const Deps& deps, std::string_view url,
                                          std::string_view scope) {
  auto endpoint = GetEndpointUrl(connection, url);
  if (!endpoint) return std::move(endpoint).error();
  auto login = FindLogin(connection, deps, scope);
  if (!login) return std::move(login).error();
  return GoogleCloud{.api = GoogleApi(*deps.http, *std::move(endpoint), std::move(login->credentials),
                                      FindLimiter(connection, deps, {}, url), std::move(login->quota_project)),
                     .project = std::move(login->project)};
}

const ConnectionSpec kConnection{
    .kind = "google_cloud",
    .title = "Google Cloud",
    .doc =
        "A project at Google Cloud, reached with a service account's key, a user's login, workload identity federation, an access "
        "token, or what Google's own libraries would find (Application Default Credentials).",
    .fields = kConnectionFields,
    .account = Account,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::google

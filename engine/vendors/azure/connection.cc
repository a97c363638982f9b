// SPDX-License-Identifier: MPL-2.0
// Microsoft Azure: an application with a secret, a certificate or a federated token, or the identity of the machine.
#include "engine/vendors/azure/connection.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/environment.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/limiter.h"
#include "engine/vendors/azure/ambient.h"
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {
namespace {

using base::Cat;
using connections::Blame;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::CheckUrl;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::FindLimiter;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;
using connections::ParseConnectionUrl;

constexpr std::string_view kWantsOne =
    "A connection has one way to authenticate: `client_secret`, `client_certificate_pem`, `client_certificate_pfx`, "
    "`oidc_token_file`, `use_oidc`, `use_managed_identity` or `use_cli`; without any, the environment must say one.";

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "tenant_id",
        .doc = "The id (or a domain) of the Microsoft Entra tenant. Not needed with `use_managed_identity` and `use_cli`.",
        .identity = true},
    base::ConfigField{.name = "client_id",
                      .doc = "The application's client id; with `use_managed_identity`, that of the user-assigned identity.",
                      .identity = true},
    base::ConfigField{.name = "client_secret", .secret = true, .doc = "A secret of the application: its value, not its id."},
    base::ConfigField{.name = "client_certificate_pem",
                      .secret = true,
                      .doc = "A certificate of the application and its RSA key, both as PEM, the key unencrypted."},
    base::ConfigField{.name = "client_certificate_pfx",
                      .secret = true,
                      .doc = "The same as a PKCS #12 file in base64: `filebase64(\"application.pfx\")`."},
    base::ConfigField{.name = "client_certificate_password", .secret = true, .doc = "The password of `client_certificate_pfx`."},
    base::ConfigField{.name = "oidc_token_file",
                      .doc = "The file with the token of a federated credential (workload identity). `AZURE_TENANT_ID` and "
                             "`AZURE_CLIENT_ID` stand in for what is not set."},
    base::ConfigField{.name = "use_oidc",
                      .kind = base::FieldKind::kBool,
                      .doc =
                          "Whether to log in with the token that the CI system gives out for the job: GitHub Actions, Azure "
                          "DevOps, or what `ARM_OIDC_REQUEST_URL` names. `ARM_TENANT_ID` and `ARM_CLIENT_ID` stand in for what "
                          "is not set."},
    base::ConfigField{.name = "use_managed_identity",
                      .kind = base::FieldKind::kBool,
                      .doc = "Whether to act as the managed identity of the machine at Azure that runs this."},
    base::ConfigField{.name = "managed_identity_object_id",
                      .doc = "The object id of the user-assigned identity, instead of `client_id`.",
                      .identity = true},
    base::ConfigField{.name = "managed_identity_resource_id",
                      .doc = "The resource id of the user-assigned identity, instead of `client_id`.",
                      .identity = true},
    base::ConfigField{.name = "use_cli",
                      .kind = base::FieldKind::kBool,
                      .doc =
                          "Whether to act as whoever is logged in with Azure's command-line tool (`az login`). Runs nothing but "
                          "`az account get-access-token`, so that the provider's `allow_exec` is not needed."},
    base::ConfigField{.name = "subscription_id",
                      .doc = "The subscription that zones are looked up in by name. A resource id needs none. Without it: "
                             "`ARM_SUBSCRIPTION_ID`.",
                      .identity = true},
    base::ConfigField{.name = "environment",
                      .default_value = "public",
                      .one_of = "public|usgovernment|china",
                      .doc = "Which of Azure's clouds: `public`, `usgovernment` or `china`.",
                      .identity = true},
    base::ConfigField{.name = "authority_url",
                      .doc = "The URL of Microsoft Entra ID, for a proxy or a test, instead of the cloud's own."},
    base::ConfigField{.name = "endpoint_url",
                      .doc = "The URL of Azure Resource Manager, for a proxy or a test, instead of the cloud's own.",
                      .identity = true},
    connections::kAllowHttpField,
};

struct Way {
  std::string_view field;
  AzureMethod method;
};
constexpr std::array kWays{
    Way{"client_secret", AzureMethod::kSecret},
    Way{"client_certificate_pem", AzureMethod::kCertificate},
    Way{"client_certificate_pfx", AzureMethod::kCertificate},
    Way{"oidc_token_file", AzureMethod::kFederatedToken},
    Way{"use_oidc", AzureMethod::kOidcRequest},
    Way{"use_managed_identity", AzureMethod::kManagedIdentity},
    Way{"use_cli", AzureMethod::kCli},
};

// Those that stand for an identity which exists elsewhere already.
bool IsSwitch(AzureMethod method) { return method == AzureMethod::kManagedIdentity || method == AzureMethod::kCli; }

bool IsSet(const Connection& connection, const Way& way) {
  if (IsSwitch(way.method) || way.method == AzureMethod::kOidcRequest) return connection.settings.Flag(way.field);
  if (way.method == AzureMethod::kFederatedToken) return !connection.settings.Text(way.field).empty();
  return connection.settings.FindSecret(way.field) != nullptr;
}

// The first that is set; null when none is.
const Way* FindWay(const Connection& connection) {
  const auto found = std::find_if(kWays.begin(), kWays.end(), [&](const Way& way) { return IsSet(connection, way); });
  return found == kWays.end() ? nullptr : &*found;
}

bool IsHex(char one) { return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F'); }

bool IsGuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

bool IsDomain(std::string_view text) {
  return text.find('.') != std::string_view::npos && std::all_of(text.begin(), text.end(), [](char one) {
           return IsHex(one) || (one >= 'g' && one <= 'z') || (one >= 'G' && one <= 'Z') || one == '-' || one == '.';
         });
}

base::Result<AzureCertificate> ReadCertificateField(const Connection& connection, std::string_view field) {
  const base::Secret* password =
      field == "client_certificate_pfx" ? connection.settings.FindSecret("client_certificate_password") : nullptr;
  return ParseAzureCertificate(*connection.settings.FindSecret(field), password == nullptr ? base::Secret() : *password);
}

void CheckWays(const Connection& connection, std::vector<FieldProblem>& problems) {
  bool has_one = false;
  for (const Way& way : kWays) {
    if (!IsSet(connection, way)) continue;
    if (has_one) problems.push_back({std::string(way.field), std::string(kWantsOne)});
    has_one = true;
  }
}

// The application whose secret or certificate it is. A federated token may come with both in the environment, and so may the
// token itself: where the apply runs, which need not be here.
void CheckIdentity(const Connection& connection, std::vector<FieldProblem>& problems) {
  const auto way = std::find_if(kWays.begin(), kWays.end(), [&](const Way& one) { return IsSet(connection, one); });
  if (way == kWays.end()) return;
  if (way->method != AzureMethod::kSecret && way->method != AzureMethod::kCertificate) return;
  connections::CheckTogether(connection, {"tenant_id", "client_id", way->field}, problems);
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  CheckWays(connection, problems);
  CheckIdentity(connection, problems);
  const std::string_view tenant = connection.settings.Text("tenant_id");
  if (!tenant.empty() && !IsGuid(tenant) && !IsDomain(tenant)) {
    problems.push_back(
        {"tenant_id", "Give the tenant's id, such as 00000000-0000-0000-0000-000000000000, or one of its domains."});
  }
  for (const char* field : {"client_id", "subscription_id"}) {
    const std::string_view id = connection.settings.Text(field);
    if (id.empty() || IsGuid(id)) continue;
    problems.push_back({field, "Give the id, such as 00000000-0000-0000-0000-000000000000, not a name."});
  }
  CheckHeaderSecret(connection, "client_secret", problems);
  for (const char* field : {"client_certificate_pem", "client_certificate_pfx"}) {
    if (connection.settings.FindSecret(field) == nullptr) continue;
    if (auto parsed = ReadCertificateField(connection, field); !parsed) {
      problems.push_back({field, Cat(field, " cannot be right: ", parsed.error().message)});
    }
  }
  const bool is_machine = connection.settings.Flag("use_managed_identity");
  int names = connection.settings.Text("client_id").empty() ? 0 : 1;
  for (const char* field : {"managed_identity_object_id", "managed_identity_resource_id"}) {
    if (connection.settings.Text(field).empty()) continue;
    if (!is_machine) problems.push_back({field, Cat("`", field, "` has no effect without `use_managed_identity`. Remove it.")});
    if (is_machine && ++names > 1) {
      problems.push_back({field, "Name the identity once: by `client_id`, by its object id, or by its resource id."});
    }
  }
  CheckUrl(connection, "authority_url", problems);
  CheckEndpointUrl(connection, problems);
  return problems;
}

base::Result<const AzureCloud*> FindCloud(const Connection& connection) {
  if (const auto* cloud = FindAzureCloud(connection.settings.Text("environment"))) return cloud;
  return Blame("environment", "there is no such cloud; there are public, usgovernment and china");
}

// The field, or for a federated token what the cluster or the CI system put into the environment.
std::string GetOrInherit(const Connection& connection, std::string_view field, AzureMethod method, const char* arm,
                         const char* sdk) {
  std::string value(connection.settings.Text(field));
  if (value.empty() && method == AzureMethod::kOidcRequest) value = base::Environment(arm).value_or("");
  const bool may_inherit = method == AzureMethod::kOidcRequest || method == AzureMethod::kFederatedToken;
  return value.empty() && may_inherit ? base::Environment(sdk).value_or("") : value;
}

base::Result<void> ReadProof(const Connection& connection, std::string_view field, AzureSettings& settings) {
  if (settings.method == AzureMethod::kSecret) {
    auto secret = GetHeaderSecret(connection, "client_secret");
    if (!secret) return std::move(secret).error();
    settings.client_secret = base::Secret(*std::move(secret));
  } else if (settings.method == AzureMethod::kCertificate) {
    settings.client_certificate = *connection.settings.FindSecret(field);
    const base::Secret* password = connection.settings.FindSecret("client_certificate_password");
    if (password != nullptr) settings.certificate_password = *password;
  } else if (settings.method == AzureMethod::kFederatedToken) {
    settings.token_file = connection.settings.Text(field);
  } else if (settings.method == AzureMethod::kOidcRequest) {
    if (auto read = ReadOidcRequest(base::Environment, settings); !read) return Blame(field, std::move(read.error().message));
  }
  return {};
}

// As the configuration says.
base::Result<AzureSettings> MakeSettings(const Connection& connection, const Way& way) {
  AzureSettings settings{.method = way.method,
                         .tenant_id = GetOrInherit(connection, "tenant_id", way.method, "ARM_TENANT_ID", "AZURE_TENANT_ID"),
                         .client_id = GetOrInherit(connection, "client_id", way.method, "ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
                         .object_id = std::string(connection.settings.Text("managed_identity_object_id")),
                         .resource_id = std::string(connection.settings.Text("managed_identity_resource_id"))};
  if (!IsSwitch(way.method)) {
    if (settings.tenant_id.empty()) return Blame("tenant_id", Cat(way.field, " needs tenant_id, which is missing"));
    if (settings.client_id.empty()) return Blame("client_id", Cat(way.field, " needs client_id, which is missing"));
  }
  if (auto read = ReadProof(connection, way.field, settings); !read) return std::move(read).error();
  return settings;
}

// As the environment says, but for tenant_id and client_id where the configuration has them.
base::Result<AzureSettings> FindSettings(const Connection& connection, const AzureCloud& cloud) {
  const auto environment = [&](const char* name) {
    const std::string_view variable = name;
    const std::string_view given = variable.ends_with("_TENANT_ID")   ? connection.settings.Text("tenant_id")
                                   : variable.ends_with("_CLIENT_ID") ? connection.settings.Text("client_id")
                                                                      : std::string_view();
    return given.empty() ? base::Environment(name) : std::optional(std::string(given));
  };
  auto settings = FindAmbientSettings(environment);
  if (!settings) {
    const bool is_nothing = settings.error().kind == base::ErrorKind::kNotFound;
    return Blame("client_secret", is_nothing ? std::string(kWantsOne) : std::move(settings.error().message));
  }
  if (!connection.settings.Text("authority_url").empty()) return settings;
  std::string problem = FindCloudProblem(base::Environment, cloud);
  return problem.empty() ? std::move(settings) : Blame("environment", std::move(problem));
}

// A token alone shows that the credentials are right. The subscription is looked at too, but a role on a single zone, which is
// all that DNS-01 needs, may not allow that.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto api = MakeAzureApi(connection, deps);
  if (!api) return api.error();
  if (auto token = api->Authenticate(call); !token) return BlameAzureField(std::move(token).error(), connection);
  const std::string subscription = FindAzureSubscription(connection);
  if (subscription.empty()) return {};
  auto answer = api->Send(call, "GET", Cat("/subscriptions/", base::PercentEncode(subscription), "?api-version=2022-12-01"));
  if (answer || answer.error().code == "AuthorizationFailed") return {};
  return BlameAzureField(std::move(answer).error(), connection).While("reading the subscription");
}

// Those that mean one field, whatever the way to authenticate.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
struct BlamedCode {
  std::string_view code;
  std::string_view field;
};
constexpr std::array kBlamed{
    BlamedCode{"AADSTS700016", "client_id"},
    BlamedCode{"AADSTS7000229", "client_id"},
    BlamedCode{"AADSTS90002", "tenant_id"},
    BlamedCode{"AADSTS90013", "tenant_id"},
    BlamedCode{"AADSTS900021", "tenant_id"},
    BlamedCode{"AADSTS900023", "tenant_id"},
    BlamedCode{"InvalidAuthenticationTokenTenant", "tenant_id"},
    BlamedCode{"SubscriptionNotFound", "subscription_id"},
    BlamedCode{"InvalidSubscriptionId", "subscription_id"},
};

}  // namespace

base::Result<std::shared_ptr<AzureTokens>> FindAzureTokens(const Connection& connection, const Deps& deps) {
  const auto cloud = FindCloud(connection);
  if (!cloud) return cloud.error();
  auto authority = ParseConnectionUrl(connection, connection.settings.Text("authority_url", (*cloud)->authority_url));
  if (!authority) return Blame("authority_url", std::move(authority.error().message));
  const Way* way = FindWay(connection);
  auto settings = way == nullptr ? FindSettings(connection, **cloud) : MakeSettings(connection, *way);
  if (!settings) return std::move(settings).error();
  settings->authority_url = *std::move(authority);
  return SharedAzureTokens(*settings, deps);
}

base::Result<AzureApi> MakeAzureApi(const Connection& connection, const Deps& deps) {
  const auto cloud = FindCloud(connection);
  if (!cloud) return cloud.error();
  auto url = GetEndpointUrl(connection, (*cloud)->management_url);
  if (!url) return std::move(url).error();
  auto tokens = FindAzureTokens(connection, deps);
  if (!tokens) return std::move(tokens).error();
  return AzureApi(*deps.http, *std::move(url), *std::move(tokens), std::string((*cloud)->management_url),
                  FindLimiter(connection, deps, {}));
}

std::string FindAzureSubscription(const Connection& connection) {
  const std::string_view given = connection.settings.Text("subscription_id");
  return given.empty() ? base::Environment("ARM_SUBSCRIPTION_ID").value_or("") : std::string(given);
}

base::Error BlameAzureField(base::Error error, const Connection& connection) {
  const auto blamed = std::find_if(kBlamed.begin(), kBlamed.end(), [&](const BlamedCode& one) { return one.code == error.code; });
  if (blamed != kBlamed.end()) {
    error.blame = ConnectionField(blamed->field);
    return error;
  }
  // The rest of what goes wrong with a token is the fault of what it is asked for with.
  const bool is_token = !error.while_doing.empty() && error.while_doing.front() == kGettingAzureToken;
  const bool is_own = error.kind == base::ErrorKind::kDenied || error.kind == base::ErrorKind::kInvalid;
  const Way* way = FindWay(connection);
  if (is_token && is_own && way != nullptr) error.blame = ConnectionField(way->field);
  return error;
}

const ConnectionSpec kConnection{
    .kind = "azure",
    .title = "Microsoft Azure",
    .doc =
        "Microsoft Azure, in the public cloud, that of the US Government or that in China: an application with a client secret, "
        "a "
        "certificate or a federated token (workload identity), the managed identity of the machine, or a login of `az`. The "
        "guides have the roles "
        "that are enough.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::azure

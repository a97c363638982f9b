// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <sstream>
#include <utility>

#include "base/crypto/certificate.h"
#include "base/crypto/digest.h"
#include "base/crypto/pkcs12.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/json.h"
#include "base/random.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/azure/error.h"

namespace engine::vendors::azure {
namespace {

using base::Base64Url;
using base::Call;
using base::Cat;
using base::DumpJson;
using base::EnvironmentReader;
using base::Error;
using base::ErrorKind;
using base::FindInteger;
using base::FindString;
using base::GetString;
using base::Hex;
using base::Join;
using base::Json;
using base::ParseJsonObject;
using base::PercentEncode;
using base::Result;
using base::Secret;
using base::SystemRandom;
using base::TimePoint;
using base::Wipe;
using base::http::ParseHeaderSecret;

constexpr std::chrono::minutes kAssertionLifetime{10};
// Elsewhere than at Azure nothing answers there, and often nothing refuses either.
constexpr std::chrono::seconds kPatience{10};
// az is slow to start.
constexpr std::chrono::seconds kCliPatience{60};
constexpr std::string_view kMachineUrl = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01";

constexpr std::string_view kFederationAudience = "api://AzureADTokenExchange";

constexpr std::array kAzureClouds{
    AzureCloud{"public", "https://login.microsoftonline.com", "https://management.azure.com"},
    AzureCloud{"usgovernment", "https://login.microsoftonline.us", "https://management.usgovcloudapi.net"},
    AzureCloud{"china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"},
};

Error Wrong(std::string message) { return Error{ErrorKind::kInvalid, std::move(message)}; }

// A number, or one written as a text, as the machine's endpoints do.
std::optional<std::chrono::seconds> FindSeconds(const Json& answer, std::string_view name) {
  if (const auto number = FindInteger(answer, name)) return std::chrono::seconds(*number);
  const std::string text = FindString(answer, name).value_or("");
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(number);
}

// "2026-01-02 03:04:05.000000" in this machine's time zone.
std::optional<TimePoint> ParseLocalTime(const std::string& text) {
  std::tm parts{};
  std::istringstream stream(text);
  stream >> std::get_time(&parts, "%Y-%m-%d %H:%M:%S");
  if (!stream) return std::nullopt;
  parts.tm_isdst = -1;
  return TimePoint(std::chrono::seconds(std::mktime(&parts)));
}

// The blocks of a PEM whose type ends with `type`: "CERTIFICATE", "PRIVATE KEY".
Secret BlocksOf(std::string_view pem, std::string_view type) {
  std::string blocks;
  const std::string mark = Cat(type, "-----");
  for (auto at = pem.find("-----BEGIN "); at != std::string_view::npos; at = pem.find("-----BEGIN ", at + 1)) {
    const auto next = pem.find("-----BEGIN ", at + 1);
    const std::string_view block = pem.substr(at, next == std::string_view::npos ? next : next - at);
    if (block.substr(0, block.find('\n')).find(mark) != std::string_view::npos) blocks.append(block);
  }
  return Secret(std::move(blocks));
}

base::http::Request FormPost(std::string url, const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : fields) pairs.push_back(Cat(name, "=", PercentEncode(value)));
  return {.method = "POST",
          .url = std::move(url),
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
          .body = Join(pairs, "&")};
}

Result<base::crypto::Pkcs12Content> ReadPem(const Secret& pem) {
  auto key = base::crypto::ParsePrivateKey(BlocksOf(pem.Reveal(), "PRIVATE KEY"));
  if (!key) return Wrong(Cat("its private key cannot be read: ", key.error().message));
  const Secret certificates = BlocksOf(pem.Reveal(), "CERTIFICATE");
  auto chain = base::crypto::ParseChain(certificates.Reveal());
  if (!chain) return Wrong(Cat("its certificate cannot be read: ", chain.error().message));
  return base::crypto::Pkcs12Content{*std::move(key), *std::move(chain)};
}

Result<base::crypto::Pkcs12Content> ReadPfx(const Secret& file, const Secret& password) {
  const auto decoded = base::FromBase64(base::Trim(file.Reveal()));
  const std::string_view der = decoded ? std::string_view(*decoded) : file.Reveal();
  if (!der.starts_with('\x30')) return Wrong("it is neither PEM nor a PKCS #12 file");
  auto content = base::crypto::ReadPkcs12(der, password);
  if (!content) return Wrong(std::move(content.error().message));
  return content;
}

Result<Secret> ReadToken(const std::string& path) {
  const auto file = base::ReadSmallFile(path);
  if (!file) return Wrong(Cat("the token file ", path, " cannot be read"));
  auto token = ParseHeaderSecret(file->Reveal());
  if (!token) return Wrong(Cat("the token file ", path, " holds no token: ", token.error().message));
  return Secret(*std::move(token));
}

// Every setting, so that no two with different ones are taken for the same; a digest, since some are secret.
std::string KeyOf(const AzureSettings& settings) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(settings.authority_url), std::string_view(settings.tenant_id), std::string_view(settings.client_id),
        settings.client_secret.Reveal(), settings.client_certificate.Reveal(), settings.certificate_password.Reveal(),
        std::string_view(settings.token_file), settings.federated_token.Reveal(), std::string_view(settings.oidc_request_url),
        settings.oidc_request_token.Reveal(), std::string_view(settings.service_connection_id),
        std::string_view(settings.object_id), std::string_view(settings.resource_id)}) {
    text.append(Cat(part.size(), ':', part));
  }
  const Secret whole(Cat(text, static_cast<int>(settings.method), settings.sends_chain ? "x5c" : ""));
  Wipe(text);
  return base::crypto::Sha256(whole.Reveal());
}

}  // namespace

const AzureCloud* FindAzureCloud(std::string_view name) {
  const auto found =
      std::find_if(kAzureClouds.begin(), kAzureClouds.end(), [&](const AzureCloud& one) { return one.name == name; });
  return found == kAzureClouds.end() ? nullptr : &*found;
}

Result<AzureCertificate> ParseAzureCertificate(const Secret& text, const Secret& password) {
  auto content = text.Reveal().find("-----BEGIN ") == std::string_view::npos ? ReadPfx(text, password) : ReadPem(text);
  if (!content) return std::move(content).error();
  auto& [key, certificates] = *content;
  if (base::crypto::JwsAlgorithm(key) != "RS256") return Wrong("its key is not RSA, and Microsoft Entra ID takes no other");
  const std::string public_key = key.PublicKeyDer();
  const auto own = std::find_if(certificates.begin(), certificates.end(),
                                [&](const base::crypto::Certificate& one) { return one.public_key_der == public_key; });
  if (own == certificates.end()) return Wrong("its private key belongs to none of its certificates");
  std::rotate(certificates.begin(), own, own + 1);
  AzureCertificate certificate{std::move(key),
                               base::crypto::Digest(base::crypto::Hash::kSha1, certificates.front().der),
                               base::crypto::Sha256(certificates.front().der),
                               {}};
  for (const base::crypto::Certificate& one : certificates) certificate.chain.push_back(one.der);
  return certificate;
}

AzureTokens::AzureTokens(AzureSettings settings, EnvironmentReader environment, ProgramRunner run)
    : settings_(std::move(settings)), environment_(std::move(environment)), run_(std::move(run)) {}

Result<Secret> AzureTokens::Get(const Call& call, base::http::Transport& transport, const std::string& resource) {
  return tokens_.Get(call, resource, [&]() -> Result<Token> {
    auto fetched = Fetch(call, transport, resource);
    if (!fetched) return std::move(fetched).error().While(std::string(kGettingAzureToken));
    return fetched;
  });
}

void AzureTokens::Forget(const std::string& resource, const Secret& token) { tokens_.Forget(resource, token); }

Result<AzureTokens::Token> AzureTokens::Fetch(const Call& call, base::http::Transport& transport,
                                              const std::string& resource) const {
  if (settings_.method == AzureMethod::kManagedIdentity) return FetchFromMachine(call, transport, resource);
  if (settings_.method == AzureMethod::kCli) return FetchFromCli(call, resource);
  return FetchFromEntra(call, transport, resource);
}

Result<AzureTokens::Token> AzureTokens::FetchFromEntra(const Call& call, base::http::Transport& transport,
                                                       const std::string& resource) const {
  const std::string url = Cat(settings_.authority_url, "/", PercentEncode(settings_.tenant_id), "/oauth2/v2.0/token");
  const std::string scope = Cat(resource, "/.default");
  std::vector<std::pair<std::string_view, std::string_view>> fields{
      {"grant_type", "client_credentials"}, {"client_id", settings_.client_id}, {"scope", scope}};
  const auto proof = GetProof(call, transport, url);
  if (!proof) return proof.error();
  if (settings_.method == AzureMethod::kSecret) {
    fields.emplace_back("client_secret", proof->Reveal());
  } else {
    fields.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    fields.emplace_back("client_assertion", proof->Reveal());
  }
  const auto response = base::http::Fetch(call, transport, FormPost(url, fields));
  if (!response) return response.error();
  if (response->status != 200) return MakeAzureError("Microsoft Entra ID", *response, call.Now());
  return ReadAnswer(call, *response);
}

Result<Secret> AzureTokens::GetProof(const Call& call, base::http::Transport& transport, const std::string& audience) const {
  if (settings_.method == AzureMethod::kSecret) return settings_.client_secret;
  if (settings_.method == AzureMethod::kCertificate) return MakeAssertion(audience, call.Now());
  if (settings_.method == AzureMethod::kOidcRequest) return RequestFederatedToken(call, transport);
  return settings_.federated_token.empty() ? ReadToken(settings_.token_file) : settings_.federated_token;
}

// https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
// https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
Result<Secret> AzureTokens::RequestFederatedToken(const Call& call, base::http::Transport& transport) const {
  const bool is_devops = !settings_.service_connection_id.empty();
  base::http::Request request{
      .url = Cat(settings_.oidc_request_url, settings_.oidc_request_url.find('?') == std::string::npos ? "?" : "&"),
      .headers = {{"Accept", "application/json"}, {"Authorization", Cat("Bearer ", settings_.oidc_request_token.Reveal())}}};
  if (is_devops) {
    request.method = "POST";
    request.url.append(Cat("api-version=7.1&serviceConnectionId=", PercentEncode(settings_.service_connection_id)));
    // Otherwise it answers a refused token with a page to log in at.
    request.headers.insert(request.headers.end(), {{"Content-Type", "application/json"}, {"X-TFS-FedAuthRedirect", "Suppress"}});
  } else {
    request.url.append(Cat("audience=", PercentEncode(kFederationAudience)));
  }
  const auto response = base::http::Fetch(call, transport, request);
  if (!response) return response.error();
  if (response->status != 200) return base::http::MakeApiError("the CI system's token endpoint", *response, {}, call.Now());
  const auto answer = ParseJsonObject(response->body);
  const auto token = answer ? FindString(*answer, is_devops ? "oidcToken" : "value") : std::nullopt;
  if (!token) return Error{ErrorKind::kProtocol, "the CI system's token endpoint gave no token"};
  return Secret(*token);
}

// RFC 7523 section 2.2.
// https://learn.microsoft.com/entra/identity-platform/certificate-credentials
Result<Secret> AzureTokens::MakeAssertion(const std::string& audience, TimePoint now) const {
  const auto certificate = ParseAzureCertificate(settings_.client_certificate, settings_.certificate_password);
  if (!certificate) return certificate.error();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  // Entra finds the certificate of an RS256 signature by x5t; x5t#S256 is what Microsoft's pages ask for now.
  Json header{
      {"alg", "RS256"}, {"typ", "JWT"}, {"x5t", Base64Url(certificate->sha1)}, {"x5t#S256", Base64Url(certificate->sha256)}};
  if (settings_.sends_chain) {
    for (const std::string& der : certificate->chain) header["x5c"].push_back(base::Base64(der));
  }
  const Json claims{{"aud", audience},
                    {"iss", settings_.client_id},
                    {"sub", settings_.client_id},
                    {"jti", Hex(SystemRandom().Bytes(16))},
                    {"nbf", seconds.count()},
                    {"iat", seconds.count()},
                    {"exp", std::chrono::seconds(seconds + kAssertionLifetime).count()}};
  const std::string signed_part = Cat(Base64Url(DumpJson(header)), ".", Base64Url(DumpJson(claims)));
  const auto signature = base::crypto::SignJws(certificate->key, signed_part);
  if (!signature) return signature.error();
  return Secret(Cat(signed_part, ".", Base64Url(*signature)));
}

// App Service and Functions say where by the environment, virtual machines have one address.
// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
Result<AzureTokens::Token> AzureTokens::FetchFromMachine(const Call& call, base::http::Transport& transport,
                                                         const std::string& resource) const {
  const auto endpoint = environment_("IDENTITY_ENDPOINT");
  const auto header = environment_("IDENTITY_HEADER");
  const bool is_app = endpoint && header;
  // Azure Arc, Service Fabric, Cloud Shell and Machine Learning have protocols of their own.
  for (const char* variable : {"IMDS_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT", "MSI_ENDPOINT"}) {
    const bool is_other = variable != std::string_view("IDENTITY_SERVER_THUMBPRINT") ? !is_app : is_app;
    if (is_other && environment_(variable)) {
      return Wrong(Cat("the managed identity of this machine, which has ", variable,
                       ", is not supported; those of virtual machines, App Service and Functions are"));
    }
  }
  base::http::Request request{.url = is_app ? Cat(*endpoint, "?api-version=2019-08-01") : std::string(kMachineUrl),
                              .proxies = base::http::Proxies::kBypassed};
  // App Service has it at a link-local address of its own choice.
  if (is_app) request.plain_http = base::http::PlainHttp::kPrivate;
  request.headers.push_back(is_app ? base::http::Header{"X-IDENTITY-HEADER", *header} : base::http::Header{"Metadata", "true"});
  request.url.append(Cat("&resource=", PercentEncode(resource)));
  const std::pair<std::string_view, const std::string&> which[]{{"client_id", settings_.client_id},
                                                                {"object_id", settings_.object_id},
                                                                {is_app ? "mi_res_id" : "msi_res_id", settings_.resource_id}};
  for (const auto& [name, id] : which) {
    if (!id.empty()) request.url.append(Cat("&", name, "=", PercentEncode(id)));
  }
  auto response = base::http::Fetch(call.Within(kPatience), transport, request);
  if (response && response->status == 200) return ReadAnswer(call, *response);
  if (response) return MakeAzureError("the machine's identity endpoint", *response, call.Now());
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  return Error{ErrorKind::kUnavailable, Cat("the machine's identity endpoint does not answer (", response.error().message,
                                            "); a managed identity works on machines at Azure only")};
}

// https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
Result<AzureTokens::Token> AzureTokens::FetchFromCli(const Call& call, const std::string& resource) const {
  connections::UserProgram az{.arguments = {"az", "account", "get-access-token", "--resource", resource, "--output", "json"}};
  if (!settings_.tenant_id.empty()) az.arguments.insert(az.arguments.end(), {"--tenant", settings_.tenant_id});
  auto done = run_(call.Within(kCliPatience), az);
  if (!done && done.error().kind == ErrorKind::kNotFound) {
    return Wrong("Azure's command-line tool az is not installed here, or its folder is not in PATH");
  }
  if (!done) return std::move(done).error().While("running az account get-access-token");
  const Secret output(std::move(done->output));
  if (done->exit_code != 0) {
    return Error{.kind = ErrorKind::kDenied,
                 .message = Cat("az account get-access-token failed with exit code ", done->exit_code,
                                "; log in with az login, to the right tenant"),
                 .details = connections::LastWords(done->errors, {})};
  }
  const auto answer = ParseJsonObject(output.Reveal());
  const auto text = answer ? FindString(*answer, "accessToken") : std::nullopt;
  if (!text) return Error{ErrorKind::kProtocol, "az printed no access token"};
  // Since az 2.54; before that there is only the local time.
  if (const auto end = FindSeconds(*answer, "expires_on")) return Token{Secret(*text), TimePoint(*end)};
  return Token{Secret(*text), ParseLocalTime(FindString(*answer, "expiresOn").value_or("")).value_or(call.Now())};
}

Result<AzureTokens::Token> AzureTokens::ReadAnswer(const Call& call, const base::http::Response& response) {
  const auto answer = ParseJsonObject(response.body);
  if (!answer) return answer.error();
  auto text = GetString(*answer, "access_token");
  if (!text) return std::move(text).error();
  Token token{Secret(*std::move(text)), call.Now()};
  if (const auto left = FindSeconds(*answer, "expires_in")) {
    token.expires_at = call.Now() + *left;
  } else if (const auto end = FindSeconds(*answer, "expires_on")) {
    token.expires_at = TimePoint(*end);
  }
  return token;
}

std::shared_ptr<AzureTokens> SharedAzureTokens(const AzureSettings& settings, const connections::Deps& deps) {
  return deps.shared->Get<AzureTokens>(KeyOf(settings), [&] {
    return std::make_shared<AzureTokens>(
        settings, base::Environment,
        [holds_sealing_key = deps.holds_sealing_key](const Call& call, const connections::UserProgram& program) {
          return connections::RunUserProgram(call, program, holds_sealing_key);
        });
  });
}

}  // namespace engine::vendors::azure

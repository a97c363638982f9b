// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/api.h"

#include <utility>

#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/read_file.h"
#include "base/text.h"
#include "engine/connections/user_program.h"

namespace engine::vendors::kubernetes {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::JsonLimits;
using base::ParseJsonObject;
using base::Printable;
using base::ReadSmallFile;
using base::Result;
using base::Secret;
using base::http::MakeApiError;
using base::http::ParseHeaderSecret;

// A hundred secrets of a page, with their managedFields.
constexpr JsonLimits kLimits{.bytes = 16 * 1024 * 1024, .depth = 64};
constexpr const char* kUsualApiVersion = "client.authentication.k8s.io/v1";

Result<Secret> ReadToken(const std::string& path) {
  const auto content = ReadSmallFile(path);
  if (!content) return content.error();
  auto token = ParseHeaderSecret(content->Reveal());
  if (!token) return Error{ErrorKind::kInvalid, Cat("the file ", path, " holds no token: ", token.error().message)};
  return Secret(*std::move(token));
}

}  // namespace

KubernetesApi::KubernetesApi(std::shared_ptr<base::http::Transport> transport, KubeAccess access,
                             connections::ProgramEnvironment environment, bool allow_exec,
                             connections::HoldsSealingKey holds_sealing_key)
    : transport_(std::move(transport)),
      access_(std::move(access)),
      environment_(std::move(environment)),
      allow_exec_(allow_exec),
      holds_sealing_key_(std::move(holds_sealing_key)) {}

Result<Json> KubernetesApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) {
  auto token = GetToken(call);
  if (!token) return std::move(token).error().While(std::string(kGettingKubernetesToken));
  base::http::Request request{
      .method = std::string(method), .url = Cat(access_.server, path), .headers = {{"Accept", "application/json"}}};
  if (!token->Reveal().empty()) request.headers.push_back({"Authorization", Cat("Bearer ", token->Reveal())});
  request.headers.insert(request.headers.end(), access_.impersonation.begin(), access_.impersonation.end());
  if (!body.is_null()) {
    // JSON is YAML.
    request.headers.push_back({"Content-Type", method == "PATCH" ? "application/apply-patch+yaml" : "application/json"});
    request.body = DumpJson(body);
  }
  const auto response = base::http::Fetch(call, *transport_, request);
  if (!response) return response.error();
  const bool is_good = response->status >= 200 && response->status < 300;
  auto answer = ParseJsonObject(response->body, kLimits);
  if (is_good && !answer) return std::move(answer).error().While("reading the answer of Kubernetes");
  if (is_good) return answer;
  const Json status = answer ? *answer : Json();
  return MakeApiError("Kubernetes", *response,
                      {.code = FindString(status, "reason").value_or(""), .message = FindString(status, "message").value_or("")},
                      call.Now());
}

// Empty: the client's certificate says who we are.
Result<Secret> KubernetesApi::GetToken(const Call& call) {
  if (!access_.token_file.empty()) return ReadToken(access_.token_file);
  if (access_.program.arguments.empty()) return access_.token;
  return printed_token_.Get(call, {}, [&]() -> Result<connections::Expiring<Secret>> {
    auto token = RunProgram(call);
    if (!token) return std::move(token).error();
    return connections::Expiring<Secret>{*std::move(token)};
  });
}

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
Result<Secret> KubernetesApi::RunProgram(const Call& call) const {
  const KubeProgram& program = access_.program;
  if (!allow_exec_) {
    return Error{ErrorKind::kDenied, Cat("the kubeconfig wants to run ", Printable(program.arguments.front(), 200),
                                         " for a token: set `allow_exec = true` in the provider's block to let it")};
  }
  connections::UserProgram started{.arguments = program.arguments, .environment = environment_};
  for (const auto& [name, value] : program.environment) started.environment.variables[name] = Secret(value);
  const std::string version = program.api_version.empty() ? kUsualApiVersion : program.api_version;
  Json spec{{"interactive", false}};
  if (program.wants_cluster) {
    spec["cluster"] = {{"server", access_.server}};
    if (!access_.ca_pem.empty()) spec["cluster"]["certificate-authority-data"] = base::Base64(access_.ca_pem);
  }
  started.environment.variables["KUBERNETES_EXEC_INFO"] =
      Secret(DumpJson({{"apiVersion", version}, {"kind", "ExecCredential"}, {"spec", spec}}));
  const auto finished = connections::RunUserProgram(call, started, holds_sealing_key_);
  if (!finished) return finished.error();
  const std::string name = Printable(program.arguments.front(), 200);
  if (finished->exit_code != 0) {
    return Error{.kind = ErrorKind::kDenied,
                 .message = Cat(name, " ended with exit code ", finished->exit_code),
                 .details = connections::LastWords(finished->errors, started.environment)};
  }
  const auto printed = ParseJsonObject(finished->output);
  const Json* status = printed ? FindMember(*printed, "status") : nullptr;
  auto token = status == nullptr ? std::nullopt : FindString(*status, "token");
  if (!token && status != nullptr && FindMember(*status, "clientCertificateData") != nullptr) {
    return Error{ErrorKind::kInvalid, Cat(name, " printed a client certificate, which is not supported: let it print a token")};
  }
  if (!token) return Error{ErrorKind::kProtocol, Cat(name, " printed no status.token")};
  return Secret(*std::move(token));
}

}  // namespace engine::vendors::kubernetes

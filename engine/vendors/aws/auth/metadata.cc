// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/metadata.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/http/client.h"
#include "base/json.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/aws/auth/credentials_json.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Call;
using base::Cat;
using base::EnvironmentReader;
using base::EqualsIgnoreCase;
using base::Error;
using base::ErrorKind;
using base::ParseUrl;
using base::PercentEncode;
using base::Result;
using base::Trim;

// Elsewhere nothing answers at these addresses, and often nothing refuses either.
constexpr std::chrono::seconds kPatience{2};
constexpr std::string_view kContainerHost = "http://169.254.170.2";
constexpr std::string_view kInstanceHost = "http://169.254.169.254";
constexpr std::string_view kInstanceHostIpv6 = "http://[fd00:ec2::254]";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
// ECS and EKS, in both IP versions, and the machine itself.
constexpr std::array<std::string_view, 6> kContainerHosts = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23",
                                                             "127.0.0.1",     "localhost",      "::1"};

Result<AwsCredentials> ReadCredentials(std::string_view body) {
  const auto object = base::ParseJsonObject(body);
  if (!object) return object.error();
  return ReadAwsCredentials(*object, {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"});
}

// The body of a 200.
Result<std::string> Get(const Call& call, base::http::Transport& transport, base::http::Request request, std::string_view who) {
  request.proxies = base::http::Proxies::kBypassed;
  auto response = base::http::FetchOnce(call, transport, request);
  if (!response) return std::move(response).error();
  if (response->status == 200) return std::move(response->body);
  const ErrorKind kind = response->status == 404 ? ErrorKind::kNotFound : ErrorKind::kDenied;
  return Error{kind, Cat(who, " answers with status ", response->status)};
}

Result<std::string> ContainerUrl(const EnvironmentReader& environment) {
  if (const auto path = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) return Cat(kContainerHost, *path);
  const auto full = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!full)
    return Error{ErrorKind::kNotFound,
                 "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set"};
  const auto url = ParseUrl(*full);
  if (!url) return url.error();
  const bool is_near = std::find(kContainerHosts.begin(), kContainerHosts.end(), url->host) != kContainerHosts.end();
  if (is_near || url->scheme == "https") return *full;
  return Error{ErrorKind::kInvalid, Cat("AWS_CONTAINER_CREDENTIALS_FULL_URI leads to the host ", url->host,
                                        " without TLS: only this machine and AWS's own addresses are allowed")};
}

// Read anew each time: EKS rotates the file.
std::string ContainerToken(const EnvironmentReader& environment) {
  const auto path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!path) return environment("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  const auto token = base::ReadSmallFile(*path);
  return token ? std::string(Trim(token->Reveal())) : std::string();
}

// Nobody at home is the usual case outside of AWS: it must not look like trouble.
Error NoInstance(Error error) {
  if (error.kind == ErrorKind::kCancelled) return error;
  error.kind = ErrorKind::kNotFound;
  error.message = Cat("the instance metadata service gives none: ", error.message);
  return error;
}

Result<std::string> InstanceHost(const AwsConfig& config) {
  if (auto host = config.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")) return *std::move(host);
  const auto mode = config.Find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
  if (!mode || EqualsIgnoreCase(*mode, "ipv4")) return std::string(kInstanceHost);
  if (EqualsIgnoreCase(*mode, "ipv6")) return std::string(kInstanceHostIpv6);
  return Error{ErrorKind::kInvalid,
               "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE or ec2_metadata_service_endpoint_mode is neither "
               "IPv4 nor IPv6"};
}

}  // namespace

Result<AwsCredentials> FetchContainerCredentials(const Call& call, base::http::Transport& transport,
                                                 const EnvironmentReader& environment) {
  const auto url = ContainerUrl(environment);
  if (!url) return url.error();
  base::http::Request request{.url = *url};
  if (std::string token = ContainerToken(environment); !token.empty())
    request.headers.push_back({"Authorization", std::move(token)});
  const auto body = Get(call.Within(kPatience * 5), transport, request, "the container's credential service");
  if (!body) return body.error();
  return ReadCredentials(*body);
}

Result<AwsCredentials> FetchInstanceCredentials(const Call& call, base::http::Transport& transport, const AwsConfig& config) {
  if (EqualsIgnoreCase(config.environment("AWS_EC2_METADATA_DISABLED").value_or(""), "true")) {
    return Error{ErrorKind::kNotFound, "AWS_EC2_METADATA_DISABLED switches the instance metadata service off"};
  }
  constexpr std::string_view kWho = "the instance metadata service";
  auto found = InstanceHost(config);
  if (!found) return std::move(found).error();
  std::string host = *std::move(found);
  while (host.ends_with('/')) host.pop_back();
  const Call brief = call.Within(kPatience);
  auto token = Get(
      brief, transport,
      {.method = "PUT", .url = host + "/latest/api/token", .headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}}}, kWho);
  if (!token) return NoInstance(std::move(token).error());
  const std::vector<base::http::Header> headers{{"X-aws-ec2-metadata-token", *std::move(token)}};
  const auto role = Get(brief, transport, {.url = Cat(host, kRolePath), .headers = headers}, kWho);
  if (!role) return NoInstance(role.error());
  const auto body = Get(brief, transport, {.url = Cat(host, kRolePath, PercentEncode(Trim(*role))), .headers = headers}, kWho);
  if (!body) return NoInstance(body.error());
  return ReadCredentials(*body);
}

}  // namespace engine::vendors::aws::auth

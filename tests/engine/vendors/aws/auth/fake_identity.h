// SPDX-License-Identifier: MPL-2.0
// STS, the instance metadata service and the container's credential service as one transport. It refuses what they refuse; of a
// signature it looks at the access key alone.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"
#include "tests/support/handler_transport.h"

namespace tests {

class FakeAwsIdentity {
 public:
  HandlerTransport& transport() { return transport_; }
  int fetches() const { return fetches_; }

  bool is_instance = false;                         // an EC2 instance with a role; else nothing answers there
  std::string container_token{};                    // what the container's service wants; empty: it is not there
  std::string external_id{};                        // what AssumeRole wants
  std::string sso_token{};                          // what IAM Identity Center wants
  std::string expiration = "2026-01-02T04:04:05Z";  // of whatever is handed out

 private:
  using Response = base::http::Response;
  using Request = base::http::Request;

  static std::map<std::string, std::string> Form(const std::string& body) {
    std::map<std::string, std::string> form;
    for (const std::string& pair : base::Split(body, '&')) {
      const std::size_t equals = pair.find('=');
      form[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
    return form;
  }

  static Response Refuse(int status, std::string_view code) {
    return {.status = status, .body = base::Cat("<ErrorResponse><Error><Code>", code, "</Code></Error></ErrorResponse>")};
  }

  // "Credential=ASIAINSTANCE/20260102/..." is by ASIAINSTANCE.
  static std::string SignerOf(const Request& request) {
    const std::string header = HeaderOf(request, "Authorization");
    const std::size_t start = header.find("Credential=");
    return start == std::string::npos ? "" : header.substr(start + 11, header.find('/') - start - 11);
  }

  Response Sts(const Request& request) {
    const auto form = Form(request.body);
    const std::string action = form.contains("Action") ? form.at("Action") : "";
    const std::string signer = SignerOf(request);
    if (action == "AssumeRole") {
      if (signer.empty()) return Refuse(403, "MissingAuthenticationToken");
      if (!external_id.empty() && (!form.contains("ExternalId") || form.at("ExternalId") != external_id)) {
        return Refuse(403, "AccessDenied");
      }
      // Role chaining: an hour at most.
      if (signer.starts_with("ASIA") && std::stoi(form.at("DurationSeconds")) > 3600) return Refuse(400, "ValidationError");
    } else if (action == "AssumeRoleWithWebIdentity") {
      if (!signer.empty()) return Refuse(400, "ValidationError");
      if (form.at("WebIdentityToken") != "web-token") return Refuse(400, "InvalidIdentityToken");
    } else {
      return Refuse(400, "InvalidAction");
    }
    const int number = ++fetches_;
    const std::string by = signer.empty() ? "web" : signer;
    return {.status = 200,
            .body = base::Cat("<", action, "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><", action,
                              "Result><Credentials><AccessKeyId>ASIA-", by, "-", form.at("RoleSessionName"), "-", number,
                              "</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
                              "<Expiration>",
                              expiration, "</Expiration></Credentials></", action, "Result></", action, "Response>")};
  }

  Response Keys(const std::string& key_id) {
    ++fetches_;
    return {.status = 200,
            .body = base::Cat(R"({"Code":"Success","AccessKeyId":")", key_id,
                              R"(","SecretAccessKey":"secret","Token":"token","Expiration":")", expiration, R"("})")};
  }

  base::Result<Response> Instance(const Request& request) {
    if (!is_instance) return base::Error{base::ErrorKind::kUnavailable, "no route to host"};
    if (request.method == "PUT") {
      const bool fine =
          request.url.ends_with("/latest/api/token") && !HeaderOf(request, "X-aws-ec2-metadata-token-ttl-seconds").empty();
      return Response{.status = fine ? 200 : 400, .body = "imds-token"};
    }
    if (HeaderOf(request, "X-aws-ec2-metadata-token") != "imds-token") return Response{.status = 401};
    if (request.url.ends_with("/security-credentials/")) return Response{.status = 200, .body = "my role\n"};
    return request.url.ends_with("/my%20role") ? Keys("ASIAINSTANCE") : Response{.status = 404};
  }

  Response Sso(const Request& request) {
    if (HeaderOf(request, "x-amz-sso_bearer_token") != sso_token) {
      return {.status = 401,
              .headers = {{"x-amzn-ErrorType", "UnauthorizedException"}},
              .body = R"({"message":"Session token not found or invalid"})"};
    }
    if (request.url !=
        "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Reader&account_id=123456789012") {
      return {.status = 404};
    }
    const auto expires = base::ParseRfc3339(expiration)->time_since_epoch();
    return {.status = 200,
            .body = base::Cat(R"({"roleCredentials":{"accessKeyId":"ASIA-sso-123456789012-Reader","secretAccessKey":"secret",)",
                              R"("sessionToken":"token","expiration":)",
                              std::chrono::duration_cast<std::chrono::milliseconds>(expires).count(), "}}")};
  }

  base::Result<Response> Answer(const Request& request) {
    const std::string host = base::ParseUrl(request.url)->host;
    if (host.starts_with("portal.sso.")) return Sso(request);
    if (host == "169.254.169.254" || host == "fd00:ec2::254") return Instance(request);
    if (host == "169.254.170.2" || host == "169.254.170.23") {
      if (container_token.empty()) return base::Error{base::ErrorKind::kUnavailable, "no route to host"};
      return HeaderOf(request, "Authorization") == container_token ? Keys("ASIACONTAINER") : Response{.status = 401};
    }
    return host.starts_with("sts.") ? Sts(request) : Response{.status = 404};
  }

  std::atomic<int> fetches_ = 0;
  HandlerTransport transport_{[this](const base::Call&, const Request& request) { return Answer(request); }};
};

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/webhook/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/http/client.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/webhook/vendor.h"

namespace engine::vendors::webhook {
namespace {

using base::Cat;
using base::ErrorKind;
using connections::Blame;
using connections::BlameCredentials;
using connections::CheckEndpointUrl;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::GetEndpointUrl;

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "endpoint_url",
        .required = true,
        .doc =
            "The server's URL; `/present` and `/cleanup` are added to it for DNS, `/certificate` for certificates. Use `https` "
            "unless it is on the same machine.",
        .identity = true},
    connections::kAllowHttpField,
    base::ConfigField{
        .name = "username", .doc = "The user of basic authentication. Without it no credentials are sent.", .identity = true},
    base::ConfigField{.name = "password", .secret = true, .doc = "The password that goes with `username`."},
    base::ConfigField{.name = "signing_secret",
                      .secret = true,
                      .doc =
                          "At least 32 characters that the server knows too: each request for a certificate is signed with it. "
                          "Required by the destination `webhook`; DNS does without."},
};

constexpr std::size_t kMinSigningSecret = 32;

bool HasControls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char one) { return (one >= '\0' && one < ' ') || one == '\x7f'; });
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  CheckEndpointUrl(connection, problems);
  // RFC 7617 section 2.
  const std::string_view username = connection.settings.Text("username");
  if (HasControls(username) || username.find(':') != std::string_view::npos) {
    problems.push_back({"username", "A user name of basic authentication has no colon and no control characters."});
  }
  connections::CheckTogether(connection, {"username", "password"}, problems);
  const base::Secret* password = connection.settings.FindSecret("password");
  if (password != nullptr && HasControls(password->Reveal())) {
    problems.push_back({"password",
                        "A password of basic authentication has no line ends and no other control characters; "
                        "`trimspace()` removes the one at a file's end."});
  }
  connections::CheckHeaderSecret(connection, "signing_secret", problems);
  const base::Secret* key = connection.settings.FindSecret("signing_secret");
  if (key != nullptr && base::Trim(key->Reveal()).size() < kMinSigningSecret) {
    problems.push_back({"signing_secret", "A signing secret has at least 32 characters: `openssl rand -hex 32` makes one."});
  }
  return problems;
}

// Neither protocol has a call that changes nothing and needs no object: the server is asked for what it does not have, and how it
// says so shows whether the credentials are accepted.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto webhook = MakeWebhook(connection, deps);
  if (!webhook) return webhook.error();
  auto asked = webhook->Send(call, "GET", "/present");
  if (asked) return {};
  base::Error error =
      BlameCredentials(std::move(asked).error(), connection.settings.Text("username").empty() ? "username" : "password");
  if (error.kind == ErrorKind::kNotFound || error.kind == ErrorKind::kInvalid || error.kind == ErrorKind::kConflict) return {};
  if (error.kind == ErrorKind::kUnavailable) error.blame = ConnectionField("endpoint_url");
  return std::move(error).While("asking the webhook");
}

}  // namespace

base::Result<void> Webhook::Send(const base::Call& call, std::string_view method, std::string_view path,
                                 const base::Json& body) const {
  base::http::Request request = MakeRequest(method, path);
  if (!body.is_null()) {
    request.idempotency = base::http::Idempotency::kOnce;
    request.body = base::DumpJson(body);
  }
  const auto response = base::http::Fetch(call, *http_, request);
  if (!response) return response.error();
  if (response->status >= 200 && response->status < 300) return {};
  return base::http::MakeApiError("the webhook", *response, {}, call.Now());
}

base::http::Request Webhook::MakeRequest(std::string_view method, std::string_view path) const {
  base::http::Request request{.method = std::string(method), .url = Cat(url_, path), .headers = {{"Accept", "application/json"}}};
  if (!authorization_.empty()) request.headers.push_back({"Authorization", std::string(authorization_.Reveal())});
  if (method == "POST") request.headers.push_back({"Content-Type", "application/json"});
  return request;
}

base::Result<base::http::Response> Webhook::SendOnce(const base::Call& call, const base::http::Request& request) const {
  return base::http::FetchOnce(call, *http_, request);
}

base::Result<Webhook> MakeWebhook(const Connection& connection, const Deps& deps) {
  auto url = GetEndpointUrl(connection);
  if (!url) return std::move(url).error();
  const std::string_view username = connection.settings.Text("username");
  const base::Secret* password = connection.settings.FindSecret("password");
  if (password != nullptr && username.empty()) return Blame("username", "password is set, but username is missing");
  if (password == nullptr && !username.empty()) return Blame("password", "username is set, but password is missing");
  if (const auto problems = Validate(connection); !problems.empty()) return Blame(problems[0].field, problems[0].message);
  base::Secret authorization;
  if (password != nullptr) {
    authorization = base::Secret(Cat("Basic ", base::Base64(Cat(username, ":", password->Reveal()))));
  }
  return Webhook(*deps.http, *std::move(url), std::move(authorization));
}

const ConnectionSpec kConnection{
    .kind = "webhook",
    .title = "Webhook (httpreq protocol)",
    .doc =
        "A server of your own. It places records: `POST /present` and `POST /cleanup` with the name and the value, as lego's "
        "`httpreq` provider sends them. Or it takes certificates to where they are used: signed requests to `POST /certificate`. For DNS "
        "services and appliances that Certwright does not know.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::webhook

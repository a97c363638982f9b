// SPDX-License-Identifier: MPL-2.0
// acme-dns: https://github.com/joohoi/acme-dns#update-endpoint
#include "engine/vendors/acme_dns/connection.h"

#include <array>
#include <utility>

#include "base/domain_name.h"
#include "base/http/client.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/acme_dns/vendor.h"

namespace engine::vendors::acme_dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using connections::Blame;
using connections::CheckEndpointUrl;
using connections::CheckHeaderSecret;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;
using connections::GetEndpointUrl;
using connections::GetHeaderSecret;

constexpr std::string_view kPublicServer = "https://auth.acme-dns.io";

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "username", .required = true, .doc = "The account's `username`, as `/register` answered."},
    base::ConfigField{.name = "password", .secret = true, .doc = "The account's `password`."},
    base::ConfigField{.name = "subdomain", .required = true, .doc = "The account's `subdomain`.", .identity = true},
    base::ConfigField{.name = "full_domain",
                      .required = true,
                      .doc = "The account's `fulldomain`, to which the CNAMEs at `_acme-challenge` point.",
                      .identity = true},
    base::ConfigField{.name = "endpoint_url",
                      .default_value = kPublicServer,
                      .doc = "The server's URL. The public one is for trying out: run your own, since whoever runs it can have "
                             "certificates issued for your names.",
                      .identity = true},
    connections::kAllowHttpField,
};

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  for (const std::string_view field : {"username", "subdomain"}) {
    const std::string_view value = connection.settings.Text(field);
    if (value.empty() || base::http::ParseHeaderSecret(value)) continue;
    problems.push_back({std::string(field), Cat("Copy the ", field, " as `/register` answered it: it holds no spaces.")});
  }
  connections::CheckIsSet(connection, "password", problems);
  CheckHeaderSecret(connection, "password", problems);
  const std::string_view full = connection.settings.Text("full_domain");
  if (!full.empty()) {
    auto name = base::ParseDnsName(full.ends_with('.') ? full.substr(0, full.size() - 1) : full, base::Wildcard::kRefused);
    if (!name) problems.push_back({"full_domain", name.error().message});
  }
  const std::string_view subdomain = connection.settings.Text("subdomain");
  if (problems.empty() && !full.empty() && !subdomain.empty() && !full.starts_with(Cat(subdomain, "."))) {
    problems.push_back({"full_domain", Cat("The full domain of this account begins with \"", subdomain, ".\".")});
  }
  CheckEndpointUrl(connection, problems);
  return problems;
}

// acme-dns looks at the credentials before it looks at the value: an empty value is refused, and changes nothing.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto account = MakeAcmeDns(connection, deps);
  if (!account) return account.error();
  auto updated = account->Update(call, "");
  if (updated || updated.error().code == "bad_txt") return {};
  Error error = std::move(updated).error();
  if (error.kind == ErrorKind::kDenied) {
    error.message.append(
        "; the username, the password or the subdomain is wrong, or the account does not allow this machine's address");
    error.blame = ConnectionField("password");
  } else if (error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kNotFound) {
    error.blame = ConnectionField("endpoint_url");
  }
  return std::move(error).While("checking the account");
}

}  // namespace

base::Result<void> AcmeDns::Update(const base::Call& call, std::string_view value) const {
  const base::Json body{{"subdomain", account_.subdomain}, {"txt", std::string(value)}};
  const base::http::Request request{.method = "POST",
                                    .url = url_ + "/update",
                                    .headers = {{"Content-Type", "application/json"},
                                                {"X-Api-User", account_.username},
                                                {"X-Api-Key", std::string(account_.password.Reveal())}},
                                    .body = base::DumpJson(body),
                                    .idempotency = base::http::Idempotency::kOnce};
  const auto response = base::http::Fetch(call, *http_, request);
  if (!response) return response.error();
  if (response->status >= 200 && response->status < 300) return {};
  const auto answer = base::ParseJsonObject(response->body);
  return base::http::MakeApiError(
      "acme-dns", *response, {.code = answer ? base::FindString(*answer, "error").value_or("") : "", .message = {}}, call.Now());
}

base::Result<AcmeDns> MakeAcmeDns(const Connection& connection, const Deps& deps) {
  auto url = GetEndpointUrl(connection, kPublicServer);
  if (!url) return std::move(url).error();
  for (const std::string_view field : {"username", "subdomain", "full_domain"}) {
    if (connection.settings.Text(field).empty()) return Blame(field, Cat(field, " is not set"));
  }
  if (const auto problems = Validate(connection); !problems.empty()) return Blame(problems[0].field, problems[0].message);
  auto password = GetHeaderSecret(connection, "password");
  if (!password) return std::move(password).error();
  return AcmeDns(*deps.http, *std::move(url),
                 {.username = std::string(connection.settings.Text("username")),
                  .password = base::Secret(*std::move(password)),
                  .subdomain = std::string(connection.settings.Text("subdomain")),
                  .full_domain = base::Absolute(connection.settings.Text("full_domain"))});
}

const ConnectionSpec kConnection{
    .kind = "acme_dns",
    .title = "acme-dns",
    .doc =
        "An account at an acme-dns server: one name that takes challenge values, to which CNAMEs at `_acme-challenge` point. Its "
        "credentials can change nothing else.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::acme_dns

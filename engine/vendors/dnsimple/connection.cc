// SPDX-License-Identifier: MPL-2.0
// DNSimple: an API token, and the account whose zones are changed, since a token of a user reaches several.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/connections/plain_http.h"
#include "engine/connections/token_connection.h"
#include "engine/vendors/dnsimple/vendor.h"

namespace engine::vendors::dnsimple {
namespace {

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "account_id", .required = true, .doc = "The number of the account, which its URLs show.", .identity = true},
    connections::TokenField("An API token of the account or of one of its users. Default: the environment variable "
                            "`DNSIMPLE_TOKEN`, wherever the connection is used."),
    connections::EndpointField(kApi.url),
    connections::kAllowHttpField,
};

bool IsAccount(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char one) { return one >= '0' && one <= '9'; });
}

std::vector<connections::FieldProblem> Validate(const connections::Connection& connection) {
  auto problems = connections::ValidateToken(connection);
  if (connection.settings.Has("account_id") && !IsAccount(connection.settings.Text("account_id"))) {
    problems.push_back(
        {"account_id", "Invalid account. Expected its number, such as `1010`, which the URLs of the account show."});
  }
  return problems;
}

base::Result<void> Check(const base::Call& call, const connections::Connection& connection, const connections::Deps& deps) {
  return connections::CheckToken(call, MakeDnsimpleApi(connection, deps), "/zones?per_page=1");
}

}  // namespace

base::Result<connections::RestApi> MakeDnsimpleApi(const connections::Connection& connection, const connections::Deps& deps) {
  const std::string_view account = connection.settings.Text("account_id");
  if (!IsAccount(account)) return connections::Blame("account_id", "account_id is not the number of an account");
  return connections::MakeRestApi(kApi, connection, deps, base::Cat("/", account));
}

const connections::ConnectionSpec kConnection{
    .kind = "dnsimple",
    .title = "DNSimple",
    .doc = "A DNSimple account, reached with an API token.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::dnsimple

// SPDX-License-Identifier: MPL-2.0
// Porkbun: all requests are POST, and names are relative when written and whole when read. https://porkbun.com/llms/dns
#include "engine/dns/rest_records.h"
#include "engine/vendors/porkbun/vendor.h"

namespace engine::vendors::porkbun {

std::optional<base::ErrorKind> FindRefusal(const base::http::Response& response, const base::Json& answer) {
  if (!answer.is_object() || connections::TextAt(answer, "status") != "ERROR") return std::nullopt;
  if (response.status == 429 || response.status >= 500) return std::nullopt;
  const std::string message = connections::TextAt(answer, "message");
  const auto says = [&](std::string_view words) { return message.find(words) != std::string::npos; };
  if (says("API key") || says("API access")) return base::ErrorKind::kDenied;
  if (says("Invalid domain") || says("Invalid record ID")) return base::ErrorKind::kNotFound;
  return base::ErrorKind::kInvalid;
}

namespace {

constexpr dns::RestRecords kRecords{
    .path = "/dns/create/{zone}",
    .list_path = "/dns/retrieve/{zone}",
    .delete_path = "/dns/delete/{zone}/{record}",
    .list_method = "POST",
    .delete_method = "POST",
    .list_place = "records",
    .read_names = dns::NameSpelling::kAbsolute,
    .shortest_ttl = std::chrono::minutes(10),
    .permissions = "API access switched on for the domain, and this machine's address and the domain allowed to the key",
};

base::Result<std::unique_ptr<dns::Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  return dns::MakeRestRecordProvider(kRecords, MakePorkbunApi(connection, deps));
}

}  // namespace

const dns::ProviderSpec kDns{.name = "porkbun", .connection = "porkbun", .make = Make};

}  // namespace engine::vendors::porkbun

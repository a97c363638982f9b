// SPDX-License-Identifier: MPL-2.0
// Dynamic DNS updates (RFC 2136), signed with a TSIG key (RFC 8945): BIND, Knot DNS, PowerDNS and others.
#include "engine/vendors/rfc2136/connection.h"

#include <array>
#include <utility>

#include "base/dns/message.h"
#include "base/domain_name.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/rfc2136/vendor.h"

namespace engine::vendors::rfc2136 {
namespace {

using base::Cat;
using base::ErrorKind;
using connections::Blame;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::Deps;
using connections::FieldProblem;

constexpr std::chrono::seconds kCheckPatience{5};

constexpr std::array kConnectionFields{
    base::ConfigField{
        .name = "server",
        .required = true,
        .doc = "The primary server that takes updates: `host`, `host:port` or `[IPv6]:port`. The port is 53 when absent.",
        .identity = true},
    base::ConfigField{.name = "tsig_key_name",
                      .doc = "The TSIG key's name, as the server knows it. Without a key updates are sent unsigned."},
    base::ConfigField{.name = "tsig_algorithm",
                      .default_value = "hmac-sha256",
                      .one_of = "hmac-sha256|hmac-sha384|hmac-sha512",
                      .doc = "The TSIG key's algorithm, as the server knows it."},
    base::ConfigField{.name = "tsig_secret",
                      .secret = true,
                      .doc = "The TSIG key's secret in base64, as `tsig-keygen` prints it. Goes together with `tsig_key_name`."},
    base::ConfigField{
        .name = "transport",
        .default_value = "udp",
        .one_of = "udp|tcp",
        .doc = "`udp` goes over to TCP by itself for long messages and where UDP gets no answer; `tcp` uses nothing else."},
};

base::Result<base::dns::TsigKey> MakeKey(const Connection& connection, const base::Secret& secret) {
  const auto hash = base::dns::ParseTsigAlgorithm(connection.settings.Text("tsig_algorithm"));
  if (!hash) return Blame("tsig_algorithm", "the TSIG algorithm must be hmac-sha256, hmac-sha384 or hmac-sha512");
  auto bytes = base::FromBase64(base::Trim(secret.Reveal()));
  if (!bytes || bytes->empty()) return Blame("tsig_secret", "the TSIG secret is not base64; copy it as tsig-keygen prints it");
  return base::dns::TsigKey{.name = base::Absolute(connection.settings.Text("tsig_key_name")),
                            .hash = *hash,
                            .secret = base::Secret(*std::move(bytes))};
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  const std::string_view server = connection.settings.Text("server");
  if (!server.empty()) {
    if (auto address = base::dns::ParseServerAddress(server); !address) problems.push_back({"server", address.error().message});
  }
  const std::string_view name = connection.settings.Text("tsig_key_name");
  if (!name.empty()) {
    // Any question will do: it is the name that is tried.
    auto query = base::dns::BuildQuery(0, {.name = std::string(name)}, base::dns::Recursion::kUnwanted);
    if (!query) problems.push_back({"tsig_key_name", query.error().message});
  }
  connections::CheckTogether(connection, {"tsig_key_name", "tsig_secret"}, problems);
  if (const base::Secret* secret = connection.settings.FindSecret("tsig_secret")) {
    if (auto key = MakeKey(connection, *secret); !key) problems.push_back({key.error().blame.attribute, key.error().message});
  }
  return problems;
}

// A question about the root's SOA harms nothing and needs no zone; the server looks at the signature before it looks for an
// answer.
base::Result<void> Check(const base::Call& call, const Connection& connection, const Deps& deps) {
  const auto server = MakeRfc2136Server(connection);
  if (!server) return server.error();
  const auto query = base::dns::BuildQuery(base::dns::RandomId(*deps.random), {.name = ".", .type = base::dns::RecordType::kSoa},
                                           base::dns::Recursion::kUnwanted);
  if (!query) return query.error();
  auto reply = base::dns::AskKeyed(call, *server, *query, kCheckPatience);
  if (!reply) return BlameRfc2136Field(std::move(reply).error()).While(Cat("asking ", base::dns::ToText(server->address)));
  call.log.Debug("connection checked", {{base::key::kServer, base::dns::ToText(server->address)},
                                        {base::key::kStatus, base::dns::RcodeName(reply->rcode)}});
  return {};
}

}  // namespace

base::Result<base::dns::KeyedServer> MakeRfc2136Server(const Connection& connection) {
  auto address = base::dns::ParseServerAddress(connection.settings.Text("server"));
  if (!address) return Blame("server", std::move(address.error().message));
  base::dns::KeyedServer server{.address = *std::move(address)};
  if (connection.settings.Text("transport") == "tcp") server.transport = base::dns::TransportProtocol::kTcp;
  const bool is_named = !connection.settings.Text("tsig_key_name").empty();
  const base::Secret* secret = connection.settings.FindSecret("tsig_secret");
  if (is_named && secret == nullptr) return Blame("tsig_secret", "tsig_key_name is set, but tsig_secret is missing");
  if (!is_named && secret != nullptr) return Blame("tsig_key_name", "tsig_secret is set, but tsig_key_name is missing");
  if (secret == nullptr) return server;
  auto key = MakeKey(connection, *secret);
  if (!key) return std::move(key).error();
  server.key = *std::move(key);
  return server;
}

base::Error BlameRfc2136Field(base::Error error) {
  if (error.code == "BADSIG" || error.code == "BADTRUNC") {
    error.blame = ConnectionField("tsig_secret");
  } else if (error.code == "BADKEY") {
    error.blame = ConnectionField("tsig_key_name");
  } else if (error.code == "BADTIME" || error.kind == ErrorKind::kProtocol || error.kind == ErrorKind::kUnavailable) {
    error.blame = ConnectionField("server");
  }
  return error;
}

const ConnectionSpec kConnection{
    .kind = "rfc2136",
    .title = "RFC 2136 dynamic DNS (BIND, Knot DNS, PowerDNS)",
    .doc =
        "A DNS server that takes dynamic updates (RFC 2136), signed with a TSIG key. Give the key no more rights than to change "
        "TXT records named `_acme-challenge`; the guide shows how for BIND and Knot DNS.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = Check,
};

}  // namespace engine::vendors::rfc2136

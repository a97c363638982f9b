// SPDX-License-Identifier: MPL-2.0
// A user at machines that are reached by SSH, and the keys by which those machines are known.
#include "engine/vendors/ssh/connection.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/home_folder.h"
#include "base/text.h"
#include "engine/connections/field_checks.h"
#include "engine/vendors/ssh/vendor.h"

namespace engine::vendors::ssh {
namespace {

using base::Cat;
using connections::Blame;
using connections::Connection;
using connections::ConnectionField;
using connections::ConnectionSpec;
using connections::FieldProblem;

constexpr std::array kConnectionFields{
    base::ConfigField{.name = "user", .required = true, .doc = "The user to log in as.", .identity = true},
    base::ConfigField{
        .name = "private_key_pem", .secret = true, .doc = "The user's private key, as PEM or in OpenSSH's own format."},
    base::ConfigField{
        .name = "private_key_passphrase", .secret = true, .doc = "The passphrase of `private_key_pem`, if it is encrypted."},
    base::ConfigField{.name = "use_agent",
                      .kind = base::FieldKind::kBool,
                      .doc = "Whether to log in with the keys of the SSH agent at `SSH_AUTH_SOCK`."},
    base::ConfigField{
        .name = "password",
        .secret = true,
        .doc = "The user's password; tried when there is no key, or it was refused. Also given to a server that asks for it by a "
               "dialog (keyboard-interactive), but to one prompt alone."},
    base::ConfigField{
        .name = "host_key",
        .doc = "The keys by which the machines are known, a line each: as `ssh-keyscan` prints them (`web-1.example.com "
               "ssh-ed25519 AAAA…`), or without the name for any machine."},
    base::ConfigField{.name = "known_hosts_path", .doc = "The path of a `known_hosts` file, instead of `host_key`."},
};

// A line of `host_key`: for which hosts (empty: any), and "type key".
struct KnownKey {
  std::vector<std::string> hosts;
  std::string key;
};

bool IsKeyType(std::string_view text) {
  return text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") || text.starts_with("sk-");
}

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words = base::Split(line, ' ');
  std::erase(words, "");
  return words;
}

// Empty for a line without a key.
std::optional<KnownKey> ParseLine(std::string_view line) {
  const auto words = Words(base::Trim(line));
  const std::size_t type = !words.empty() && IsKeyType(words[0]) ? 0 : 1;
  if (words.size() < type + 2 || !IsKeyType(words[type]) || !base::FromBase64(words[type + 1])) return std::nullopt;
  return KnownKey{.hosts = type == 0 ? std::vector<std::string>() : base::Split(words[0], ','),
                  .key = Cat(words[type], " ", words[type + 1])};
}

// As known_hosts names a host: with its port when that is not the usual one.
bool IsFor(const KnownKey& known, const std::string& host, std::uint16_t port) {
  const std::string name = port == 22 ? host : Cat("[", host, "]:", port);
  return known.hosts.empty() || std::find(known.hosts.begin(), known.hosts.end(), name) != known.hosts.end();
}

std::vector<std::string> KeyLines(const Connection& connection) {
  std::vector<std::string> lines;
  for (const std::string& line : base::Split(connection.settings.Text("host_key"), '\n')) {
    const std::string_view text = base::Trim(line);
    if (!text.empty() && !text.starts_with('#')) lines.emplace_back(text);
  }
  return lines;
}

bool Has(const Connection& connection, std::string_view secret) {
  const base::Secret* found = connection.settings.FindSecret(secret);
  return found != nullptr && !found->Reveal().empty();
}

std::vector<FieldProblem> Validate(const Connection& connection) {
  std::vector<FieldProblem> problems;
  if (!Has(connection, "private_key_pem") && !Has(connection, "password") && !connection.settings.Flag("use_agent")) {
    problems.push_back({"private_key_pem", "Set `private_key_pem`, `use_agent`, or `password`."});
  }
  const auto lines = KeyLines(connection);
  if (lines.empty() == connection.settings.Text("known_hosts_path").empty()) {
    problems.push_back({"host_key", "Set one of `host_key` and `known_hosts_path`: a machine is known by its key."});
  }
  for (const std::string& line : lines) {
    if (ParseLine(line)) continue;
    problems.push_back(
        {"host_key", Cat("\"", base::Printable(line, 60), "\" is no key of a host, such as \"ssh-ed25519 AAAA…\".")});
    break;
  }
  return problems;
}

}  // namespace

base::Result<base::ssh::Target> MakeSshTarget(const Connection& connection, const std::string& host, std::uint16_t port) {
  const auto problems = Validate(connection);
  if (!problems.empty()) return Blame(problems.front().field, problems.front().message);
  base::ssh::Target target{.host = host,
                           .port = port,
                           .user = std::string(connection.settings.Text("user")),
                           .known_hosts_path = base::ExpandHome(connection.settings.Text("known_hosts_path"))};
  for (const std::string& line : KeyLines(connection)) {
    const auto known = ParseLine(line);
    if (IsFor(*known, host, port)) target.host_keys.push_back(known->key);
  }
  if (target.host_keys.empty() && target.known_hosts_path.empty()) {
    return base::Error{.kind = base::ErrorKind::kDenied,
                       .message = Cat("the connection's host_key names no key of ", base::Printable(host, 200), ", port ", port),
                       .blame = ConnectionField("host_key")};
  }
  if (Has(connection, "private_key_pem")) target.private_key = *connection.settings.FindSecret("private_key_pem");
  if (Has(connection, "private_key_passphrase")) {
    target.key_passphrase = *connection.settings.FindSecret("private_key_passphrase");
  }
  target.use_agent = connection.settings.Flag("use_agent");
  if (Has(connection, "password")) target.password = *connection.settings.FindSecret("password");
  return target;
}

const ConnectionSpec kConnection{
    .kind = "ssh",
    .title = "SSH",
    .doc =
        "A user at machines that are reached by SSH. Nothing is taken from `~/.ssh`, nor from an agent without `use_agent`. What is set is checked when a "
        "machine is "
        "first reached: the connection itself names none.",
    .fields = kConnectionFields,
    .validate = Validate,
    .check = nullptr,
};

}  // namespace engine::vendors::ssh

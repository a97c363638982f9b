// SPDX-License-Identifier: MPL-2.0
#include "tests/support/bind_server.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/dns/exchange.h"
#include "base/dns/message.h"
#include "base/environment.h"
#include "base/text.h"
#include "tests/support/free_port.h"
#include "tests/support/settings.h"

namespace tests {
namespace {

constexpr const char* kNamed = "/usr/sbin/named";
constexpr std::array kKeys{kSha256Key, kSha384Key, kSha512Key, kStrictKey};

struct ZoneFile {
  std::string_view name;
  std::string_view policy;
  std::string_view records;
};
constexpr std::string_view kOpenPolicy =
    "grant key-sha256. zonesub TXT; grant key-sha384. zonesub TXT; grant key-sha512. zonesub TXT;";
constexpr std::array kZones{
    ZoneFile{"example.test", kOpenPolicy,
             "sub NS ns1\n"
             "_acme-challenge.delegated CNAME _acme-challenge.delegated.other.test.\n"
             "*.wild CNAME lb.elsewhere.invalid.\n"},
    ZoneFile{"sub.example.test", kOpenPolicy, ""},
    ZoneFile{"other.test", kOpenPolicy, ""},
    ZoneFile{"strict.test", "grant strict. name _acme-challenge.strict.test. TXT;", ""},
};

void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// What the command prints to stdout and stderr.
std::string RunBindTool(const std::string& command) {
  std::string printed;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> block;
  for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;) printed.append(block.data(), got);
  pclose(pipe);
  return printed;
}

}  // namespace

bool BindServer::IsInstalled() { return access(kNamed, X_OK) == 0; }

BindServer::BindServer() {
  std::string pattern = testing::TempDir() + "certwright-bind-XXXXXX";
  folder_ = mkdtemp(pattern.data());
  // Another process may take the port between its choice and named's start.
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    WriteFiles();
    Start();
    if (WaitUntilReady()) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  problem_ = "named does not answer; its log:\n" + RunBindTool("cat " + folder_ + "/log");
}

BindServer::~BindServer() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void BindServer::WriteFiles() const {
  std::string conf = base::Cat("options { directory \"", folder_, "\"; pid-file none; session-keyfile none; listen-on port ",
                               port_, " { 127.0.0.1; }; listen-on-v6 port ", port_,
                               " { ::1; }; recursion no; notify no; dnssec-validation no; empty-zones-enable no;"
                               " managed-keys-directory \"",
                               folder_, "\"; };\ncontrols { };\n");
  for (const BindKey& key : kKeys) {
    conf.append(base::Cat("key \"", key.name, "\" { algorithm ", key.algorithm, "; secret \"", key.secret, "\"; };\n"));
  }
  for (const ZoneFile& zone : kZones) {
    conf.append(base::Cat("zone \"", zone.name, "\" { type primary; file \"", zone.name, "\"; update-policy { ", zone.policy,
                          " }; };\n"));
    Write(base::Cat(folder_, "/", zone.name),
          base::Cat("$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\nns1 A 127.0.0.1\n", zone.records));
  }
  Write(folder_ + "/named.conf", conf);
}

void BindServer::Start() {
  const std::string conf = folder_ + "/named.conf";
  const std::string log = folder_ + "/log";
  std::array<const char*, 7> arguments{kNamed, "-g", "-n", "1", "-c", conf.c_str(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawn(&pid_, kNamed, &files, nullptr, const_cast<char* const*>(arguments.data()), nullptr);
  posix_spawn_file_actions_destroy(&files);
}

bool BindServer::WaitUntilReady() {
  const base::Call call{.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(20))};
  const auto query =
      base::dns::BuildQuery(1, {.name = "strict.test.", .type = base::dns::RecordType::kSoa}, base::dns::Recursion::kUnwanted);
  while (call.Wait(std::chrono::milliseconds(10))) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) return false;
    const base::dns::Outgoing outgoing{.server = {.host = "127.0.0.1", .port = port_}, .message = *query};
    const auto reply = base::dns::ExchangeAll(call, std::span(&outgoing, 1)).front();
    const auto message = reply ? base::dns::ParseMessage(*reply) : base::Result<base::dns::Message>(reply.error());
    if (message && !message->answers.empty()) return true;
  }
  return false;
}

engine::connections::Connection BindServer::Connect(const BindKey& key) const {
  engine::connections::Connection connection{
      .kind = "rfc2136",
      .id = base::Cat("bind:", address()),
      .settings = ConnectionSettings(
          "rfc2136",
          {{"server", address()}, {"tsig_key_name", std::string(key.name)}, {"tsig_algorithm", std::string(key.algorithm)}})};
  Put(connection.settings, "tsig_secret", base::Secret(std::string(key.secret)));
  return connection;
}

std::vector<std::string> BindServer::DigTxt(const std::string& name) const {
  std::vector<std::string> values;
  for (std::string& line :
       base::Split(RunBindTool(base::Cat("dig +short +norecurse @127.0.0.1 -p ", port_, " TXT ", name)), '\n')) {
    std::erase(line, '"');
    if (!line.empty()) values.push_back(std::move(line));
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::string BindServer::Nsupdate(const BindKey& key, const std::string& commands) const {
  const std::string script = folder_ + "/nsupdate.txt";
  Write(script, base::Cat("server 127.0.0.1 ", port_, "\nkey ", key.algorithm, ":", key.name, " ", key.secret, "\n", commands,
                          "\nsend\n"));
  return RunBindTool("nsupdate " + script);
}

void WithBind::SetUp() {
  if (BindServer::IsInstalled()) return;
  if (base::Environment("CI")) FAIL() << "named is missing: install Debian's bind9 and bind9-dnsutils";
  GTEST_SKIP() << "named is missing (Debian's bind9 and bind9-dnsutils): the test against a real server did not run";
}

}  // namespace tests

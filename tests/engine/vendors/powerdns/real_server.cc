// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/powerdns/real_server.h"

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

constexpr const char* kPdnsServer = "/usr/sbin/pdns_server";
constexpr const char* kDatabase = "/usr/bin/sqlite3";
constexpr const char* kSchema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

// What the command prints to stdout and stderr.
std::string RunPdnsUtil(const std::string& command) {
  std::string printed;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> block;
  for (std::size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;) printed.append(block.data(), got);
  pclose(pipe);
  return printed;
}

}  // namespace

PowerdnsServer::PowerdnsServer() {
  std::string pattern = testing::TempDir() + "certwright-pdns-XXXXXX";
  folder_ = mkdtemp(pattern.data());
  // Another process may take a port between its choice and the server's start.
  for (int attempt = 0; attempt < 3; ++attempt) {
    dns_port_ = FreePort();
    api_port_ = FreePort();
    WriteFiles();
    Start();
    if (WaitUntilReady()) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  problem_ = "pdns_server does not answer; its log:\n" + RunPdnsUtil("cat " + folder_ + "/log");
}

PowerdnsServer::~PowerdnsServer() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

// No caches: dig must see what has just been written.
void PowerdnsServer::WriteFiles() const {
  WriteFile(folder_ + "/pdns.conf",
            base::Cat("launch=gsqlite3\ngsqlite3-database=", folder_, "/zones.db\ngsqlite3-pragma-synchronous=0\nsocket-dir=",
                      folder_, "\nlocal-address=127.0.0.1\nlocal-port=", dns_port_,
                      "\nwebserver=yes\nwebserver-address=127.0.0.1\nwebserver-port=", api_port_, "\napi=yes\napi-key=", kKey,
                      "\ncache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\nzone-cache-refresh-interval=0\n"
                      "receiver-threads=1\ndistributor-threads=1\n"));
  WriteFile(folder_ + "/zones.sql",
            base::Cat(".read ", kSchema, "\nINSERT INTO domains (id, name, type) VALUES (1, 'example.test', 'NATIVE');\n",
                      "INSERT INTO records (domain_id, name, type, content, ttl, auth) VALUES (1, 'example.test', 'SOA', "
                      "'ns1.example.test hostmaster.example.test 1 3600 600 86400 60', 60, 1);\n"));
  std::filesystem::remove(folder_ + "/zones.db");
  RunPdnsUtil(base::Cat(kDatabase, " ", folder_, "/zones.db < ", folder_, "/zones.sql"));
}

void PowerdnsServer::Start() {
  const std::string config = "--config-dir=" + folder_;
  const std::string log = folder_ + "/log";
  std::array<const char*, 5> arguments{kPdnsServer, config.c_str(), "--daemon=no", "--guardian=no", nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawn(&pid_, kPdnsServer, &files, nullptr, const_cast<char* const*>(arguments.data()), nullptr);
  posix_spawn_file_actions_destroy(&files);
}

// The web server comes up before the name server, which is the last.
bool PowerdnsServer::WaitUntilReady() const {
  const base::Call call{.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(20))};
  const auto query =
      base::dns::BuildQuery(1, {.name = "example.test.", .type = base::dns::RecordType::kSoa}, base::dns::Recursion::kUnwanted);
  while (call.Wait(std::chrono::milliseconds(10))) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) return false;
    const base::dns::Outgoing outgoing{.server = {.host = "127.0.0.1", .port = dns_port_}, .message = *query};
    const auto reply = base::dns::ExchangeAll(call, std::span(&outgoing, 1)).front();
    const auto message = reply ? base::dns::ParseMessage(*reply) : base::Result<base::dns::Message>(reply.error());
    if (message && !message->answers.empty()) return true;
  }
  return false;
}

engine::connections::Connection PowerdnsServer::Connect() const {
  engine::connections::Connection connection{
      .kind = "powerdns",
      .id = "pdns:" + url(),
      .settings = ConnectionSettings("powerdns", {{"endpoint_url", url()}, {"server_id", "localhost"}})};
  Put(connection.settings, "api_key", base::Secret(kKey));
  return connection;
}

std::vector<std::string> PowerdnsServer::DigTxt(const std::string& name) const {
  std::vector<std::string> values;
  const std::string printed = RunPdnsUtil(base::Cat("dig +short +norecurse @127.0.0.1 -p ", dns_port_, " TXT ", name));
  for (std::string& line : base::Split(printed, '\n')) {
    std::erase(line, '"');
    if (!line.empty()) values.push_back(std::move(line));
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::string PowerdnsServer::DigLines(const std::string& name) const {
  return RunPdnsUtil(base::Cat("dig +noall +answer +norecurse @127.0.0.1 -p ", dns_port_, " TXT ", name));
}

std::string PowerdnsServer::Pdnsutil(const std::string& arguments) const {
  return RunPdnsUtil(base::Cat("pdnsutil --config-dir=", folder_, " ", arguments));
}

void WithPowerdns::SetUp() {
  if (access(kPdnsServer, X_OK) == 0 && access(kDatabase, X_OK) == 0 && access(kSchema, R_OK) == 0) return;
  constexpr const char* kPackages = "pdns_server is missing: install Debian's pdns-server, pdns-backend-sqlite3 and sqlite3";
  if (base::Environment("CI")) FAIL() << kPackages;
  GTEST_SKIP() << kPackages << "; the test against a real server did not run";
}

}  // namespace tests

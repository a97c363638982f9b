// SPDX-License-Identifier: MPL-2.0
// The bridges as the exec connection runs them. acme.sh is no package of any registry: what it does with its scripts is played by
// a few lines here, and tests/e2e/test_bridge.py has the real one where it is installed.
#include "engine/vendors/exec/bridge.h"

#include <gtest/gtest.h>

#include "base/environment.h"
#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/vultr/fake_api.h"
#include "tests/support/lexicon.h"
#include "tests/support/settings.h"
#include "tests/support/source_tree.h"
#include "tests/support/temp_dir.h"
#include "tests/support/vendor_hosts.h"

namespace tests::exec_bridge {
namespace {

using base::ErrorKind;
using base::Secret;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

constexpr const char* kName = "_acme-challenge.www.example.test.";

constexpr std::string_view kConfig = R"(
class ConfigResolver:
    def with_args(self, arguments):
        self.arguments = arguments
        return self
    def with_env(self):
        return self
)";
constexpr std::string_view kClient = R"(
import os
class tldextract:
    TLDExtract = None
class Client:
    def __init__(self, config):
        zone = tldextract.TLDExtract()('a guess')
        self.said = f"{zone.domain}.{zone.suffix}: " + " ".join(vars(config.arguments).values())
    def execute(self):
)";

base::Call RealCall() {
  return {.clock = &base::RealClock(),
          .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(60)),
          .stop = {},
          .log = {}};
}

class Bridge : public testing::Test {
 protected:
  static Connection With(const std::string& program, base::SecretMap environment = {}) {
    Connection connection{.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", program}})};
    connection.settings.Set("environment", std::move(environment));
    return connection;
  }
  // The bridge with a stand-in for lexicon's package; `execute` is the body of what changes a record.
  Connection WithStandIn(const std::string& execute, const std::string& provider = "powerdns") const {
    folder_.Write("python/lexicon/__init__.py", "");
    folder_.Write("python/lexicon/config.py", std::string(kConfig));
    folder_.Write("python/lexicon/discovery.py", "find_providers = lambda: {'powerdns': True, 'bare': False}\n");
    folder_.Write("python/lexicon/client.py", base::Cat(kClient, "        ", execute, "\n"));
    return With("bridge:lexicon", {{"PYTHONPATH", Secret(folder_ / "python")},
                                   {"PYTHONDONTWRITEBYTECODE", Secret("1")},
                                   {"CALLS", Secret(folder_ / "calls")},
                                   {"LEXICON_PROVIDER", Secret(provider)}});
  }
  base::Result<void> Check(const Connection& connection) const {
    return engine::vendors::FindConnection("exec")->check(RealCall(), connection, {.allow_exec = true});
  }
  base::Result<void> Place(const Connection& connection, const std::string& value) {
    const auto provider = engine::vendors::FindDnsProvider("exec")->make(connection, {.allow_exec = true});
    const std::vector<TxtRecord> records{{.fqdn = kName, .value = value}};
    return (*provider)->Place(RealCall(), kZone, records, placed_);
  }
  base::Result<void> Remove(const Connection& connection) const {
    const auto provider = engine::vendors::FindDnsProvider("exec")->make(connection, {.allow_exec = true});
    return (*provider)->Remove(RealCall(), kZone, placed_);
  }

  const Zone kZone{.name = "example.test.", .id = {}};
  TempDir folder_;
  std::vector<PlacedRecord> placed_;
};

TEST_F(Bridge, EachThatIsListedIsAProgramOfTheSources) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(testing_support::SourceRoot() / "bridge")) {
    files.insert(entry.path().filename().string());
    EXPECT_NE(entry.status().permissions() & std::filesystem::perms::owner_exec, std::filesystem::perms::none) << entry.path();
  }

  EXPECT_EQ(files, std::set<std::string>(engine::vendors::exec::kBridges.begin(), engine::vendors::exec::kBridges.end()));
}

TEST_F(Bridge, AnUnknownNameIsAnErrorAtTheAttributeThatListsThem) {
  const auto problems = engine::vendors::FindConnection("exec")->validate(With("bridge:lego"));

  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].field, "program");
  EXPECT_EQ(problems[0].message,
            "There is no bridge \"lego\". The provider comes with these: `bridge:acme.sh`, `bridge:lexicon`.");
}

TEST_F(Bridge, WhatLexiconNeedsIsLookedForWhenTheConnectionIsMade) {
  EXPECT_TRUE(Check(WithStandIn("pass")));
  const auto unknown = Check(WithStandIn("pass", "unknown"));
  const auto bare = Check(WithStandIn("pass", "bare"));
  const base::SecretMap package{{"PYTHONPATH", Secret(folder_ / "python")}};
  const auto unset = Check(With("bridge:lexicon", package));
  folder_.Write("python/lexicon/__init__.py", "raise ImportError('it is broken')\n");
  const auto missing = Check(With("bridge:lexicon", package));

  ASSERT_FALSE(unknown || bare || unset || missing);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(unknown.error().message, "bridge:lexicon check failed with exit code 77");
  // Whatever stands in `environment` is masked.
  EXPECT_EQ(unknown.error().details, std::vector<std::string>{"lexicon has no provider ***; it has bare, powerdns"});
  EXPECT_EQ(bare.error().details,
            std::vector<std::string>{"lexicon's provider *** needs more packages: pip install dns-lexicon[***]"});
  EXPECT_EQ(unset.error().details,
            std::vector<std::string>{"set LEXICON_PROVIDER in `environment`, such as LEXICON_PROVIDER = \"powerdns\""});
  EXPECT_EQ(missing.error().details,
            std::vector<std::string>{"lexicon is not installed, neither for python3 in PATH nor as a program (it is broken): pip "
                                     "install dns-lexicon"});
}

TEST_F(Bridge, LexiconIsToldTheZoneAndTheExactValue) {
  const Connection connection = WithStandIn("print(self.said, file=open(os.environ['CALLS'], 'a'))");

  const auto placed = Place(connection, "-begins-with-a-hyphen");
  ASSERT_TRUE(placed) << placed.error().message << base::Join(placed.error().details, "\n");
  ASSERT_TRUE(Remove(connection));

  EXPECT_EQ(folder_.Read("calls"),
            "example.test: powerdns create example.test TXT _acme-challenge.www.example.test -begins-with-a-hyphen\n"
            "example.test: powerdns delete example.test TXT _acme-challenge.www.example.test -begins-with-a-hyphen\n");
}

TEST_F(Bridge, WhatLexiconSaysIsShownAndRefusedCredentialsPlacedNothing) {
  const auto failed = Place(WithStandIn("raise RuntimeError('the API is down')"), "v");
  const auto silent = Place(WithStandIn("return False"), "v");
  ASSERT_FALSE(failed || silent);
  EXPECT_EQ(failed.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(failed.error().details, std::vector<std::string>{"RuntimeError: the API is down"});
  EXPECT_EQ(silent.error().details,
            std::vector<std::string>{"lexicon's provider *** did not create the record, and does not say why"});
  EXPECT_EQ(placed_.size(), 2U);
  placed_.clear();

  const auto refused = Place(WithStandIn("raise type('AuthenticationError', (Exception,), {})('no')"), "v");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied);
  EXPECT_TRUE(placed_.empty());
}

constexpr std::string_view kAcmeSh = R"(#!/usr/bin/env sh
DEFAULT_USER_AGENT=acme.sh/test
_save_conf() { echo "$2=$3" >>"$ACME_SH_HOME/saved"; }
_read_conf() { cat "$ACME_SH_HOME/saved"; }
_clear_conf() { rm "$ACME_SH_HOME/saved"; }
_saveaccountconf_mutable() { _save_conf account.conf "SAVED_$1" "$2"; }
_readaccountconf_mutable() { _read_conf account.conf "SAVED_$1"; }
main() { [ -z "$1" ] && echo help && return; "$@"; }
main "$@"
)";
constexpr std::string_view kScript = R"(
dns_test_add() {
  TEST_Key="${TEST_Key:-$(_readaccountconf_mutable TEST_Key)}"
  _saveaccountconf_mutable TEST_Key "$TEST_Key"
  [ "$TEST_Key" = key-canary ] || { echo "no key: $TEST_Key" >&2; return 1; }
  echo "add $USER_AGENT $1 $2" >>"$ACME_SH_HOME/calls"
}
dns_test_rm() { echo "rm $1 $2" >>"$ACME_SH_HOME/calls"; }
)";

TEST_F(Bridge, AcmeShsScriptsRunWithoutWritingWhatTheyAreTold) {
  folder_.Write("acme.sh", std::string(kAcmeSh));
  folder_.Write("dnsapi/dns_test.sh", std::string(kScript));
  const base::SecretMap environment{{"ACME_SH_HOME", Secret(folder_.path().string())}, {"ACME_SH_DNSAPI", Secret("dns_test")}};
  auto with_key = environment;
  with_key.emplace("TEST_Key", Secret("key-canary"));
  const Connection connection = With("bridge:acme.sh", with_key);

  ASSERT_TRUE(Check(connection));
  ASSERT_TRUE(Place(connection, "value"));
  ASSERT_TRUE(Remove(connection));
  const auto failed = Place(With("bridge:acme.sh", environment), "value");

  EXPECT_EQ(folder_.Read("calls"),
            "add acme.sh/test _acme-challenge.www.example.test value\nrm _acme-challenge.www.example.test value\n");
  EXPECT_FALSE(folder_.Entries().contains("saved"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().details, std::vector<std::string>{"no key:"});
}

TEST_F(Bridge, WhatAcmeShNeedsIsLookedForWhenTheConnectionIsMade) {
  folder_.Write("acme.sh", std::string(kAcmeSh));

  const auto no_home = Check(With("bridge:acme.sh"));
  const auto no_script = Check(With("bridge:acme.sh", {{"ACME_SH_HOME", Secret(folder_.path().string())}}));

  ASSERT_FALSE(no_home || no_script);
  EXPECT_EQ(no_home.error().details,
            std::vector<std::string>{"set ACME_SH_HOME in `environment` to the folder that holds acme.sh"});
  EXPECT_EQ(no_script.error().details,
            std::vector<std::string>{"set ACME_SH_DNSAPI in `environment` to a script of ***/dnsapi, such as ACME_SH_DNSAPI = "
                                     "\"dns_nsupdate\""});
}

class BridgeOfLexicon : public Bridge {
 protected:
  void SetUp() override { tests::RequireLexicon(); }
};

TEST_F(BridgeOfLexicon, PlacesAndRemovesOneValueAtAVendor) {
  FakeVultr api;
  api.Add(kName, "foreign");
  const VendorHosts hosts(api, {"api.vultr.com"});
  base::SecretMap environment{{"LEXICON_PROVIDER", Secret("vultr")},
                              {"LEXICON_VULTR_AUTH_TOKEN", Secret(FakeVultr::kToken)},
                              {"TLDEXTRACT_CACHE_PATH", Secret(folder_ / "suffixes")}};
  for (const std::string& entry : hosts.environment()) {
    const auto equals = entry.find('=');
    environment.emplace(entry.substr(0, equals), Secret(entry.substr(equals + 1)));
  }
  const Connection connection = With("bridge:lexicon", environment);

  const auto placed = Place(connection, "-value");

  ASSERT_TRUE(placed) << placed.error().message << base::Join(placed.error().details, "\n");
  EXPECT_EQ(api.Values(kName), (std::vector<std::string>{"-value", "foreign"}));
  const auto removed = Remove(connection);
  ASSERT_TRUE(removed) << removed.error().message << base::Join(removed.error().details, "\n");
  EXPECT_EQ(api.Values(kName), std::vector<std::string>{"foreign"});

  environment.insert_or_assign("LEXICON_VULTR_AUTH_TOKEN", Secret("wrong-canary"));
  const auto refused = Place(With("bridge:lexicon", environment), "value");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kDenied) << base::Join(refused.error().details, "\n");
}

}  // namespace
}  // namespace tests::exec_bridge

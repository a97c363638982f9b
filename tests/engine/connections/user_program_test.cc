// SPDX-License-Identifier: MPL-2.0
#include "engine/connections/user_program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>

#include "base/clock.h"
#include "base/text.h"
#include "engine/connections/connection.h"
#include "tests/support/scoped_variable.h"

namespace tests {
namespace {

using base::Secret;
using engine::connections::FindEnvironmentProblems;
using engine::connections::kInheritEnvironmentField;
using engine::connections::kProgramEnvironmentField;
using engine::connections::LastWords;
using engine::connections::RunUserProgram;
using engine::connections::UserProgram;
using testing::ElementsAre;
using testing::IsSupersetOf;

base::Result<base::ProgramOutcome> RunHere(const UserProgram& program) {
  const base::Call call{.clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), std::chrono::seconds(30))};
  return RunUserProgram(call, program, [](std::string_view text) { return text.find("the-key") != std::string_view::npos; });
}

// The names of the variables that the program saw.
std::set<std::string> Names(const UserProgram& program) {
  const auto done = RunHere(program);
  EXPECT_TRUE(done.ok()) << done.error().message;
  std::set<std::string> names;
  for (const std::string& line : base::Split(done ? done->output : "", '\n')) {
    if (!line.empty()) names.insert(line.substr(0, line.find('=')));
  }
  return names;
}

// The attack: a program prints what it can see. Before, it had all of Terraform's environment, cloud credentials included.
TEST(RunUserProgram, HandsOverAnAllowListOfTheEnvironment) {
  const ScopedVariable key("CERTWRIGHT_SEALING_KEY", "k");
  const ScopedVariable cloud("AWS_SECRET_ACCESS_KEY", "s");
  const ScopedVariable variable("TF_VAR_password", "p");
  const ScopedVariable locale("LC_TIME", "C");
  const ScopedVariable proxy("https_proxy", "http://proxy:1");
  const ScopedVariable roots("SSL_CERT_DIR", "/roots");
  const ScopedVariable folder("XDG_CONFIG_HOME", "/config");

  const auto names = Names({.arguments = {"env"}});

  EXPECT_THAT(names, IsSupersetOf({"PATH", "LC_TIME", "https_proxy", "SSL_CERT_DIR", "XDG_CONFIG_HOME"}));
  for (const std::string& name : names) {
    const bool is_listed = std::set<std::string>{"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR"}.contains(name) ||
                           name.starts_with("LC_") || name.starts_with("XDG_") || name.starts_with("SSL_CERT_") ||
                           base::ToLower(name).ends_with("_proxy");
    EXPECT_TRUE(is_listed) << name;
  }
}

TEST(RunUserProgram, AddsWhatTheConfigurationNames) {
  const ScopedVariable email("LEGO_EMAIL", "ops@example.test");
  const ScopedVariable other("LEGOLAS", "elf");
  const ScopedVariable exact("ONE", "1");

  const auto names = Names({.arguments = {"env"},
                            .environment = {.variables = {{"TOKEN", Secret("t")}, {"PATH", Secret("/usr/bin:/bin")}},
                                            .inherited = {"LEGO_*", "ONE"}}});

  EXPECT_THAT(names, IsSupersetOf({"LEGO_EMAIL", "ONE", "TOKEN"}));
  EXPECT_FALSE(names.contains("LEGOLAS"));
}

TEST(RunUserProgram, GivesAVendorsToolThatVendorsVariables) {
  const ScopedVariable profile("AWS_PROFILE", "prod");
  const ScopedVariable tenant("AZURE_CONFIG_DIR", "/azure");
  const std::string folder = testing::TempDir() + "user_program_test";
  mkdir(folder.c_str(), 0700);
  const std::string aws = folder + "/aws";
  unlink(aws.c_str());
  ASSERT_EQ(symlink("/usr/bin/env", aws.c_str()), 0);

  const auto of_aws = Names({.arguments = {aws}});
  const auto of_env = Names({.arguments = {"env"}});

  EXPECT_TRUE(of_aws.contains("AWS_PROFILE"));
  EXPECT_FALSE(of_aws.contains("AZURE_CONFIG_DIR"));
  EXPECT_FALSE(of_env.contains("AWS_PROFILE"));
}

// A copy for a variable of the configuration passes by the name of CERTWRIGHT_SEALING_KEY.
TEST(RunUserProgram, NeverHandsOverASealingKeyWhateverItIsCalled) {
  const ScopedVariable copy("TF_VAR_sealing_key", "the-key");
  const ScopedVariable list("TF_VAR_previous", "[\"old\", \"the-key\"]");
  const ScopedVariable name("CERTWRIGHT_SEALING_KEY", "not even a key");
  const ScopedVariable home("XDG_SECRET", "the-key");

  const auto names =
      Names({.arguments = {"env"}, .environment = {.variables = {}, .inherited = {"TF_VAR_*", "CERTWRIGHT_*", "*_KEY"}}});
  const auto told = RunHere({.arguments = {"env"}, .environment = {.variables = {{"KEY", Secret("the-key")}}, .inherited = {}}});

  for (const char* one : {"TF_VAR_sealing_key", "TF_VAR_previous", "CERTWRIGHT_SEALING_KEY", "XDG_SECRET"}) {
    EXPECT_FALSE(names.contains(one)) << one;
  }
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(told.error().message.find("the-key"), std::string::npos);
}

// The CA's connection among them: whoever inherits it could read and send on it.
TEST(RunUserProgram, HandsOverNoSocket) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);

  const auto done = RunHere({.arguments = {"sh", "-c", "for one in /proc/self/fd/*; do readlink $one; done"}});

  close(pair[0]);
  close(pair[1]);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->output.find("socket:"), std::string::npos) << done->output;
}

TEST(LastWords, AreTheLastLinesWithoutSecrets) {
  std::string said;
  for (int i = 1; i <= 30; ++i) said += base::Cat("line ", i, ": canary\n");

  const auto lines = LastWords(said, {.variables = {{"TOKEN", Secret("canary\nsecond")}}, .inherited = {}});

  ASSERT_EQ(lines.size(), 20U);
  EXPECT_EQ(lines.front(), "line 11: ***");
  EXPECT_EQ(lines.back(), "line 30: ***");
}

TEST(FindEnvironmentProblems, NamesTheField) {
  constexpr std::array kFields{kProgramEnvironmentField, kInheritEnvironmentField};
  const auto problems = [&](base::SecretMap variables, base::SettingList inherited) {
    base::Settings settings(kFields);
    settings.Set("environment", std::move(variables));
    settings.Set("inherit_environment", std::move(inherited));
    std::vector<std::string_view> fields;
    for (const auto& [field, message] : FindEnvironmentProblems(settings)) fields.push_back(field);
    return fields;
  };

  EXPECT_TRUE(problems({{"A_1", Secret("x")}}, {"LEGO_*", "*_TOKEN", "ONE"}).empty());
  EXPECT_THAT(problems({{"1A", Secret("x")}}, {}), ElementsAre("environment"));
  for (const char* pattern : {"", "*", "A*B", "A B", "A=1", "**"}) {
    EXPECT_THAT(problems({}, {pattern}), ElementsAre("inherit_environment")) << pattern;
  }
}

}  // namespace
}  // namespace tests

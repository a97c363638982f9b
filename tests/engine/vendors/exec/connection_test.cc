// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/exec/connection.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/exec/fake_program.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::exec_connection {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::connections::ConnectionSpec;

const ConnectionSpec& Spec() { return *engine::vendors::FindConnection("exec"); }

Connection With(const std::string& program, base::SecretMap environment = {}) {
  Connection connection{.kind = "exec", .id = "c", .settings = ConnectionSettings("exec", {{"program", program}})};
  connection.settings.Set("environment", std::move(environment));
  return connection;
}

base::Result<void> Check(const Connection& connection, bool allow_exec = true) {
  FakeClock clock;
  return Spec().check(clock.Call(), connection, {.allow_exec = allow_exec});
}

TEST(ExecValidate, PointsAtTheFieldThatIsWrong) {
  EXPECT_TRUE(Spec()
                  .validate(With("hook", {{"A_1", base::Secret("x y")}, {"_b", base::Secret()}, {"C", base::Secret("1\nD=2")}}))
                  .empty());
  EXPECT_TRUE(Spec().validate({.kind = "exec", .id = {}, .settings = ConnectionSettings("exec")}).empty());
  const std::pair<Connection, std::string> mistakes[]{{With(" "), "program"},
                                                      {With("hook", {{"1A", base::Secret("canary")}}), "environment"},
                                                      {With("hook", {{"A-B", base::Secret("canary")}}), "environment"},
                                                      {With("hook", {{"", base::Secret("canary")}}), "environment"}};
  for (const auto& [connection, field] : mistakes) {
    const auto problems = Spec().validate(connection);

    ASSERT_EQ(problems.size(), 1U) << field;
    EXPECT_EQ(problems.front().field, field);
    EXPECT_EQ(problems.front().message.find("canary"), std::string::npos);
  }
}

TEST(ExecCheck, LooksForTheProgramAndDoesNotRunIt) {
  const ExecProgram program;

  const auto checked = Check(With(program.path()));

  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_TRUE(Check(With("sh")));
  EXPECT_FALSE(std::filesystem::exists(program.store() + "/calls"));
}

TEST(ExecCheck, AMissingProgramIsBlamed) {
  const auto checked = Check(With("/nowhere/hook"));

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().blame.attribute, "program");
  EXPECT_EQ(checked.error().message, "there is no program /nowhere/hook");
}

TEST(ExecCheck, IsRefusedWithoutAllowExec) {
  const auto checked = Check(With("sh"), false);

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(checked.error().blame.attribute, "program");
}

}  // namespace
}  // namespace tests::exec_connection

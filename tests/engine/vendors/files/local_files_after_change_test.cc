// SPDX-License-Identifier: MPL-2.0
// The program that local_files runs once its files have changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/engine/vendors/files/local_files_fixture.h"
#include "tests/support/scoped_variable.h"

namespace engine::sync {
namespace {

using testing::ElementsAre;

class LocalFilesAfterChange : public LocalFilesTest {};

// after_change as a shell line.
base::SettingList Shell(const std::string& line) { return {"/bin/sh", "-c", line}; }

TEST_F(LocalFilesAfterChange, RunsTheProgramOnceForAllChangesOfARun) {
  const auto destination = With({{"after_change", Shell("ls '" + dir_.path().string() + "' >>'" + dir_ / "log'")}});
  Put(*destination, "web");
  Put(*destination, "mail");

  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_EQ(dir_.Read("log"), "log\nmail.crt\nmail.key\nweb.crt\nweb.key\n");
}

TEST_F(LocalFilesAfterChange, RunsNoProgramWhenNoFileChanged) {
  const tests::SettingEntries settings = {{"after_change", Shell("touch '" + dir_ / "ran'")}};
  const Deployed before = Put(*With(), "web");
  const auto destination = With(settings);

  Put(*destination, "web", before);
  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

TEST_F(LocalFilesAfterChange, RunsTheProgramWhenFilesWereRemoved) {
  const auto destination = With({{"after_change", Shell("touch '" + dir_ / "ran'")}});
  const Deployed before = Put(*With(), "web");

  ASSERT_TRUE(destination->Remove(clock_.Call(), before).ok());
  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_THAT(dir_.Entries(), ElementsAre("ran"));
}

TEST_F(LocalFilesAfterChange, RunsTheProgramThatAnEarlierRunOwed) {
  const auto destination = With({{"after_change", Shell("touch '" + dir_ / "ran'")}});
  Deployed before = Put(*With(), "web");
  before.unfinished = true;

  Put(*destination, "web", before);
  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "ran", "web.crt", "web.key"));
}

// The files were written, and then the run was killed.
TEST_F(LocalFilesAfterChange, RunsTheProgramForFilesThatAKilledRunWrote) {
  const auto destination = With({{"after_change", Shell("touch '" + dir_ / "ran'")}});
  Put(*With(), "web");

  Put(*destination, "web");
  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "ran", "web.crt", "web.key"));
}

TEST_F(LocalFilesAfterChange, TellsWhatAFailedProgramSaid) {
  const auto destination = With({{"after_change", Shell("echo 'no such host' >&2; exit 3")}});
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().message, "the program /bin/sh ended with exit code 3");
  EXPECT_THAT(finished.error().details, ElementsAre("no such host"));
}

TEST_F(LocalFilesAfterChange, ShowsTheLastLinesOfAProgramThatSaysMuch) {
  const auto destination =
      With({{"after_change", Shell("for i in $(seq 100); do echo $i; done; echo 'the reason' >&2; exit 1")}});
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().details.size(), 20U);
  EXPECT_EQ(finished.error().details.back(), "the reason");
}

TEST_F(LocalFilesAfterChange, GivesTheProgramTheVariablesThatTheConfigurationNames) {
  const tests::ScopedVariable passed("SITE_NAME", "web");
  const tests::ScopedVariable held("SITE", "secret-canary");
  const auto destination =
      With({{"after_change", Shell("env >'" + dir_ / "log'")}, {"inherit_environment", base::SettingList{"SITE_*"}}});
  Put(*destination, "web");

  ASSERT_TRUE(destination->Finish(clock_.Call()).ok());

  EXPECT_NE(dir_.Read("log").find("SITE_NAME=web\n"), std::string::npos);
  EXPECT_EQ(dir_.Read("log").find("secret-canary"), std::string::npos);
}

TEST_F(LocalFilesAfterChange, RunsNoProgramWithoutTheProvidersLeave) {
  const tests::SettingEntries settings = {{"directory", dir_.path().string()},
                                          {"after_change", Shell("touch '" + dir_ / "ran'")}};
  const auto destination =
      tests::MakeTestDestination("local_files", {.settings = tests::DestinationSettings("local_files", settings)});
  Put(*destination, "web");

  const auto finished = destination->Finish(clock_.Call());

  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().kind, base::ErrorKind::kDenied);
  EXPECT_THAT(dir_.Entries(), ElementsAre(".web.certwright", "web.crt", "web.key"));
}

}  // namespace
}  // namespace engine::sync

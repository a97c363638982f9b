// SPDX-License-Identifier: MPL-2.0
#include "base/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stop_token>
#include <thread>

#include "base/os/signals.h"
#include "base/text.h"
#include "tests/support/scoped_variable.h"
#include "tests/support/temp_dir.h"

namespace base {
namespace {

Call In(std::chrono::milliseconds limit) { return Call{.clock = &RealClock(), .deadline = Deadline::In(RealClock(), limit)}; }

Result<ProgramOutcome> Shell(const Call& call, std::string script, std::map<std::string, Secret> environment = {}) {
  return RunProgram(call, {.arguments = {"sh", "-c", std::move(script)}, .environment = std::move(environment)});
}

TEST(RunProgram, KeepsBothStreamsAndTheExitCodeApart) {
  const auto done = Shell(In(std::chrono::seconds(30)), "echo out; echo err >&2; exit 3");

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->exit_code, 3);
  EXPECT_EQ(done->output, "out\n");
  EXPECT_EQ(done->errors, "err\n");
}

TEST(RunProgram, HandsArgumentsOverAsTheyAre) {
  const auto done = RunProgram(In(std::chrono::seconds(30)), {.arguments = {"printf", "%s|", "$HOME", "a b", ""}});

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->output, "$HOME|a b||");
}

TEST(RunProgram, GivesTheProgramItsEnvironmentAndNoOther) {
  const tests::ScopedVariable variable("OF_THIS_PROCESS", "must not be seen");

  const auto done = RunProgram(In(std::chrono::seconds(30)), {.arguments = {"env"}, .environment = {{"MARK", Secret("seen")}}});

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->output, "MARK=seen\n");
}

// A library may open a descriptor that programs inherit.
TEST(RunProgram, HandsOverNoDescriptorButTheStandardStreams) {
  const int left_open = open("/dev/null", O_RDONLY);

  const auto done = Shell(In(std::chrono::seconds(30)), Cat("ls /proc/self/fd; test ! -e /proc/self/fd/", left_open));

  close(left_open);
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->exit_code, 0) << done->output;
}

TEST(RunProgram, HandsOverAnEmptyStdinUnlessThereIsInput) {
  const auto empty = RunProgram(In(std::chrono::seconds(30)), {.arguments = {"cat"}});
  const auto some = RunProgram(In(std::chrono::seconds(30)), {.arguments = {"cat"}, .input = Secret("a b\n")});

  ASSERT_TRUE(empty.ok() && some.ok());
  EXPECT_EQ(empty->output, "");
  EXPECT_EQ(some->output, "a b\n");
}

// More than a pipe takes at once, and the program answers while it reads.
TEST(RunProgram, HandsOverLongInputWhileTheProgramPrints) {
  const std::string input(1000000, 'x');

  const auto done =
      RunProgram(In(std::chrono::seconds(30)), {.arguments = {"sh", "-c", "tee /dev/stderr | wc -c"}, .input = Secret(input)});

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(Trim(done->output), "1000000");
  EXPECT_EQ(done->errors.size(), kMaxProgramOutput);
}

TEST(RunProgram, AProgramMayLeaveItsInputUnread) {
  os::IgnoreBrokenPipes();

  const auto done = RunProgram(In(std::chrono::seconds(30)), {.arguments = {"sh", "-c", "exec <&-; echo done; exit 3"},
                                                              .input = Secret(std::string(1000000, 'x'))});

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->exit_code, 3);
  EXPECT_EQ(done->output, "done\n");
}

TEST(RunProgram, DropsWhatIsTooMuchAndStillReadsToTheEnd) {
  const auto done = Shell(In(std::chrono::seconds(30)), "head -c 1000000 /dev/zero | tr '\\0' x; echo end >&2");

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->output.size(), kMaxProgramOutput);
  EXPECT_TRUE(done->is_output_cut);
  EXPECT_EQ(done->errors, "end\n");
}

TEST(RunProgram, TellsASignal) {
  const auto done = Shell(In(std::chrono::seconds(30)), "kill -9 $$");

  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->exit_code, 128 + 9);
}

TEST(RunProgram, TellsMissingAndForbiddenPrograms) {
  const tests::TempDir dir;
  dir.Write("plain", "text");

  EXPECT_EQ(RunProgram(In(std::chrono::seconds(30)), {.arguments = {"/nowhere/at-all"}}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(RunProgram(In(std::chrono::seconds(30)), {.arguments = {dir / "plain"}}).error().kind, ErrorKind::kDenied);
  EXPECT_EQ(RunProgram(In(std::chrono::seconds(30)), {.arguments = {}}).error().kind, ErrorKind::kInvalid);
}

TEST(RunProgram, EndsTheWholeGroupWhenTheTimeIsOver) {
  const tests::TempDir dir;
  const auto done = Shell(In(std::chrono::milliseconds(300)),
                          Cat("sh -c 'trap \"touch ", dir / "ended", "; exit\" TERM; sleep 100 & wait' & wait"));

  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind, ErrorKind::kTimeout);
  EXPECT_TRUE(dir.Entries().contains("ended"));
}

TEST(RunProgram, HearsTheStopRequest) {
  std::stop_source stop;
  Call call = In(std::chrono::seconds(60));
  call.stop = stop.get_token();
  const std::jthread presser([&] { stop.request_stop(); });

  const auto done = Shell(call, "sleep 100");

  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind, ErrorKind::kCancelled);
}

TEST(LastLines, KeepsTheLastThatSaySomething) {
  EXPECT_EQ(LastLines("one\n\n  two \r\nthr\aee\n\n", 2), (std::vector<std::string>{"two", "thr ee"}));
  EXPECT_EQ(LastLines("", 2), std::vector<std::string>{});
  EXPECT_EQ(LastLines(std::string(1000, 'x'), 2).front(), std::string(300, 'x') + "…");
}

TEST(CheckProgram, FindsWhatCanBeRun) {
  const tests::TempDir dir;
  dir.Write("plain", "text");

  EXPECT_TRUE(CheckProgram("sh").ok());
  EXPECT_TRUE(CheckProgram("/bin/sh").ok());
  EXPECT_EQ(CheckProgram("no-such-program").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(CheckProgram(dir / "plain").error().kind, ErrorKind::kDenied);
  EXPECT_EQ(CheckProgram(dir.path().string()).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace base

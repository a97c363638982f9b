// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/resources/test_context.h"
#include "tests/support/log_capture.h"
#include "tests/support/temporary_folder.h"

namespace resources::sealed {
namespace {

using base::Secret;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kDigest = "0123456789abcdef";

// Something happens in each pause.
class Meanwhile final : public base::Clock {
 public:
  explicit Meanwhile(std::function<void(int)> action) : action_(std::move(action)) {}
  base::TimePoint Now() const override { return clock_.Now(); }
  base::SteadyTime SteadyNow() const override { return clock_.SteadyNow(); }
  bool SleepUntil(base::SteadyTime when, const std::stop_token& stop) override {
    action_(++pauses_);
    return clock_.SleepUntil(when, stop);
  }
  base::Call Call(std::chrono::milliseconds limit = std::chrono::minutes(1)) {
    return {.clock = this, .deadline = base::Deadline::In(*this, limit), .log = base::Log(log_)};
  }
  int pauses() const { return pauses_; }
  std::string text() const { return log_->text(); }

 private:
  tests::FakeClock clock_;
  std::shared_ptr<tests::LogCapture> log_ = std::make_shared<tests::LogCapture>();
  std::function<void(int)> action_;
  int pauses_ = 0;
};

class JournalTest : public testing::Test {
 protected:
  // As another process would: what was there before it began was left.
  std::unique_ptr<Journal> Start(char key = 'a', std::vector<SealingKey> previous = {}) const {
    return std::make_unique<Journal>(data_.string(), base::SystemRandom(),
                                     Sealer::Ready(tests::TestKey(key), std::move(previous)));
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& one : std::filesystem::directory_iterator(folder_)) names.push_back(one.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  static unsigned Mode(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  // An entry of a process that has ended.
  EntryName Leave(const std::string& content) const {
    const auto journal = Start();
    JournalEntry entry = journal->Begin("create", kDigest);
    entry.Write(Secret(content));
    return entry.name();
  }

  tests::TemporaryFolder temporary_;
  std::filesystem::path data_ = temporary_.path() / ".terraform";
  std::filesystem::path folder_ = data_ / "certwright";
};

TEST_F(JournalTest, MakesNothingBeforeSomethingIsWritten) {
  const auto journal = Start();

  (void)journal->Begin("create", kDigest);
  EXPECT_FALSE(journal->TryTake("create", kDigest));

  EXPECT_FALSE(std::filesystem::exists(data_));
}

TEST_F(JournalTest, SealsTheEntryInAFileForTheUserAlone) {
  const EntryName name = Leave("the content");

  const std::filesystem::path file = folder_ / name.ToText();
  std::ifstream stream(file);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  EXPECT_TRUE(text.starts_with("cw2:journal:")) << text;
  EXPECT_THAT(text, Not(HasSubstr("the content")));
  EXPECT_EQ(Mode(file), 0600U);
  EXPECT_EQ(Mode(folder_), 0700U);
}

TEST_F(JournalTest, NextProcessTakesTheEntryOnce) {
  const EntryName name = Leave("the content");
  const auto journal = Start();

  const auto taken = journal->TryTake("create", kDigest);

  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->content().Reveal(), "the content");
  EXPECT_EQ(taken->name().id, name.id);
  EXPECT_FALSE(journal->TryTake("create", kDigest));
  EXPECT_FALSE(journal->TryTake(name.id));
}

TEST_F(JournalTest, TakesByIdWhateverTheDigest) {
  const EntryName name = Leave("the content");

  EXPECT_TRUE(Start()->TryTake(name.id));
}

TEST_F(JournalTest, ProcessDoesNotTakeItsOwnEntry) {
  const auto journal = Start();
  JournalEntry entry = journal->Begin("create", kDigest);
  entry.Write(Secret("mine"));

  EXPECT_FALSE(journal->TryTake("create", kDigest));
  EXPECT_FALSE(journal->TryTake(entry.name().id));
}

TEST_F(JournalTest, NobodyTakesTheEntryOfALivingProcess) {
  const auto living = Start();
  JournalEntry entry = living->Begin("create", kDigest);
  entry.Write(Secret("mine"));
  const auto other = Start();

  EXPECT_FALSE(other->TryTake("create", kDigest));
  int seen = 0;
  other->ForEachLeft([&](const JournalEntry&) { ++seen; });
  EXPECT_EQ(seen, 0);
}

TEST_F(JournalTest, WaitsForARunWhoseTerraformWasKilledToEnd) {
  const auto killed = Start();
  JournalEntry entry = killed->Begin("create", kDigest);
  entry.Write(Secret("order"));
  killed->MarkEnding();
  const auto next = Start();
  Meanwhile clock([&](int pause) {
    EXPECT_FALSE(next->TryTake("create", kDigest)) << "before pause " << pause;
    if (pause == 3) entry.LetGo();
  });

  const auto taken = next->Take(clock.Call(), "create", kDigest);

  EXPECT_EQ(clock.pauses(), 3);
  EXPECT_THAT(clock.text(), HasSubstr("waiting for another process, which ends or cleans up what an earlier run began"));
  EXPECT_TRUE(taken);
}

TEST_F(JournalTest, WaitsForWhatIsWrittenWhileItEndsToo) {
  const auto killed = Start();
  JournalEntry entry = killed->Begin("renew", kDigest);
  killed->MarkEnding();
  entry.Write(Secret("order"));
  const auto next = Start();
  Meanwhile clock([&](int) { entry.Remove(); });

  const auto taken = next->Take(clock.Call(), entry.name().id);

  EXPECT_EQ(clock.pauses(), 1);
  EXPECT_FALSE(taken);
}

TEST_F(JournalTest, WaitsForNothingElse) {
  const auto living = Start();
  JournalEntry entry = living->Begin("create", kDigest);
  entry.Write(Secret("mine"));
  const auto killed = Start();
  JournalEntry other = killed->Begin("create", "fedcba9876543210");
  other.Write(Secret("other"));
  killed->MarkEnding();
  const auto next = Start();
  Meanwhile clock([](int) {});

  EXPECT_FALSE(next->Take(clock.Call(), "create", kDigest));
  EXPECT_FALSE(next->Take(clock.Call(), entry.name().id));

  EXPECT_EQ(clock.pauses(), 0);
}

TEST_F(JournalTest, WaitsNoLongerThanItsCall) {
  const auto killed = Start();
  JournalEntry entry = killed->Begin("create", kDigest);
  entry.Write(Secret("order"));
  killed->MarkEnding();
  const auto next = Start();
  Meanwhile clock([](int) {});

  EXPECT_FALSE(next->Take(clock.Call(std::chrono::seconds(1)), "create", kDigest));
}

// It gets no processor time, and so cannot say that it is ending.
TEST_F(JournalTest, WaitsForAProcessWhoseTerraformHasEnded) {
  const auto orphan = Start();
  JournalEntry entry = orphan->Begin("create", kDigest);
  entry.Write(Secret("order"));
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  std::ofstream(folder_ / entry.name().ToText()) << *sealer.Seal(handle_kind::kJournal, Secret("host 2147483647:1\norder"));
  const auto next = Start();
  Meanwhile clock([&](int) { entry.LetGo(); });

  const auto taken = next->Take(clock.Call(), "create", kDigest);

  EXPECT_EQ(clock.pauses(), 1);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->content().Reveal(), "order");
}

// Otherwise its certificate would be ordered twice.
TEST_F(JournalTest, WaitsForAnEntryThatIsCleanedUp) {
  const EntryName name = Leave("order");
  const auto cleaning = Start();
  const auto next = Start();
  EXPECT_FALSE(next->TryTake("none", kDigest));  // it has looked by now
  std::optional<JournalEntry> kept;
  cleaning->ForEachLeft([&](JournalEntry entry) {
    Meanwhile clock([&](int pause) {
      if (pause == 2) entry.LetGo();
    });
    kept = next->Take(clock.Call(), "create", kDigest);
    EXPECT_EQ(clock.pauses(), 2);
    EXPECT_FALSE(cleaning->TryTake(name.id)) << "a thread of the same process does not take it either";
  });

  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->content().Reveal(), "order");
}

TEST_F(JournalTest, ShowsWhoHasAnEntry) {
  using Holder = Journal::Holder;
  const EntryName left = Leave("order");
  const auto living = Start();
  JournalEntry entry = living->Begin("create", kDigest);
  entry.Write(Secret("mine"));
  const auto other = Start();

  EXPECT_EQ(other->Look("create", left.id), Holder::kNobody);
  EXPECT_EQ(other->Look("create", entry.name().id), Holder::kRun);
  EXPECT_EQ(living->Look("create", entry.name().id), Holder::kRun);
  EXPECT_EQ(other->Look("renew", left.id), Holder::kNoEntry);
  EXPECT_EQ(other->Look("create", std::string(32, 'e')), Holder::kNoEntry);
}

TEST_F(JournalTest, EntryThatItsOwnerFinishedMeanwhileIsNotTaken) {
  const EntryName name = Leave("old");
  const auto first = Start();
  const auto second = Start();
  EXPECT_FALSE(second->TryTake("none", kDigest));  // it has looked by now

  first->TryTake("create", kDigest)->Remove();

  EXPECT_FALSE(second->TryTake("create", kDigest));
}

TEST_F(JournalTest, EntryThatIsLetGoCanBeTakenAgain) {
  Leave("the content");
  const auto journal = Start();

  journal->ForEachLeft([](JournalEntry entry) { entry.LetGo(); });

  EXPECT_TRUE(journal->TryTake("create", kDigest));
}

TEST_F(JournalTest, EntryThatDoesNotFitStaysForOthers) {
  Leave("one");
  Leave("two");
  const auto journal = Start();

  const auto two = journal->TryTake("create", kDigest, [](const Secret& content) { return content.Reveal() == "two"; });
  const auto one = journal->TryTake("create", kDigest);

  ASSERT_TRUE(two);
  EXPECT_EQ(two->content().Reveal(), "two");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->content().Reveal(), "one");
}

TEST_F(JournalTest, RemovedEntryIsGone) {
  const EntryName name = Leave("the content");

  Start()->TryTake(name.id)->Remove();

  EXPECT_THAT(Files(), ElementsAre("lock"));
}

TEST_F(JournalTest, PreviousKeyOpensAnEntry) {
  const EntryName name = Leave("the content");

  const auto taken = Start('b', {tests::TestKey('a')})->TryTake(name.id);

  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->content().Reveal(), "the content");
}

TEST_F(JournalTest, EntryOfAnUnknownKeyStaysAndIsToldOnce) {
  const EntryName name = Leave("the content");
  const auto journal = Start('b');

  EXPECT_FALSE(journal->TryTake(name.id));
  EXPECT_FALSE(journal->TryTake("create", kDigest));

  const auto notices = journal->TakeNotices();
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_THAT(notices[0].summary, HasSubstr(name.ToText()));
  EXPECT_THAT(notices[0].detail, HasSubstr("previous_sealing_keys"));
  EXPECT_THAT(journal->TakeNotices(), IsEmpty());
  EXPECT_THAT(Files(), ElementsAre(name.ToText(), "lock"));
}

TEST_F(JournalTest, FolderThatCannotBeWrittenIsToldOnce) {
  std::ofstream(data_) << "a file where the folder should be";
  const auto journal = Start();
  JournalEntry entry = journal->Begin("create", kDigest);

  entry.Write(Secret("one"));
  entry.Write(Secret("two"));
  entry.Remove();

  const auto notices = journal->TakeNotices();
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].summary, "The journal cannot be written");
  EXPECT_THAT(notices[0].detail, HasSubstr(data_.string()));
}

TEST_F(JournalTest, RemovesWhatAKilledProcessWasJustWriting) {
  const EntryName name = Leave("the content");
  std::ofstream(folder_ / ("." + name.ToText() + ".0011223344556677.tmp")) << "half";
  std::ofstream(folder_ / "README") << "not ours";

  (void)Start()->Begin("create", kDigest);

  EXPECT_THAT(Files(), ElementsAre("README", name.ToText(), "lock"));
}

TEST_F(JournalTest, FollowsNoSymbolicLinkToAnotherFolder) {
  std::filesystem::create_directories(temporary_.path() / "elsewhere");
  std::filesystem::create_directories(data_);
  std::filesystem::create_symlink(temporary_.path() / "elsewhere", folder_);
  const auto journal = Start();

  journal->Begin("create", kDigest).Write(Secret("content"));

  EXPECT_THAT(journal->TakeNotices(), SizeIs(1));
  EXPECT_TRUE(std::filesystem::is_empty(temporary_.path() / "elsewhere"));
}

TEST(EntryName, RoundTrips) {
  const EntryName name{.kind = "create", .digest = kDigest, .id = std::string(32, 'f')};

  const auto parsed = EntryName::Parse(name.ToText());

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->ToText(), name.ToText());
}

TEST(EntryName, IsNothingElse) {
  const std::string id(32, 'f');
  for (const std::string& text :
       {std::string(), std::string("lock"), "create-" + id, "-0123456789abcdef-" + id, "create-0123456789abcdeX-" + id,
        "create-0123456789abcdef-" + id + "f", "create-0123456789abcdef_" + id, ".create-0123456789abcdef-" + id + ".x.tmp",
        "../create-0123456789abcdef-" + id, "CREATE-0123456789abcdef-" + id}) {
    EXPECT_FALSE(EntryName::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
// docs/guides/troubleshooting.md has an entry for each diagnostic: a heading of the third level that is its summary.
#include "tests/support/summaries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::SummariesIn;

// The summaries, each with the file that gives it.
std::map<std::string, std::string> Summaries() {
  std::map<std::string, std::string> summaries;
  for (const char* folder : {"schema", "resources", "provider"}) {
    for (const auto& file : testing_support::SourceFiles(folder)) {
      for (const std::string& summary : SummariesIn(file)) summaries.emplace(summary, file.path);
    }
  }
  return summaries;
}

// Heading to text, of the third level.
std::map<std::string, std::string> Entries() {
  std::ifstream guide(testing_support::SourceRoot() / "docs/guides/troubleshooting.md");
  std::map<std::string, std::string> entries;
  std::string* text = nullptr;
  for (std::string line; std::getline(guide, line);) {
    if (line.starts_with("#")) {
      text = line.starts_with("### ") ? &entries[line.substr(4)] : nullptr;
    } else if (text != nullptr) {
      text->append(line);
    }
  }
  return entries;
}

TEST(Troubleshooting, EachDiagnosticHasAnEntry) {
  const auto entries = Entries();

  for (const auto& [summary, place] : Summaries()) {
    EXPECT_TRUE(entries.contains(summary)) << place << " says \"" << summary
                                           << "\": add a heading of that text to docs/guides/troubleshooting.md";
  }
}

TEST(Troubleshooting, EachEntryIsGivenAndSaysSomething) {
  const auto summaries = Summaries();

  ASSERT_THAT(Entries(), ::testing::Not(IsEmpty()));
  for (const auto& [heading, text] : Entries()) {
    EXPECT_TRUE(summaries.contains(heading)) << "no source gives \"" << heading << '"';
    EXPECT_FALSE(text.empty()) << heading;
  }
}

TEST(SummariesIn, FindsTextsAcrossLinesAndValuesInThem) {
  EXPECT_THAT(SummariesIn({"resources/x.cc",
                           {"  diagnostics.Error(", "      \"Two \" \"parts\", \"detail, with (comma\", path);",
                            "  diagnostics_.Warning(Cat(\"Not removed: \", all[i].name(1, 2), \" here\"), error);",
                            "  result.diagnostics.Error(base::Cat(name, \" is wrong\"), problem);"}}),
              ElementsAre("Two parts", "Not removed: … here", "… is wrong"));
}

TEST(SummariesIn, FollowsAVariableAndTheJournalsNotices) {
  EXPECT_THAT(SummariesIn({"resources/x.cc",
                           {"  const std::string summary = Cat(\"Unseen: \", kind);", "  diagnostics->Error(summary, error);",
                            "  Tell(name.id, {Cat(\"Unreadable: \", path),", "    \"detail\"});",
                            "  journal_->Tell(\"unwritable\", {\"Unwritable\", \"detail\"});"}}),
              ElementsAre("Unseen: …", "Unreadable: …", "Unwritable"));
}

TEST(SummariesIn, SaysWhatItCannotRead) {
  EXPECT_THAT(SummariesIn({"resources/x.cc", {"  diagnostics.Error(SummaryOf(error), error);"}}),
              ElementsAre("? SummaryOf(error)"));
}

TEST(SummariesIn, LeavesTheLogAndCommentsOut) {
  EXPECT_THAT(SummariesIn({"resources/x.cc", {"  // diagnostics.Error(\"no\", x);", "  call.log.Error(\"call failed\", {});"}}),
              IsEmpty());
}

}  // namespace

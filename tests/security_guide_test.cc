// SPDX-License-Identifier: MPL-2.0
// docs/guides/security.md is what a reviewer relies on: each of its statements names tests, and those tests exist.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/text.h"
#include "tests/support/source_tree.h"

namespace tests {
namespace {

using testing_support::SourceFile;
using testing_support::SourceFiles;

// "Suite.Name" of all C++ tests, and the names of all Python files.
std::set<std::string> CollectTests() {
  std::set<std::string> names;
  const std::regex test(R"(TEST(?:_F|_P)?\((\w+), (\w+)\))");
  for (const SourceFile& file : SourceFiles("tests", {".cc", ".h"})) {
    const std::string text = base::Join(file.lines, "\n");
    for (std::sregex_iterator one(text.begin(), text.end(), test), end; one != end; ++one) {
      names.insert(base::Cat((*one)[1].str(), ".", (*one)[2].str()));
    }
  }
  for (const SourceFile& file : SourceFiles("tests", {".py"})) names.insert(file.path.substr(file.path.rfind('/') + 1));
  return names;
}

TEST(SecurityGuide, NamesTestsThatExist) {
  std::string guide;
  for (const SourceFile& file : SourceFiles("docs/guides", {".md"})) {
    if (file.path == "docs/guides/security.md") guide = base::Join(file.lines, "\n");
  }
  const std::set<std::string> tests = CollectTests();
  const std::regex bracket(R"(\[((?:`[\w.]+`(?:,\s+)?)+)\])");
  const std::regex name("`([^`]+)`");
  int count = 0;

  for (std::sregex_iterator one(guide.begin(), guide.end(), bracket), end; one != end; ++one) {
    const std::string inside = (*one)[1].str();
    for (std::sregex_iterator named(inside.begin(), inside.end(), name); named != end; ++named) {
      if ((*named)[1] == "Suite.Name") continue;
      EXPECT_TRUE(tests.contains((*named)[1].str())) << (*named)[1];
      ++count;
    }
  }
  EXPECT_GT(count, 40);
}

}  // namespace
}  // namespace tests

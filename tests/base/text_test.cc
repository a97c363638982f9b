// SPDX-License-Identifier: MPL-2.0
#include "base/text.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Printable, ReplacesControlCharactersAndBrokenUtf8) {
  EXPECT_EQ(Printable("a\r\nb\x1b[31m", 100), "a  b [31m");
  EXPECT_EQ(Printable("caf\xc3\xa9 \xff\xc3", 100), "caf\xc3\xa9 ??");
}

// Terminals take U+009B for the start of a command, as they take ESC [.
TEST(Printable, ReplacesControlCharactersOfTwoBytes) {
  EXPECT_EQ(Printable("a\xC2\x9B"
                      "31m \xC2\xA0",
                      100),
            "a 31m \xC2\xA0");
}

TEST(Printable, CutsAtTheLimitBetweenCharacters) { EXPECT_EQ(Printable("a\xc3\xa9z", 2), "a…"); }

TEST(ReplaceInvalidUtf8, KeepsEverythingElse) {
  EXPECT_EQ(ReplaceInvalidUtf8("a\n\xc3\xa9\xff\xe2\x82"), "a\n\xc3\xa9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Split, KeepsEmptyPieces) { EXPECT_EQ(Split("a,,b", ','), (std::vector<std::string>{"a", "", "b"})); }

TEST(Trim, RemovesBlanksAtBothSides) { EXPECT_EQ(Trim(" \t a b\r\n"), "a b"); }

TEST(Cat, JoinsTextAndNumbers) { EXPECT_EQ(Cat("port ", 53, '!'), "port 53!"); }

// They show other text in another order, or hide it.
TEST(Printable, ReplacesWhatIsNotSeen) {
  EXPECT_EQ(Printable("a\xE2\x80\xAE"
                      "b\xE2\x81\xA6"
                      "c\xE2\x80\x8B"
                      "d\xEF\xBB\xBF"
                      "e\xF3\xA0\x81\x81",
                      100),
            "a?b?c?d?e?");
  EXPECT_EQ(Printable("M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80", 100), "M\xC3\xBCller \xE2\x82\xAC \xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace base

// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/txt_content.h"

#include <gtest/gtest.h>

namespace tests {
namespace {

using engine::dns::QuoteTxt;
using engine::dns::UnquoteTxt;

TEST(TxtContent, QuotesAndUnquotesAnyValue) {
  for (const std::string value : {"", "abc", "a b", "a\"b", "a\\b", "\\", "\"", "a;b"}) {
    EXPECT_EQ(UnquoteTxt(QuoteTxt(value)), value);
  }
  EXPECT_EQ(QuoteTxt("a\"b\\c"), "\"a\\\"b\\\\c\"");
}

TEST(TxtContent, JoinsCharacterStrings) { EXPECT_EQ(UnquoteTxt("\"abc\" \"def\""), "abcdef"); }

TEST(TxtContent, ReadsDecimalEscapes) { EXPECT_EQ(UnquoteTxt("\"a\\059b\""), "a;b"); }

TEST(TxtContent, ATextWithoutQuotesIsItself) { EXPECT_EQ(UnquoteTxt("abc\\\"d"), "abc\\\"d"); }

TEST(TxtContent, ACutOffTextIsReadAsFarAsItGoes) {
  EXPECT_EQ(UnquoteTxt("\"abc"), "abc");
  EXPECT_EQ(UnquoteTxt("\"abc\\"), "abc\\");
  EXPECT_EQ(UnquoteTxt("\""), "");
}

}  // namespace
}  // namespace tests

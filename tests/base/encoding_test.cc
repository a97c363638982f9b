// SPDX-License-Identifier: MPL-2.0
#include "base/encoding.h"

#include <gtest/gtest.h>

namespace base {
namespace {

struct Vector {
  std::string bytes;
  std::string text;
};

// RFC 4648 section 10.
const Vector kRfc4648[] = {{"", ""},
                           {"f", "Zg=="},
                           {"fo", "Zm8="},
                           {"foo", "Zm9v"},
                           {"foob", "Zm9vYg=="},
                           {"fooba", "Zm9vYmE="},
                           {"foobar", "Zm9vYmFy"}};

TEST(Base64, AgreesWithRfc4648InBothDirections) {
  for (const Vector& vector : kRfc4648) {
    EXPECT_EQ(Base64(vector.bytes), vector.text);
    EXPECT_EQ(FromBase64(vector.text), vector.bytes) << vector.text;
  }
}

TEST(Base64, UsesPlusAndSlashWhereBase64UrlUsesDashAndUnderscore) {
  const std::string bytes = "\xfb\xff\xbe";

  EXPECT_EQ(Base64(bytes), "+/++");
  EXPECT_EQ(Base64Url(bytes), "-_--");
  EXPECT_EQ(FromBase64("-_--"), std::nullopt);
  EXPECT_EQ(FromBase64Url("+/++"), std::nullopt);
}

TEST(Base64, EveryByteSurvivesARoundTrip) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    EXPECT_EQ(FromBase64(Base64(bytes)), bytes);
    EXPECT_EQ(FromBase64Url(Base64Url(bytes)), bytes);
    EXPECT_EQ(FromHex(Hex(bytes)), bytes);
  }
}

TEST(FromBase64, RefusesWrongPadding) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm8", "Zm9v=", "Zm9v====", "Zg==Zg=="}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

TEST(FromBase64, RefusesNonZeroBitsBehindTheEnd) {
  EXPECT_EQ(FromBase64("Zh=="), std::nullopt);
  EXPECT_EQ(FromBase64("Zm9="), std::nullopt);
}

TEST(FromBase64, RefusesForeignCharacters) {
  for (const char* text : {"Zm9\n", "Zm 9", "Zm9\xc3", "Z*9v"}) EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  EXPECT_EQ(FromBase64(std::string_view("Zm9\0", 4)), std::nullopt);
}

TEST(Base64Url, HasNoPadding) {
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
}

TEST(FromBase64Url, RefusesPaddingCutsAndStrayBits) {
  for (const char* text : {"Zg==", "Z", "Zm9vY", "Zh", "Zm9"}) EXPECT_EQ(FromBase64Url(text), std::nullopt) << text;
}

TEST(Hex, IsLowerCase) { EXPECT_EQ(Hex(std::string_view("\x00\xab\xff", 3)), "00abff"); }

TEST(FromHex, TakesEitherCaseAndRefusesTheRest) {
  EXPECT_EQ(FromHex("aBfF"), "\xab\xff");
  EXPECT_EQ(FromHex(""), "");
  for (const char* text : {"a", "0g", "0x10", " a", "a "}) EXPECT_EQ(FromHex(text), std::nullopt) << text;
}

}  // namespace
}  // namespace base

// SPDX-License-Identifier: MPL-2.0
#include "schema/validators.h"

#include <gtest/gtest.h>

namespace schema {
namespace {

using cty::Path;
using cty::Type;
using cty::Value;

// The detail of the one diagnostic, empty when there is none.
std::string Complaint(const Validator& validator, const Value& value) {
  Diagnostics diagnostics;
  validator(value, Path::Of("x"), diagnostics);
  if (diagnostics.empty()) return "";
  EXPECT_EQ(diagnostics.items().size(), 1U);
  EXPECT_EQ(diagnostics.items()[0].summary, "Invalid value for x");
  EXPECT_EQ(diagnostics.items()[0].path, Path::Of("x"));
  return diagnostics.items()[0].detail;
}

std::string Complaint(const Validator& validator, const char* text) { return Complaint(validator, Value::String(text)); }

TEST(OneOf, NamesWhatIsAllowed) {
  EXPECT_EQ(Complaint(OneOf({"a", "b", "c"}), "b"), "");
  EXPECT_EQ(Complaint(OneOf({"a", "b", "c"}), "d"), "x must be \"a\", \"b\" or \"c\".");
  EXPECT_EQ(Complaint(OneOf({"a"}), ""), "x must be \"a\".");
}

TEST(IntegerBetween, WantsAWholeNumber) {
  const Validator validator = IntegerBetween(1, 65535);

  EXPECT_EQ(Complaint(validator, Value::Number(1)), "");
  EXPECT_EQ(Complaint(validator, Value::Number(65535)), "");
  EXPECT_EQ(Complaint(validator, Value::Number(0)), "x must be a whole number between 1 and 65535.");
  EXPECT_NE(Complaint(validator, Value::Number(*cty::NumberText::Parse("1.5"))), "");
  EXPECT_NE(Complaint(validator, Value::Number(*cty::NumberText::Parse("1e30"))), "");
}

TEST(LengthBetween, CountsOctets) {
  EXPECT_EQ(Complaint(LengthBetween(2, 3), "abc"), "");
  EXPECT_EQ(Complaint(LengthBetween(2, 3), "a"), "x must be between 2 and 3 characters long; it has 1.");
  EXPECT_EQ(Complaint(LengthBetween(4, 4), "abc"), "x must be 4 characters long; it has 3.");
  EXPECT_EQ(Complaint(LengthBetween(1, 3), ""), "x must not be empty.");
}

TEST(ElementsBetween, CountsListsSetsAndMaps) {
  const Value a = Value::String("a");
  const Value b = Value::String("b");

  EXPECT_EQ(Complaint(ElementsBetween(1, 2), Value::List(Type::String(), {a, b})), "");
  EXPECT_EQ(Complaint(ElementsBetween(1, 2), Value::List(Type::String(), {})), "x must not be empty.");
  EXPECT_EQ(Complaint(ElementsBetween(0, 1), Value::List(Type::String(), {a, b})),
            "x must have between 0 and 1 elements; it has 2.");
  EXPECT_NE(Complaint(ElementsBetween(2, 2), Value::Map(Type::String(), {{"k", a}})), "");
}

TEST(ElementsBetween, LeavesASetThatMayShrink) {
  const Value unknown = Value::Unknown(Type::String());

  EXPECT_EQ(Complaint(ElementsBetween(1, 1), Value::Set(Type::String(), {unknown, unknown})), "");
}

TEST(IsDuration, TakesGoDurations) {
  for (const char* text : {"90s", "2m", "1h30m", "500ms"}) EXPECT_EQ(Complaint(IsDuration(), text), "") << text;
  for (const char* text : {"", "2", "2 m", "m", "two"}) {
    EXPECT_EQ(Complaint(IsDuration(), text), "x must be a duration such as \"90s\", \"2m\" or \"1h30m\".") << text;
  }
}

TEST(IsHttpsUrl, WantsTlsExceptOnThisMachine) {
  for (const char* text : {"https://ca.test/dir", "http://localhost:14000/dir", "http://127.0.0.1/", "http://[::1]:80/"}) {
    EXPECT_EQ(Complaint(IsHttpsUrl(), text), "") << text;
  }
  for (const char* text : {"http://ca.test/dir", "http://127.evil.test/", "http://localhost.evil.test/"}) {
    EXPECT_TRUE(Complaint(IsHttpsUrl(), text).starts_with("x must start with \"https://\".")) << text;
  }
  for (const char* text : {"", "ca.test", "ftp://ca.test/", "https://user:pass@ca.test/"}) {
    const std::string complaint = Complaint(IsHttpsUrl(), text);
    EXPECT_NE(complaint.find("x must be a URL such as"), std::string::npos) << text;
    EXPECT_EQ(complaint.find("pass"), std::string::npos);
  }
}

TEST(IsEmailAddress, WantsOnePlainAddress) {
  for (const char* text : {"ops@example.com", "first.last+acme@mail.example.test"})
    EXPECT_EQ(Complaint(IsEmailAddress(), text), "") << text;
  for (const char* text : {"", "ops", "@example.com", "ops@", "ops@localhost", "mailto:ops@example.com", "Ops <ops@example.com>",
                           "a@example.com,b@example.com", "a b@example.com", "ops@-example.com", ".ops@example.com",
                           "ops.@example.com", "o..ps@example.com", "ops?cc=x@example.com", "o%70s@example.com"}) {
    EXPECT_NE(Complaint(IsEmailAddress(), text), "") << text;
  }
  EXPECT_EQ(Complaint(IsEmailAddress(), Value::String(std::string(64, 'a') + "@example.com")), "");
  EXPECT_NE(Complaint(IsEmailAddress(), Value::String(std::string(65, 'a') + "@example.com")), "");
}

TEST(IsSlug, WantsLowerCaseDigitsAndDashes) {
  for (const char* text : {"a", "lets-encrypt-1"}) EXPECT_EQ(Complaint(IsSlug(), text), "") << text;
  for (const char* text : {"", "A", "a_b", "a b", "é"}) EXPECT_NE(Complaint(IsSlug(), text), "") << text;
  EXPECT_EQ(Complaint(IsSlug(), std::string(64, 'a').c_str()), "");
  EXPECT_NE(Complaint(IsSlug(), std::string(65, 'a').c_str()), "");
}

}  // namespace
}  // namespace schema

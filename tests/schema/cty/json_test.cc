// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/json.h"

#include <gtest/gtest.h>

#include "tests/support/random_values.h"

namespace schema::cty {
namespace {

std::string WhyRefused(std::string_view json, const Type& type) {
  const auto value = FromJson(json, type, UnknownMembers::kRefused);
  if (value) return "(accepted)";
  EXPECT_EQ(value.error().kind, base::ErrorKind::kProtocol);
  return value.error().message;
}

const Type kObject = Type::Object({{"a", Type::Bool()}, {"m", Type::Map(Type::Object({{"n", Type::Number()}}))}});

TEST(ToJson, WritesTheFormOfState) {
  const Value value = Value::Object({{"text", Value::String("a\"\n")},
                                     {"number", Value::Number(*NumberText::Parse("12345678901234567890123"))},
                                     {"list", Value::List(Type::Bool(), {Value::Bool(true), Value::Null(Type::Bool())})},
                                     {"dynamic", Value::Dynamic(Value::String("x"))}});

  const auto json = ToJson(value);

  ASSERT_TRUE(json);
  EXPECT_EQ(*json,
            R"({"dynamic":{"value":"x","type":"string"},"list":[true,null],"number":12345678901234567890123,"text":"a\"\n"})");
}

TEST(ToJson, RefusesUnknownValuesWithTheirPath) {
  const auto json = ToJson(Value::Object({{"a", Value::List(Type::Bool(), {Value::Unknown(Type::Bool())})}}));

  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().kind, base::ErrorKind::kInvalid);
  EXPECT_EQ(json.error().message, "a[0]: an unknown value has no JSON form");
}

TEST(ToJson, RefusesTextThatIsNotUtf8) {
  const auto json = ToJson(Value::Object({{"a", Value::String("\xff")}}));

  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().message, "a: the text is not UTF-8");
}

TEST(FromJson, ReadsNumbersDigitByDigit) {
  for (const std::string_view text : {"12345678901234567890123", "0.1", "1e30", "-5", "18446744073709551616"}) {
    const auto read = FromJson(text, Type::Number(), UnknownMembers::kRefused);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->AsNumber(), *NumberText::Parse(text));
  }
}

TEST(FromJson, ReplacesEscapes) {
  const auto read =
      FromJson(R"( "\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\uD83D\uDE00é€😀" )", Type::String(), UnknownMembers::kRefused);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->AsString(), "\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001F600\u00e9\u20ac\U0001F600");
}

TEST(FromJson, RefusesTextThatJsonDoesNotAllow) {
  for (const std::string_view text :
       {R"("\x")", R"("\u12")", R"("\u12G4")", R"("\u+123")", R"("\uD83D")", R"("\uD83Dx")", R"("\uD83D\u0041")", R"("\uDE00")",
        "\"\n\"", "\"\xff\"", "\"\xc3\"", "\"\xed\xa0\x80\"", "\"", "\"\\", "'a'", "a", ""}) {
    EXPECT_EQ(WhyRefused(text, Type::String()), "not valid JSON") << text;
  }
  for (const std::string_view text :
       {"01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 2", "NaN", "Infinity", "nul", "nulll"}) {
    EXPECT_EQ(WhyRefused(text, Type::Number()), "not valid JSON") << text;
  }
  for (const std::string_view text : {"[true,]", "[,]", "[true true]", "[true}", "[", "{}]"}) {
    EXPECT_EQ(WhyRefused(text, Type::List(Type::Bool())), "not valid JSON") << text;
  }
  for (const std::string_view text :
       {R"({"a"})", R"({"a":})", R"({"a":true,})", R"({a:true})", R"({"a" true})", R"({"a":true)"}) {
    EXPECT_EQ(WhyRefused(text, kObject), "not valid JSON") << text;
  }
}

TEST(FromJson, FillsInAndDropsMembersOfAnotherSchema) {
  const auto read = FromJson(R"({"a":true,"gone":{"deep":[1]}})", kObject, UnknownMembers::kDropped);

  ASSERT_TRUE(read);
  EXPECT_EQ(read->Get("a"), Value::Bool(true));
  EXPECT_TRUE(read->Get("m").is_null());
}

TEST(FromJson, SaysWhichPartIsWrong) {
  EXPECT_EQ(WhyRefused(R"({"a":1,"m":null})", kObject), "a: a bool is required");
  EXPECT_EQ(WhyRefused(R"({"a":null,"m":{"k":{"n":true}}})", kObject), "m[\"k\"].n: a number is required");
  EXPECT_EQ(WhyRefused(R"({"a":null,"m":[]})", kObject), "m: an object is required");
  EXPECT_EQ(WhyRefused(R"({"a":null})", kObject), "attribute \"m\" is missing");
  EXPECT_EQ(WhyRefused(R"({"a":null,"m":null,"x":1})", kObject), "there is no attribute \"x\"");
  EXPECT_EQ(WhyRefused("{}", Type::List(Type::Bool())), "an array is required");
  EXPECT_EQ(WhyRefused("1", Type::String()), "a string is required");
  EXPECT_EQ(WhyRefused("\"x\"", Type::Number()), "a number is required");
  EXPECT_EQ(WhyRefused("[true]", Type::Tuple({})), "the tuple has another number of elements");
  EXPECT_EQ(WhyRefused("{\"value\":1}", Type::Dynamic()), "a type and a value are required");
  EXPECT_EQ(WhyRefused("{\"value\":1,\"type\":\"heap\"}", Type::Dynamic()), "the type of a dynamic value is malformed");
}

TEST(FromJson, RefusesEveryTruncation) {
  const std::string json = R"({"a":true,"m":{"k":{"n":1.5}}})";
  ASSERT_TRUE(FromJson(json, kObject, UnknownMembers::kRefused));

  for (std::size_t size = 0; size < json.size(); ++size)
    EXPECT_EQ(WhyRefused(json.substr(0, size), kObject), "not valid JSON") << size;
  EXPECT_EQ(WhyRefused(json + "1", kObject), "not valid JSON");
}

TEST(FromJson, StopsAt64Levels) {
  const std::string deep = std::string(100'000, '[');

  EXPECT_EQ(WhyRefused(deep, Type::Dynamic()), "the JSON text is nested too deep");
}

TEST(FromJson, ReadsWhatToJsonWrites) {
  tests::RandomValues random(42);
  for (int i = 0; i < 2000; ++i) {
    const Type type = random.NextType(3);
    const Value value = random.Next(type, false);
    const auto json = ToJson(value);
    ASSERT_TRUE(json) << json.error().message;

    const auto read = FromJson(*json, type, UnknownMembers::kRefused);

    ASSERT_TRUE(read) << *json << ' ' << read.error().message;
    ASSERT_TRUE(*read == value) << *json;
  }
}

}  // namespace
}  // namespace schema::cty

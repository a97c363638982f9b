// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/type.h"

#include <gtest/gtest.h>

namespace schema::cty {
namespace {

std::string Nested(std::size_t levels) {
  std::string json;
  for (std::size_t i = 0; i < levels; ++i) json += "[\"list\",";
  return json + "\"bool\"" + std::string(levels, ']');
}

TEST(Type, SpellsItselfAsTheProtocolDoes) {
  const Type type = Type::Object({{"b", Type::List(Type::String())},
                                  {"a", Type::Map(Type::Number())},
                                  {"c", Type::Tuple({Type::Bool(), Type::Dynamic()})},
                                  {"d", Type::Set(Type::Object({}))}});

  EXPECT_EQ(
      ToJson(type),
      R"(["object",{"a":["map","number"],"b":["list","string"],"c":["tuple",["bool","dynamic"]],"d":["set",["object",{}]]}])");
}

TEST(TypeFromJson, ReadsWhatToJsonWrites) {
  const Type type =
      Type::Object({{"é\"", Type::List(Type::String())}, {"t", Type::Tuple({Type::Bool(), Type::Set(Type::Dynamic())})}});

  const auto read = TypeFromJson(ToJson(type));

  ASSERT_TRUE(read);
  EXPECT_EQ(*read, type);
}

TEST(TypeFromJson, SkipsTheListOfOptionalAttributes) {
  const auto read = TypeFromJson(R"(["object",{"a":"bool"},["a"]])");

  ASSERT_TRUE(read);
  EXPECT_EQ(*read, Type::Object({{"a", Type::Bool()}}));
}

TEST(TypeFromJson, RefusesWhatIsNoType) {
  for (const std::string_view json :
       {"", "null", "\"text\"", "[]", "[\"list\"]", "[\"list\",\"bool\",1]", "[\"heap\",\"bool\"]", "[\"tuple\",\"bool\"]",
        "[\"object\",[]]", "[\"object\",{\"a\":1}]", "{\"a\":\"bool\"}", "[\"list\",\"bool\"", "\"bool\" \"bool\"",
        "[1,\"bool\"]", "[\"object\",{\"a\":\"bool\",\"a\":\"number\"}]"}) {
    const auto read = TypeFromJson(json);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().kind, base::ErrorKind::kProtocol);
  }
}

TEST(TypeFromJson, StopsAt64Levels) {
  EXPECT_TRUE(TypeFromJson(Nested(64)));
  EXPECT_FALSE(TypeFromJson(Nested(65)));
  EXPECT_FALSE(TypeFromJson(Nested(100'000)));
}

TEST(Type, FindsAttributesByName) {
  const Type type = Type::Object({{"b", Type::Bool()}, {"a", Type::Number()}});

  ASSERT_NE(type.Find("a"), nullptr);
  EXPECT_EQ(*type.Find("a"), Type::Number());
  EXPECT_EQ(type.Find("c"), nullptr);
}

TEST(Type, DiffersByKindElementAndName) {
  EXPECT_FALSE(Type::List(Type::Bool()) == Type::Set(Type::Bool()));
  EXPECT_FALSE(Type::List(Type::Bool()) == Type::List(Type::String()));
  EXPECT_FALSE(Type::Object({{"a", Type::Bool()}}) == Type::Object({{"b", Type::Bool()}}));
  EXPECT_FALSE(Type::Tuple({}) == Type::Object({}));
}

}  // namespace
}  // namespace schema::cty

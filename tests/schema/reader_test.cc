// SPDX-License-Identifier: MPL-2.0
#include "schema/reader.h"

#include <gtest/gtest.h>

#include "schema/schema.h"

namespace schema {
namespace {

using cty::Type;
using cty::Value;

Schema Sample() {
  std::vector<Attribute> inner;
  inner.push_back(String("zone").Required());
  Schema schema;
  schema.attributes.push_back(String("text").Optional());
  schema.attributes.push_back(String("secret").Optional().Sensitive());
  schema.attributes.push_back(Bool("flag").Optional());
  schema.attributes.push_back(Number("number").Optional());
  schema.attributes.push_back(List("texts", Type::String()).Optional());
  schema.attributes.push_back(Nested("one", Nesting::kSingle, inner).Optional());
  schema.attributes.push_back(Nested("map", Nesting::kMap, inner).Optional());
  return schema;
}

const Type kZone = Type::Object({{"zone", Type::String()}});

Value Zone(const char* zone) { return Value::ObjectOf(kZone, {{"zone", Value::String(zone)}}); }

class ReaderTest : public ::testing::Test {
 protected:
  Reader Of(Value::Members members) const {
    return Reader(schema_.attributes, Value::ObjectOf(schema_.ImpliedType(), std::move(members)));
  }
  const Schema schema_ = Sample();
};

TEST_F(ReaderTest, ReadsEachType) {
  const Reader reader =
      Of({{"text", Value::String("1m30s")},
          {"secret", Value::String("s")},
          {"flag", Value::Bool(true)},
          {"number", Value::Number(7)},
          {"texts", Value::List(Type::String(), {Value::String("a"), Value::Unknown(Type::String()), Value::String("b")})},
          {"one", Zone("z")},
          {"map", Value::Map(kZone, {{"k", Zone("m")}, {"n", Value::Null(kZone)}})}});

  EXPECT_EQ(reader.Text("text"), "1m30s");
  EXPECT_EQ(reader.Duration("text"), std::chrono::seconds(90));
  EXPECT_EQ(reader.SecretText("secret")->Reveal(), "s");
  EXPECT_EQ(reader.Flag("flag"), true);
  EXPECT_EQ(reader.Integer("number"), 7);
  EXPECT_EQ(reader.Texts("texts"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reader.Single("one")->Text("zone"), "z");
  ASSERT_EQ(reader.Nested("map").size(), 1U);
  EXPECT_EQ(reader.Nested("map")[0].Text("zone"), "m");
}

TEST_F(ReaderTest, NullAndUnknownReadAsAbsent) {
  const Value unknown = Value::Unknown(schema_.ImpliedType());
  for (const Reader& reader :
       {Of({}), Reader(schema_.attributes, unknown), Reader(schema_.attributes, Value::Null(unknown.type()))}) {
    EXPECT_EQ(reader.Text("text"), std::nullopt);
    EXPECT_FALSE(reader.SecretText("secret"));
    EXPECT_EQ(reader.Flag("flag"), std::nullopt);
    EXPECT_EQ(reader.Integer("number"), std::nullopt);
    EXPECT_EQ(reader.Duration("text"), std::nullopt);
    EXPECT_TRUE(reader.Texts("texts").empty());
    EXPECT_TRUE(reader.Nested("map").empty());
    EXPECT_FALSE(reader.Single("one"));
  }
}

TEST_F(ReaderTest, TellsNullFromUnknown) {
  const Reader reader = Of({{"flag", Value::Unknown(Type::Bool())}});

  EXPECT_TRUE(reader.IsUnknown("flag") && !reader.IsNull("flag"));
  EXPECT_TRUE(reader.IsNull("text") && !reader.IsUnknown("text"));
}

TEST_F(ReaderTest, HoldsSecretsApart) {
  const Reader reader = Of({{"secret", Value::String("s")}});

  EXPECT_DEATH((void)reader.Text("secret"), "sensitive");
  EXPECT_DEATH((void)reader.SecretText("text"), "sensitive");
  EXPECT_DEATH((void)reader.Text("misspelt"), "no attribute of this name");
}

}  // namespace
}  // namespace schema

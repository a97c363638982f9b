// SPDX-License-Identifier: MPL-2.0
#include "schema/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace schema {
namespace {

using cty::Path;
using cty::Type;
using cty::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Attribute> Credentials() {
  std::vector<Attribute> attributes;
  attributes.push_back(String("user").Required());
  attributes.push_back(String("secret").Optional().WriteOnly());
  return attributes;
}

Schema Sample() {
  Schema schema;
  schema.attributes.push_back(String("name").Required());
  schema.attributes.push_back(String("token").Optional().WriteOnly());
  schema.attributes.push_back(List("names", Type::String()).Optional());
  schema.attributes.push_back(Nested("one", Nesting::kSingle, Credentials()).Optional());
  schema.attributes.push_back(Nested("list", Nesting::kList, Credentials()).Optional());
  schema.attributes.push_back(Nested("map", Nesting::kMap, Credentials()).Optional());
  return schema;
}

Value Login(const char* user) { return Value::Object({{"secret", Value::String("s3cret")}, {"user", Value::String(user)}}); }

Value Config(Value::Members members) { return Value::ObjectOf(Sample().ImpliedType(), std::move(members)); }

TEST(ImpliedType, FollowsTheNesting) {
  const Type login = Type::Object({{"secret", Type::String()}, {"user", Type::String()}});

  EXPECT_EQ(Sample().ImpliedType(), Type::Object({{"name", Type::String()},
                                                  {"token", Type::String()},
                                                  {"names", Type::List(Type::String())},
                                                  {"one", login},
                                                  {"list", Type::List(login)},
                                                  {"map", Type::Map(login)}}));
}

TEST(Find, GoesThroughNestingAndCollections) {
  const Schema schema = Sample();

  EXPECT_EQ(schema.Find(Path::Of("one").Attribute("user")), &schema.attributes[3].nested[0]);
  EXPECT_EQ(schema.Find(Path::Of("list").Index(2).Attribute("secret")), &schema.attributes[4].nested[1]);
  EXPECT_EQ(schema.Find(Path::Of("map").Key("k").Attribute("user")), &schema.attributes[5].nested[0]);
  EXPECT_EQ(schema.Find(Path::Of("names").Index(0)), &schema.attributes[2]);
  EXPECT_EQ(schema.Find(Path::Of("one").Attribute("other")), nullptr);
  EXPECT_EQ(schema.Find(Path::Of("name").Attribute("user")), nullptr);
  EXPECT_EQ(schema.Find(Path().Index(0)), nullptr);
  EXPECT_EQ(schema.Find(Path()), nullptr);
}

TEST(NullWriteOnly, ReachesEveryNesting) {
  const Value logins = Value::List(Login("a").type(), {Login("a"), Login("b")});
  const Value config = Config({{"name", Value::String("n")},
                               {"token", Value::String("t0ken")},
                               {"one", Login("o")},
                               {"list", logins},
                               {"map", Value::Map(Login("a").type(), {{"k", Login("m")}})}});

  const Value stripped = NullWriteOnly(Sample(), config);

  EXPECT_EQ(stripped.Get("name"), Value::String("n"));
  EXPECT_TRUE(stripped.Get("token").is_null());
  EXPECT_TRUE(stripped.Get("one").Get("secret").is_null());
  EXPECT_EQ(stripped.Get("one").Get("user"), Value::String("o"));
  for (const Value& login : stripped.Get("list").AsElements()) EXPECT_TRUE(login.Get("secret").is_null());
  EXPECT_TRUE(stripped.Get("map").AsMembers().at("k").Get("secret").is_null());
}

TEST(NullWriteOnly, KeepsUnknownContainers) {
  const Type login = Login("a").type();
  const Value config = Config({{"token", Value::Unknown(Type::String())},
                               {"one", Value::Unknown(login)},
                               {"list", Value::List(login, {Value::Unknown(login), Value::Null(login), Login("a")})},
                               {"map", Value::Unknown(Type::Map(login))}});

  const Value stripped = NullWriteOnly(Sample(), config);

  EXPECT_TRUE(stripped.Get("token").is_null());
  EXPECT_TRUE(stripped.Get("one").is_unknown());
  EXPECT_TRUE(stripped.Get("map").is_unknown());
  EXPECT_TRUE(stripped.Get("list").AsElements()[0].is_unknown());
  EXPECT_TRUE(stripped.Get("list").AsElements()[1].is_null());
  EXPECT_TRUE(stripped.Get("list").AsElements()[2].Get("secret").is_null());
}

TEST(NullWriteOnly, KeepsNullAndUnknownObjects) {
  EXPECT_TRUE(NullWriteOnly(Sample(), Value::Null(Sample().ImpliedType())).is_null());
  EXPECT_TRUE(NullWriteOnly(Sample(), Value::Unknown(Sample().ImpliedType())).is_unknown());
}

TEST(CheckSchema, FindsNothingInAGoodOne) { EXPECT_THAT(CheckSchema(Sample()), IsEmpty()); }

TEST(CheckSchema, NamesEachProblem) {
  Schema schema;
  schema.attributes.push_back(String("Bad-Name").Optional());
  schema.attributes.push_back(String("count").Optional());
  schema.attributes.push_back(String("none"));
  schema.attributes.push_back(String("both").Required().Computed());
  schema.attributes.push_back(String("twice").Optional());
  schema.attributes.push_back(String("twice").Optional());
  schema.attributes.push_back(String("wo").Optional().Computed().WriteOnly());
  schema.attributes.push_back(String("other").Default(Value::Bool(true)));
  schema.attributes.push_back(Set("any", Type::Dynamic()).Optional());
  schema.attributes.push_back(Nested("set", Nesting::kSet, Credentials()).Optional());

  EXPECT_THAT(CheckSchema(schema),
              ElementsAre("count: the name is one of Terraform's own",
                          "Bad-Name: a name is made of lower-case letters, digits and underscores",
                          "none: must be required, optional or computed", "both: required excludes optional and computed",
                          "twice: the name is used twice", "wo: a write-only attribute cannot be computed",
                          "other: the default is of another type", "any: a set cannot hold dynamic values",
                          "set.secret: a set cannot hold write-only attributes"));
}

}  // namespace
}  // namespace schema

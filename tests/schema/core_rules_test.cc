// SPDX-License-Identifier: MPL-2.0
// The test oracle itself: answers that Terraform 1.11.4 refused or took in trials.
#include "tests/support/core_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tests {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::Schema;
using schema::cty::Type;
using schema::cty::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Attribute> Inner() {
  std::vector<Attribute> inner;
  inner.push_back(schema::String("zone").Optional());
  inner.push_back(schema::String("id").Computed());
  inner.push_back(schema::String("secret").Optional().WriteOnly());
  return inner;
}

Schema CoreSample() {
  Schema schema;
  schema.attributes.push_back(schema::String("name").Required());
  schema.attributes.push_back(schema::String("note").Optional());
  schema.attributes.push_back(schema::String("size").Optional().Computed());
  schema.attributes.push_back(schema::String("id").Computed());
  schema.attributes.push_back(schema::String("token").Optional().WriteOnly());
  schema.attributes.push_back(schema::Nested("list", Nesting::kList, Inner()).Optional());
  schema.attributes.push_back(schema::Nested("map", Nesting::kMap, Inner()).Optional());
  return schema;
}

const Type kInner = schema::ImpliedObjectType(Inner());
const Value kUnknown = Value::Unknown(Type::String());

Value Text(const char* text) { return Value::String(text); }
Value Part(Value::Members members) { return Value::ObjectOf(kInner, std::move(members)); }
Value Object(Value::Members members) { return Value::ObjectOf(CoreSample().ImpliedType(), std::move(members)); }
Value Absent() { return Value::Null(CoreSample().ImpliedType()); }

std::vector<std::string> Plan(const Value& prior, const Value& config, const Value& planned) {
  return PlanViolations(CoreSample(), prior, config, planned);
}

TEST(PlanViolations, TakesAGoodPlan) {
  const Value config =
      Object({{"name", Text("n")}, {"list", Value::List(kInner, {Part({{"zone", Text("z")}, {"secret", Text("s")}})})}});
  const Value planned = Object({{"name", Text("n")},
                                {"size", kUnknown},
                                {"id", kUnknown},
                                {"list", Value::List(kInner, {Part({{"zone", Text("z")}, {"id", kUnknown}})})}});

  EXPECT_THAT(Plan(Absent(), config, planned), IsEmpty());
}

TEST(PlanViolations, ConfigSetValuesStayUnlessPriorMeansTheSame) {
  const Value config = Object({{"name", Text("N")}});

  EXPECT_THAT(Plan(Absent(), config, Object({{"name", Text("n")}})),
              ElementsAre("name: planned value does not match config value nor prior value"));
  EXPECT_THAT(Plan(Absent(), config, Object({{"name", kUnknown}})),
              ElementsAre("name: planned value does not match config value nor prior value"));
  EXPECT_THAT(Plan(Object({{"name", Text("n")}}), config, Object({{"name", Text("n")}})), IsEmpty());
}

TEST(PlanViolations, NullStaysNullUnlessComputed) {
  const Value config = Object({{"name", Text("n")}});

  EXPECT_THAT(Plan(Absent(), config, Object({{"name", Text("n")}, {"note", kUnknown}})),
              ElementsAre("note: planned value for a non-computed attribute"));
  EXPECT_THAT(Plan(Absent(), config, Object({{"name", Text("n")}, {"size", Text("any")}})), IsEmpty());
}

TEST(PlanViolations, WriteOnlyIsNull) {
  const Value config =
      Object({{"name", Text("n")}, {"token", Text("t")}, {"map", Value::Map(kInner, {{"k", Part({{"secret", Text("s")}})}})}});

  EXPECT_THAT(Plan(Absent(), config, config), ElementsAre("map[\"k\"].secret: returned a value for a write-only attribute",
                                                          "token: returned a value for a write-only attribute"));
}

TEST(PlanViolations, NestedObjectsAreAsManyAsInTheConfig) {
  const Value config =
      Object({{"name", Text("n")}, {"list", Value::List(kInner, {Part({})})}, {"map", Value::Map(kInner, {{"k", Part({})}})}});

  EXPECT_THAT(
      Plan(Absent(), config,
           Object({{"name", Text("n")}, {"list", Value::List(kInner, {})}, {"map", Value::Map(kInner, {{"x", Part({})}})}})),
      ElementsAre("list: count in plan disagrees with count in config",
                  "map: the keys in plan disagree with the keys in config"));
  EXPECT_THAT(Plan(Absent(), config, Object({{"name", Text("n")}, {"map", config.Get("map")}})),
              ElementsAre("list: planned for absence but config wants existence"));
}

TEST(PlanViolations, ExistenceFollowsTheConfig) {
  const Value config = Object({{"name", Text("n")}});

  EXPECT_THAT(Plan(config, Absent(), config), ElementsAre("planned for existence but config wants absence"));
  EXPECT_THAT(Plan(config, config, Absent()), ElementsAre("planned for absence but config wants existence"));
  EXPECT_THAT(Plan(config, Absent(), Absent()), IsEmpty());
}

TEST(ConformanceViolations, UnknownMayBecomeAnythingThatFits) {
  const Value planned = Value::Unknown(Type::String(), {.is_null = false, .string_prefix = "b-"});

  EXPECT_THAT(ConformanceViolations(planned, Text("b-1")), IsEmpty());
  EXPECT_THAT(ConformanceViolations(planned, kUnknown), IsEmpty());
  EXPECT_THAT(ConformanceViolations(planned, Text("c-1")), ElementsAre("does not fit what was known of the unknown value"));
  EXPECT_THAT(ConformanceViolations(planned, Value::Null(Type::String())),
              ElementsAre("does not fit what was known of the unknown value"));
  EXPECT_THAT(ConformanceViolations(kUnknown, Value::Null(Type::String())), IsEmpty());
}

TEST(ConformanceViolations, KnownStays) {
  const Value null = Value::Null(Type::String());

  EXPECT_THAT(ConformanceViolations(Object({{"name", Text("a")}}), Object({{"name", Text("b")}})),
              ElementsAre("name: has another value"));
  EXPECT_THAT(ConformanceViolations(Text("a"), kUnknown), ElementsAre("was known, but is now unknown"));
  EXPECT_THAT(ConformanceViolations(null, Text("a")), ElementsAre("was null, but is no longer"));
  EXPECT_THAT(ConformanceViolations(Text("a"), null), ElementsAre("was not null, but is now"));
}

TEST(ConformanceViolations, CollectionsKeepTheirShape) {
  const auto list = [](Value::Elements elements) { return Value::List(Type::String(), std::move(elements)); };
  const auto set = [](Value::Elements elements) { return Value::Set(Type::String(), std::move(elements)); };
  const auto map = [](Value::Members members) { return Value::Map(Type::String(), std::move(members)); };

  EXPECT_THAT(ConformanceViolations(list({Text("a")}), list({Text("a"), Text("b")})),
              ElementsAre("has another number of elements"));
  EXPECT_THAT(ConformanceViolations(map({{"k", Text("a")}}), map({{"n", Text("a")}})),
              ElementsAre("[\"k\"]: has vanished", "[\"n\"]: has appeared"));
  EXPECT_THAT(ConformanceViolations(set({kUnknown, Text("a")}), set({Text("a")})), IsEmpty());
  EXPECT_THAT(ConformanceViolations(set({Text("a")}), set({Text("a"), Text("b")})), ElementsAre("has more elements"));
  EXPECT_THAT(ConformanceViolations(set({Text("a")}), set({Text("b")})), ElementsAre("an element has vanished"));
}

TEST(StateViolations, WantsKnownValuesWithoutSecrets) {
  EXPECT_THAT(StateViolations(CoreSample(), Object({{"name", Text("n")}})), IsEmpty());
  EXPECT_THAT(StateViolations(CoreSample(), Object({{"id", kUnknown}, {"token", Text("t")}})),
              ElementsAre("token: returned a value for a write-only attribute", "id: is unknown"));
}

}  // namespace
}  // namespace tests

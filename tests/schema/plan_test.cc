// SPDX-License-Identifier: MPL-2.0
#include "schema/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace schema {
namespace {

using cty::Path;
using cty::Type;
using cty::Value;
using ::testing::ElementsAre;

std::vector<Attribute> Inner() {
  std::vector<Attribute> inner;
  inner.push_back(String("zone").Optional());
  inner.push_back(String("ttl").Default(Value::String("60")));
  inner.push_back(String("id").Computed());
  inner.push_back(String("secret").Optional().WriteOnly());
  return inner;
}

Schema PlannedSample() {
  Schema schema;
  schema.attributes.push_back(String("name").Required());
  schema.attributes.push_back(String("note").Optional());
  schema.attributes.push_back(String("token").Optional().WriteOnly());
  schema.attributes.push_back(String("size").Default(Value::String("small")));
  schema.attributes.push_back(String("region").Optional().Computed());
  schema.attributes.push_back(String("id").Computed());
  schema.attributes.push_back(Nested("one", Nesting::kSingle, Inner()).Optional());
  schema.attributes.push_back(Nested("list", Nesting::kList, Inner()).Optional());
  schema.attributes.push_back(Nested("map", Nesting::kMap, Inner()).Optional());
  schema.attributes.push_back(Nested("out", Nesting::kMap, Inner()).Computed());
  return schema;
}

const Schema kSample = PlannedSample();
const Type kInner = kSample.ImpliedType().Find("one") == nullptr ? Type::Bool() : *kSample.ImpliedType().Find("one");
const Value kUnknown = Value::Unknown(Type::String());
const Value kNull = Value::Null(Type::String());

Value Text(const char* text) { return Value::String(text); }
Value Object(Value::Members members) { return Value::ObjectOf(kSample.ImpliedType(), std::move(members)); }
Value Part(Value::Members members) { return Value::ObjectOf(kInner, std::move(members)); }

Value Planned(const Value& prior, const Value& config) {
  return PlanChange({.schema = kSample, .prior = prior, .config = config}, nullptr).planned;
}

Value Created(Value::Members config) {
  config.try_emplace("name", Text("n"));
  return Planned(Value::Null(kSample.ImpliedType()), Object(std::move(config)));
}

Value Prior(Value::Members more = {}) {
  for (const char* name : {"name", "region", "id"}) more.try_emplace(name, Text(name));
  more.try_emplace("size", Text("small"));
  more.try_emplace("out", Value::Map(kInner, {}));
  return Object(std::move(more));
}

Value Updated(const Value& prior, Value::Members config) {
  config.try_emplace("name", Text("name"));
  return Planned(prior, Object(std::move(config)));
}

TEST(PlanChange, DestroyPlansNullAndKeepsPrivateData) {
  const auto result =
      PlanChange({.schema = kSample, .prior = Prior(), .config = Value::Null(kSample.ImpliedType()), .prior_private = "kept"},
                 [](const PlanRequest&, PlanResult& plan) { plan.planned_private = "never called"; });

  EXPECT_TRUE(result.planned.is_null());
  EXPECT_EQ(result.planned_private, "kept");
}

TEST(PlanChange, CreateMarksComputedValuesUnknown) {
  const Value planned = Created({});

  EXPECT_EQ(planned.Get("name"), Text("n"));
  EXPECT_EQ(planned.Get("note"), kNull);
  EXPECT_EQ(planned.Get("size"), Text("small"));
  EXPECT_EQ(planned.Get("region"), kUnknown);
  EXPECT_EQ(planned.Get("id"), kUnknown);
  EXPECT_TRUE(planned.Get("out").is_unknown());
  EXPECT_TRUE(planned.Get("one").is_null());
}

TEST(PlanChange, CreateKeepsWhatTheConfigSets) {
  const Value refined = Value::Unknown(Type::String(), {.is_null = false, .string_prefix = "b-"});

  const Value planned = Created({{"size", Text("large")}, {"region", Text("eu")}, {"note", refined}});

  EXPECT_EQ(planned.Get("size"), Text("large"));
  EXPECT_EQ(planned.Get("region"), Text("eu"));
  EXPECT_EQ(planned.Get("note").refinement().string_prefix, "b-");
}

TEST(PlanChange, CreateFillsNestedObjects) {
  const Value expected = Part({{"zone", Text("z")}, {"ttl", Text("60")}, {"id", kUnknown}});
  const Value given = Part({{"zone", Text("z")}, {"secret", Text("s")}});

  const Value planned =
      Created({{"one", given}, {"list", Value::List(kInner, {given})}, {"map", Value::Map(kInner, {{"k", given}})}});

  EXPECT_EQ(planned.Get("one"), expected);
  EXPECT_EQ(planned.Get("list").AsElements()[0], expected);
  EXPECT_EQ(planned.Get("map").AsMembers().at("k"), expected);
}

TEST(PlanChange, UpdateKeepsPriorWhereTheConfigIsNull) {
  const Value planned = Updated(Prior({{"note", Text("old")}, {"size", Text("large")}}), {});

  EXPECT_EQ(planned.Get("id"), Text("id"));
  EXPECT_EQ(planned.Get("region"), Text("region"));
  EXPECT_EQ(planned.Get("note"), kNull);
  EXPECT_EQ(planned.Get("size"), Text("small"));
  EXPECT_EQ(planned.Get("out"), Value::Map(kInner, {}));
}

TEST(PlanChange, UpdateKeepsANullPriorNull) { EXPECT_EQ(Updated(Prior({{"region", kNull}}), {}).Get("region"), kNull); }

TEST(PlanChange, UpdateMatchesListsByIndexMapsByKeyAndSinglesDirectly) {
  const auto had = [](const char* id) { return Part({{"zone", Text("z")}, {"ttl", Text("60")}, {"id", Text(id)}}); };
  const Value given = Part({{"zone", Text("new")}});
  const auto expected = [](Value id) { return Part({{"zone", Text("new")}, {"ttl", Text("60")}, {"id", std::move(id)}}); };
  const Value prior = Prior({{"one", had("1")},
                             {"list", Value::List(kInner, {had("l0")})},
                             {"map", Value::Map(kInner, {{"gone", had("g")}, {"k", had("mk")}})}});

  const Value planned = Updated(prior, {{"one", given},
                                        {"list", Value::List(kInner, {given, given})},
                                        {"map", Value::Map(kInner, {{"k", given}, {"new", given}})}});

  EXPECT_EQ(planned.Get("one"), expected(Text("1")));
  EXPECT_EQ(planned.Get("list"), Value::List(kInner, {expected(Text("l0")), expected(kUnknown)}));
  EXPECT_EQ(planned.Get("map"), Value::Map(kInner, {{"k", expected(Text("mk"))}, {"new", expected(kUnknown)}}));
}

TEST(PlanChange, TheSecondPlanOfAnUnchangedConfigIsThePriorState) {
  const Value part = Part({{"zone", Text("z")}, {"ttl", Text("60")}, {"id", Text("1")}});
  const Value prior = Prior({{"one", part}, {"list", Value::List(kInner, {part})}, {"map", Value::Map(kInner, {{"k", part}})}});
  const Value given = Part({{"zone", Text("z")}, {"secret", Text("s")}});

  EXPECT_EQ(Updated(prior, {{"one", given},
                            {"list", Value::List(kInner, {given})},
                            {"map", Value::Map(kInner, {{"k", given}})},
                            {"token", Text("t")}}),
            prior);
}

TEST(PlanChange, KeepsUnknownContainers) {
  const Value planned = Created({{"one", Value::Unknown(kInner)},
                                 {"list", Value::List(kInner, {Value::Unknown(kInner)})},
                                 {"map", Value::Unknown(Type::Map(kInner))},
                                 {"token", kUnknown}});

  EXPECT_TRUE(planned.Get("one").is_unknown());
  EXPECT_TRUE(planned.Get("list").AsElements()[0].is_unknown());
  EXPECT_TRUE(planned.Get("map").is_unknown());
  EXPECT_EQ(planned.Get("token"), kNull);
}

TEST(PlanChange, StripsWhatTheHookLetThrough) {
  const auto result = PlanChange({.schema = kSample,
                                  .prior = Value::Null(kSample.ImpliedType()),
                                  .config = Object({{"name", Text("n")}, {"token", Text("t0ken")}})},
                                 [](const PlanRequest& request, PlanResult& plan) { plan.planned = request.config; });

  EXPECT_EQ(result.planned.Get("token"), kNull);
}

TEST(PlanChange, SetElementsKeepTheComputedValuesOfTheirPriorSelf) {
  Schema schema;
  std::vector<Attribute> inner;
  inner.push_back(String("zone").Required());
  inner.push_back(String("id").Computed());
  schema.attributes.push_back(Nested("set", Nesting::kSet, inner).Optional());
  const Type type = ImpliedObjectType(inner);
  const auto part = [&](const char* zone, Value id) {
    return Value::ObjectOf(type, {{"zone", Text(zone)}, {"id", std::move(id)}});
  };
  const auto object = [&](Value::Elements parts) { return Value::Object({{"set", Value::Set(type, std::move(parts))}}); };

  const auto result = PlanChange({.schema = schema,
                                  .prior = object({part("a", Text("1")), part("b", Text("2"))}),
                                  .config = object({part("b", kNull), part("c", kNull)})},
                                 nullptr);

  EXPECT_EQ(result.planned, object({part("b", Text("2")), part("c", kUnknown)}));
}

TEST(PlanChange, TheHookSaysWhatRequiresReplacement) {
  const auto result = PlanChange({.schema = kSample, .prior = Prior(), .config = Object({{"name", Text("other")}})},
                                 [](const PlanRequest&, PlanResult& plan) { plan.requires_replace.push_back(Path::Of("name")); });

  EXPECT_THAT(result.requires_replace, ElementsAre(Path::Of("name")));
}

TEST(PlanChange, AnotherSpellingPlansThePriorValue) {
  Schema schema;
  schema.attributes.push_back(
      String("name").Optional().NormalForm([](const Value& name) { return Value::String(base::ToLower(name.AsString())); }));
  const auto object = [&](const Value& name) { return Value::ObjectOf(schema.ImpliedType(), {{"name", name}}); };
  const auto planned = [&](const Value& prior, const Value& config) {
    return PlanChange({.schema = schema, .prior = prior, .config = object(config)}, nullptr).planned.Get("name");
  };

  EXPECT_EQ(planned(object(Text("a")), Text("A")), Text("a"));
  EXPECT_EQ(planned(object(Text("a")), Text("b")), Text("b"));
  EXPECT_EQ(planned(object(Text("a")), kNull), kNull);
  EXPECT_EQ(planned(object(kNull), Text("A")), Text("A"));
  EXPECT_TRUE(planned(object(Text("a")), kUnknown).is_unknown());
  EXPECT_EQ(planned(Value::Null(schema.ImpliedType()), Text("A")), Text("A"));
}

}  // namespace
}  // namespace schema

// SPDX-License-Identifier: MPL-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema/schema.h"
#include "schema/validators.h"

namespace schema {
namespace {

using cty::Path;
using cty::Type;
using cty::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Schema ValidatedSample() {
  const auto inner = [] {
    std::vector<Attribute> attributes;
    attributes.push_back(String("zone").Required().Check(LengthBetween(1, 5)));
    return attributes;
  };
  Schema schema;
  schema.attributes.push_back(String("name").Required().Check(IsSlug()));
  schema.attributes.push_back(Nested("one", Nesting::kSingle, inner()).Optional());
  schema.attributes.push_back(Nested("list", Nesting::kList, inner()).Optional().Check(ElementsBetween(1, 2)));
  schema.attributes.push_back(Nested("set", Nesting::kSet, inner()).Optional());
  schema.attributes.push_back(Nested("map", Nesting::kMap, inner()).Optional());
  return schema;
}

const Type kZone = Type::Object({{"zone", Type::String()}});

Value Zone(Value zone) { return Value::ObjectOf(kZone, {{"zone", std::move(zone)}}); }

std::vector<std::string> PathsOf(const Diagnostics& diagnostics) {
  std::vector<std::string> paths;
  for (const Diagnostic& one : diagnostics.items()) paths.push_back(one.path->ToText());
  return paths;
}

Diagnostics Validate(Value::Members members) {
  members.try_emplace("name", Value::String("n"));
  return ValidateConfig(ValidatedSample(), Value::ObjectOf(ValidatedSample().ImpliedType(), std::move(members)));
}

TEST(ValidateConfig, AcceptsAGoodConfig) { EXPECT_TRUE(Validate({{"one", Zone(Value::String("a"))}}).empty()); }

TEST(ValidateConfig, PointsIntoEveryNesting) {
  const Value bad = Zone(Value::String("too long"));
  const Value good = Zone(Value::String("ok"));

  const Diagnostics found = Validate({{"name", Value::String("No Slug")},
                                      {"one", bad},
                                      {"list", Value::List(kZone, {good, bad})},
                                      {"set", Value::Set(kZone, {bad})},
                                      {"map", Value::Map(kZone, {{"k", bad}})}});

  EXPECT_THAT(PathsOf(found), ElementsAre("name", "one.zone", "list[1].zone", "set.zone", "map[\"k\"].zone"));
}

TEST(ValidateConfig, WantsRequiredAttributesAtEveryLevel) {
  const Diagnostics found = Validate({{"name", Value::Null(Type::String())}, {"one", Zone(Value::Null(Type::String()))}});

  EXPECT_THAT(PathsOf(found), ElementsAre("name", "one.zone"));
  EXPECT_EQ(found.items()[1].summary, "Missing required argument");
}

TEST(ValidateConfig, LeavesUnknownPartsAlone) {
  const Value unknown = Value::Unknown(Type::String());

  EXPECT_THAT(PathsOf(Validate({{"name", unknown},
                                {"one", Value::Unknown(kZone)},
                                {"list", Value::List(kZone, {Value::Unknown(kZone), Zone(unknown)})},
                                {"set", Value::Unknown(Type::Set(kZone))},
                                {"map", Value::Unknown(Type::Map(kZone))}})),
              IsEmpty());
  EXPECT_TRUE(ValidateConfig(ValidatedSample(), Value::Unknown(ValidatedSample().ImpliedType())).empty());
  EXPECT_TRUE(ValidateConfig(ValidatedSample(), Value::Null(ValidatedSample().ImpliedType())).empty());
}

TEST(ValidateConfig, RefusesNullElements) {
  const Diagnostics found = Validate({{"list", Value::List(kZone, {Value::Null(kZone)})}});

  ASSERT_EQ(found.items().size(), 1U);
  EXPECT_EQ(found.items()[0].detail, "list[0] is null. Give it a value, or leave it out.");
}

TEST(ValidateConfig, RunsTheValidatorsOfTheContainerToo) {
  EXPECT_THAT(PathsOf(Validate({{"list", Value::List(kZone, {})}})), ElementsAre("list"));
}

}  // namespace
}  // namespace schema

// SPDX-License-Identifier: MPL-2.0
// Plans without a hook, over random schemas and configurations, held against Terraform's rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "schema/cty/walk.h"
#include "schema/plan.h"
#include "tests/support/core_rules.h"

namespace schema {
namespace {

using cty::Type;
using cty::Value;
using ::testing::IsEmpty;

class RandomSchemas {
 public:
  explicit RandomSchemas(std::uint32_t seed) : engine_(seed) {}

  std::vector<Attribute> NextAttributes(int depth, bool in_set) {
    std::vector<Attribute> attributes;
    for (int i = 0; i < 4; ++i) attributes.push_back(NextAttribute("a" + std::to_string(i), depth, in_set));
    return attributes;
  }

  // As Terraform would pass it: computed attributes null, required ones set.
  Value NextConfig(const std::vector<Attribute>& attributes) {
    Value::Members members;
    for (const Attribute& one : attributes) {
      const bool absent = (one.computed && !one.optional) || (!one.required && Below(3) == 0);
      members.emplace(one.name, absent ? Value::Null(one.ImpliedType()) : NextKnown(one));
    }
    return Value::Object(std::move(members));
  }

  // What an apply could have made of the plan.
  Value Completed(const Value& planned) {
    return Transform(planned, [&](const cty::Path&, const Value& part) {
      if (!part.is_unknown()) return part;
      return part.type() == Type::String() && Below(4) != 0 ? Value::String("made-" + std::to_string(Below(1000)))
                                                            : Value::Null(part.type());
    });
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }

  Attribute NextAttribute(std::string name, int depth, bool in_set) {
    const Nesting nesting = static_cast<Nesting>(depth == 0 ? 0 : Below(5));
    Attribute attribute = nesting == Nesting::kNone
                              ? Leaf(std::move(name))
                              : Nested(std::move(name), nesting, NextAttributes(depth - 1, in_set || nesting == Nesting::kSet));
    switch (Below(5)) {
      case 0:
        return std::move(attribute).Required();
      case 1:
        return std::move(attribute).Computed();
      case 2:
        return std::move(attribute).Optional().Computed();
      case 3:
        if (attribute.type == Type::String() && nesting == Nesting::kNone)
          return std::move(attribute).Default(Value::String("default"));
        if (!in_set && nesting == Nesting::kNone) return std::move(attribute).Optional().WriteOnly();
        break;
      default:
        break;
    }
    return std::move(attribute).Optional();
  }

  Attribute Leaf(std::string name) { return Below(4) == 0 ? List(std::move(name), Type::String()) : String(std::move(name)); }

  Value NextKnown(const Attribute& attribute) {
    if (attribute.nesting == Nesting::kSingle) return NextConfig(attribute.nested);
    if (attribute.type == Type::String() && attribute.nesting == Nesting::kNone)
      return Value::String("given-" + std::to_string(Below(3)));
    const Type type = attribute.ImpliedType();
    Value::Elements elements;
    Value::Members members;
    for (int i = Below(4); i > 0; --i) {
      const Value element = attribute.nesting == Nesting::kNone ? Value::String("e") : NextConfig(attribute.nested);
      elements.push_back(element);
      members.insert_or_assign("k" + std::to_string(Below(5)), element);
    }
    if (type.kind() == cty::Kind::kMap) return Value::Map(type.element(), std::move(members));
    if (type.kind() == cty::Kind::kSet) return Value::Set(type.element(), std::move(elements));
    return Value::List(type.element(), std::move(elements));
  }

  std::mt19937 engine_;
};

Value Plan(const Schema& schema, const Value& prior, const Value& config) {
  return PlanChange({.schema = schema, .prior = prior, .config = config}, nullptr).planned;
}

// The part of the config that comes from elsewhere and is not known yet.
Value WithUnknownTexts(const Value& config) {
  return Transform(config, [](const cty::Path&, const Value& part) {
    return part.is_known() && part.type() == Type::String() ? Value::Unknown(Type::String()) : part;
  });
}

// One schema of a seed, and what configures it.
struct Case {
  explicit Case(std::uint32_t seed)
      : random(seed), schema{.attributes = random.NextAttributes(2, false)}, absent(Value::Null(schema.ImpliedType())) {}

  Value NextConfig() { return random.NextConfig(schema.attributes); }

  RandomSchemas random;
  Schema schema;
  Value absent;
};

constexpr std::uint32_t kSeeds = 200;

TEST(PlanRules, CreatesAndUpdatesAreValid) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Case one(seed);
    ASSERT_THAT(CheckSchema(one.schema), IsEmpty());
    Value state = one.absent;
    for (int i = 0; i < 5; ++i) {
      const Value config = one.NextConfig();
      const Value planned = Plan(one.schema, state, config);
      EXPECT_THAT(tests::PlanViolations(one.schema, state, config, planned), IsEmpty());
      state = one.random.Completed(planned);
      EXPECT_THAT(tests::ConformanceViolations(planned, state), IsEmpty());
    }
  }
}

TEST(PlanRules, AnUnchangedConfigChangesNothing) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    Case one(seed);
    const Value config = one.NextConfig();
    const Value state = one.random.Completed(Plan(one.schema, one.absent, config));

    EXPECT_TRUE(Plan(one.schema, state, config) == state) << seed;
  }
}

TEST(PlanRules, WhatBecomesKnownAgreesWithTheFirstPlan) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Case one(seed);
    const Value before = one.random.Completed(Plan(one.schema, one.absent, one.NextConfig()));
    const Value config = one.NextConfig();
    for (const Value& prior : {one.absent, before}) {
      const Value first = Plan(one.schema, prior, WithUnknownTexts(config));
      EXPECT_THAT(tests::PlanViolations(one.schema, prior, WithUnknownTexts(config), first), IsEmpty());
      EXPECT_THAT(tests::ConformanceViolations(first, Plan(one.schema, prior, config)), IsEmpty());
    }
  }
}

}  // namespace
}  // namespace schema

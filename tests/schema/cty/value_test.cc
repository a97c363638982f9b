// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/value.h"

#include <gtest/gtest.h>

namespace schema::cty {
namespace {

TEST(Value, NullUnknownAndKnownDiffer) {
  const Value null = Value::Null(Type::String());
  const Value unknown = Value::Unknown(Type::String());
  const Value known = Value::String("");

  EXPECT_TRUE(null.is_null() && !null.is_unknown() && !null.is_known() && null.is_wholly_known());
  EXPECT_TRUE(!unknown.is_null() && unknown.is_unknown() && !unknown.is_known() && !unknown.is_wholly_known());
  EXPECT_TRUE(known.is_known() && known.is_wholly_known());
  EXPECT_FALSE(null == unknown);
  EXPECT_FALSE(null == known);
}

TEST(Value, NullOfAnotherTypeIsAnotherValue) { EXPECT_FALSE(Value::Null(Type::String()) == Value::Null(Type::Bool())); }

TEST(Value, IsNotWhollyKnownWithAnUnknownPartAnywhere) {
  const Value deep = Value::Object(
      {{"a", Value::List(Type::Map(Type::String()), {Value::Map(Type::String(), {{"k", Value::Unknown(Type::String())}})})}});

  EXPECT_TRUE(deep.is_known());
  EXPECT_FALSE(deep.is_wholly_known());
  EXPECT_FALSE(Value::Dynamic(deep).is_wholly_known());
}

TEST(Value, UnknownsAreEqualWhateverIsKnownOfThem) {
  const Value refined = Value::Unknown(Type::String(), Refinement{.is_null = false, .string_prefix = "b-"});

  EXPECT_TRUE(refined == Value::Unknown(Type::String()));
  EXPECT_EQ(refined.refinement().string_prefix, "b-");
  EXPECT_EQ(Value::Unknown(Type::String()).refinement(), Refinement{});
}

TEST(Value, SetsAreSortedAndWithoutDuplicates) {
  const Value a = Value::Set(Type::String(), {Value::String("b"), Value::String("a"), Value::String("b")});
  const Value b = Value::Set(Type::String(), {Value::String("a"), Value::String("b")});

  EXPECT_TRUE(a == b);
  EXPECT_EQ(a.AsElements().size(), 2U);
}

TEST(Value, SetsKeepEachUnknownElement) {
  const Value set = Value::Set(Type::String(), {Value::Unknown(Type::String()), Value::Unknown(Type::String())});

  EXPECT_EQ(set.AsElements().size(), 2U);
}

TEST(Value, ObjectOfFillsInNulls) {
  const Type type = Type::Object({{"a", Type::Bool()}, {"b", Type::Number()}});

  const Value object = Value::ObjectOf(type, {{"a", Value::Bool(true)}});

  EXPECT_TRUE(object.Get("b").is_null());
  EXPECT_EQ(object, Value::Object({{"a", Value::Bool(true)}, {"b", Value::Null(Type::Number())}}));
}

TEST(Value, GetOfAnAbsentObjectIsAbsentToo) {
  const Type type = Type::Object({{"a", Type::Bool()}});

  EXPECT_TRUE(Value::Null(type).Get("a").is_null());
  EXPECT_TRUE(Value::Unknown(type).Get("a").is_unknown());
}

TEST(Value, WithReplacesOneMemberInACopy) {
  const Value before = Value::Object({{"a", Value::Number(1)}, {"b", Value::Number(2)}});

  const Value after = before.With("a", Value::Unknown(Type::Number()));

  EXPECT_EQ(before.Get("a"), Value::Number(1));
  EXPECT_TRUE(after.Get("a").is_unknown());
  EXPECT_EQ(after.Get("b"), Value::Number(2));
  EXPECT_FALSE(after.is_wholly_known());
}

TEST(Value, OrderIsTotal) {
  const Value::Elements ascending = {Value::Null(Type::String()), Value::Unknown(Type::String()), Value::String("a"),
                                     Value::String("b")};

  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t k = 0; k < ascending.size(); ++k) EXPECT_EQ(ascending[i] < ascending[k], i < k) << i << ' ' << k;
  }
}

}  // namespace
}  // namespace schema::cty

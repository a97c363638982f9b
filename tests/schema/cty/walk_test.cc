// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/walk.h"

#include <gtest/gtest.h>

namespace schema::cty {
namespace {

Value Sample() {
  return Value::Object({{"list", Value::List(Type::String(), {Value::String("a"), Value::String("b")})},
                        {"map", Value::Map(Type::Number(), {{"k", Value::Number(1)}})},
                        {"set", Value::Set(Type::String(), {Value::String("s")})},
                        {"dynamic", Value::Dynamic(Value::Tuple({Value::Bool(true)}))},
                        {"unknown", Value::Unknown(Type::List(Type::String()))}});
}

TEST(Visit, NamesEveryPart) {
  std::vector<std::string> paths;
  Visit(Sample(), [&](const Path& path, const Value&) {
    paths.push_back(path.ToText());
    return Descent::kInto;
  });

  EXPECT_EQ(paths, (std::vector<std::string>{"", "dynamic", "dynamic", "dynamic[0]", "list", "list[0]", "list[1]", "map",
                                             "map[\"k\"]", "set", "set", "unknown"}));
}

TEST(Visit, StaysOutOfWhatIsPassed) {
  int visited = 0;
  Visit(Sample(), [&](const Path&, const Value&) {
    ++visited;
    return Descent::kPast;
  });

  EXPECT_EQ(visited, 1);
}

TEST(Transform, ReplacesPartsAndKeepsTheRest) {
  const Value changed = Transform(Sample(), [](const Path&, const Value& part) {
    return part.is_known() && part.type() == Type::String() ? Value::String("x" + part.AsString()) : part;
  });

  EXPECT_EQ(changed.Get("list"), Value::List(Type::String(), {Value::String("xa"), Value::String("xb")}));
  EXPECT_EQ(changed.Get("set"), Value::Set(Type::String(), {Value::String("xs")}));
  EXPECT_EQ(changed.Get("map"), Sample().Get("map"));
  EXPECT_TRUE(changed.Get("unknown").is_unknown());
}

}  // namespace
}  // namespace schema::cty

// SPDX-License-Identifier: MPL-2.0
// Values of every kind, drawn from a seeded generator: the same seed gives the same values.
#pragma once

#include <random>
#include <string>

#include "schema/cty/value.h"

namespace tests {

class RandomValues {
 public:
  explicit RandomValues(std::uint32_t seed) : engine_(seed) {}

  schema::cty::Type NextType(int depth) {
    using schema::cty::Type;
    switch (Below(depth == 0 ? 3 : 9)) {
      case 0:
        return Type::Bool();
      case 1:
        return Type::Number();
      case 2:
        return Type::String();
      case 3:
        return Type::List(NextType(depth - 1));
      case 4:
        return Type::Set(NextType(depth - 1));
      case 5:
        return Type::Map(NextType(depth - 1));
      case 6:
        return Type::Tuple({NextType(depth - 1), NextType(depth - 1)});
      case 7:
        return Type::Object({{"a", NextType(depth - 1)}, {"b", NextType(depth - 1)}});
      default:
        return Type::Dynamic();
    }
  }

  schema::cty::Value Next(const schema::cty::Type& type, bool unknowns) {
    using schema::cty::Value;
    if (Below(8) == 0) return Value::Null(type);
    if (unknowns && Below(8) == 0) return Value::Unknown(type, NextRefinement(type));
    return NextKnown(type, unknowns);
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }

  std::string NextText() {
    std::string text;
    for (int i = Below(40); i > 0; --i) text.append(Below(10) == 0 ? "é" : std::string(1, static_cast<char>('!' + Below(90))));
    return text;
  }

  schema::cty::NumberText NextNumber() {
    std::string text = Below(2) == 0 ? "-" : "";
    for (int i = Below(30); i >= 0; --i) text.push_back(static_cast<char>('0' + Below(10)));
    if (Below(3) == 0) text.append(".").append(std::to_string(Below(1000)));
    if (Below(6) == 0) text.append("e").append(std::to_string(Below(500) - 250));
    return *schema::cty::NumberText::Parse(text);
  }

  schema::cty::Refinement NextRefinement(const schema::cty::Type& type) {
    schema::cty::Refinement refinement;
    if (Below(2) == 0) return refinement;
    refinement.is_null = false;
    if (type.kind() == schema::cty::Kind::kString) refinement.string_prefix = NextText();
    if (type.kind() == schema::cty::Kind::kNumber) refinement.minimum.emplace(NextNumber(), Below(2) == 0);
    if (type.is_collection()) refinement.maximum_length = Below(1'000'000);
    return refinement;
  }

  schema::cty::Value::Elements NextElements(const schema::cty::Type& element, bool unknowns) {
    schema::cty::Value::Elements elements;
    for (int i = Below(4); i > 0; --i) elements.push_back(Next(element, unknowns));
    return elements;
  }

  schema::cty::Value NextKnown(const schema::cty::Type& type, bool unknowns) {
    using schema::cty::Kind;
    using schema::cty::Value;
    Value::Elements elements;
    Value::Members members;
    switch (type.kind()) {
      case Kind::kBool:
        return Value::Bool(Below(2) == 0);
      case Kind::kNumber:
        return Value::Number(NextNumber());
      case Kind::kString:
        return Value::String(NextText());
      case Kind::kDynamic:
        return NextDynamic(unknowns);
      case Kind::kList:
        return Value::List(type.element(), NextElements(type.element(), unknowns));
      case Kind::kSet:
        return Value::Set(type.element(), NextElements(type.element(), unknowns));
      case Kind::kTuple:
        for (const auto& one : type.elements()) elements.push_back(Next(one, unknowns));
        return Value::Tuple(std::move(elements));
      case Kind::kMap:
        for (int i = Below(4); i > 0; --i) members.insert_or_assign(NextText(), Next(type.element(), unknowns));
        return Value::Map(type.element(), std::move(members));
      case Kind::kObject:
        for (const auto& [name, one] : type.attributes()) members.emplace(name, Next(one, unknowns));
        return Value::ObjectOf(type, std::move(members));
    }
    return Value::Null(type);
  }

  schema::cty::Value NextDynamic(bool unknowns) {
    schema::cty::Type inner = NextType(1);
    while (inner.kind() == schema::cty::Kind::kDynamic) inner = NextType(1);
    return schema::cty::Value::Dynamic(Next(inner, unknowns));
  }

  std::mt19937 engine_;
};

}  // namespace tests

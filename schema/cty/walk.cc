// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/walk.h"

namespace schema::cty {
namespace {

Step MemberStep(const Value& container, const std::string& name) {
  return container.type().kind() == Kind::kObject ? Step(AttributeStep{name}) : Step(KeyStep{name});
}

class Visitor {
 public:
  explicit Visitor(const std::function<Descent(const Path&, const Value&)>& visit) : visit_(visit) {}

  void Go(const Value& value) {
    if (visit_(path_, value) == Descent::kPast || !value.is_known()) return;
    switch (value.type().kind()) {
      case Kind::kList:
      case Kind::kTuple:
        return GoThroughElements(value);
      case Kind::kSet:
        for (const Value& element : value.AsElements()) Go(element);
        return;
      case Kind::kMap:
      case Kind::kObject:
        return GoThroughMembers(value);
      case Kind::kDynamic:
        return Go(value.AsInner());
      default:
        return;
    }
  }

 private:
  void GoThroughElements(const Value& value) {
    std::int64_t index = 0;
    for (const Value& element : value.AsElements()) {
      path_.Push(IndexStep{index++});
      Go(element);
      path_.Pop();
    }
  }

  void GoThroughMembers(const Value& value) {
    for (const auto& [name, member] : value.AsMembers()) {
      path_.Push(MemberStep(value, name));
      Go(member);
      path_.Pop();
    }
  }

  const std::function<Descent(const Path&, const Value&)>& visit_;  // borrowed; outlives this
  Path path_;
};

class Transformer {
 public:
  explicit Transformer(const std::function<Value(const Path&, const Value&)>& replace) : replace_(replace) {}

  Value Go(const Value& value) { return replace_(path_, value.is_known() ? WithParts(value) : value); }

 private:
  Value WithParts(const Value& value) {
    switch (value.type().kind()) {
      case Kind::kList:
        return Value::List(value.type().element(), Elements(value));
      case Kind::kTuple:
        return Value::Tuple(Elements(value));
      case Kind::kSet:
        return Value::Set(value.type().element(), SetElements(value));
      case Kind::kMap:
        return Value::Map(value.type().element(), Members(value));
      case Kind::kObject:
        return Value::ObjectOf(value.type(), Members(value));
      case Kind::kDynamic:
        return Value::Dynamic(Go(value.AsInner()));
      default:
        return value;
    }
  }

  Value::Elements Elements(const Value& value) {
    Value::Elements elements;
    for (const Value& element : value.AsElements()) {
      path_.Push(IndexStep{static_cast<std::int64_t>(elements.size())});
      elements.push_back(Go(element));
      path_.Pop();
    }
    return elements;
  }

  Value::Elements SetElements(const Value& value) {
    Value::Elements elements;
    for (const Value& element : value.AsElements()) elements.push_back(Go(element));
    return elements;
  }

  Value::Members Members(const Value& value) {
    Value::Members members;
    for (const auto& [name, member] : value.AsMembers()) {
      path_.Push(MemberStep(value, name));
      members.emplace_hint(members.end(), name, Go(member));
      path_.Pop();
    }
    return members;
  }

  const std::function<Value(const Path&, const Value&)>& replace_;  // borrowed; outlives this
  Path path_;
};

}  // namespace

void Visit(const Value& value, const std::function<Descent(const Path&, const Value&)>& visit) { Visitor(visit).Go(value); }

Value Transform(const Value& value, const std::function<Value(const Path&, const Value&)>& replace) {
  return Transformer(replace).Go(value);
}

}  // namespace schema::cty

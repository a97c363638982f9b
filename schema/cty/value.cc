// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/value.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <variant>

namespace schema::cty {

struct Value::Node {
  struct Null {};
  using Unknown = std::unique_ptr<const Refinement>;  // null when nothing is known: most are, and a Refinement is large
  using Content = std::variant<Null, Unknown, bool, NumberText, std::string, Elements, Members, Value>;

  Type type;
  Content content;
  bool wholly_known = true;
};

namespace {

bool AllWhollyKnown(const Value::Elements& elements) {
  return std::all_of(elements.begin(), elements.end(), [](const Value& one) { return one.is_wholly_known(); });
}

bool AllWhollyKnown(const Value::Members& members) {
  return std::all_of(members.begin(), members.end(), [](const auto& one) { return one.second.is_wholly_known(); });
}

// Our own bug otherwise: values of other types would be refused by Terraform with a message that names neither.
template <typename Range, typename Get>
bool AllOfType(const Range& range, const Type& type, Get get) {
  return std::all_of(range.begin(), range.end(), [&](const auto& one) { return get(one).type() == type; });
}

const auto kItself = [](const Value& one) -> const Value& { return one; };
const auto kSecond = [](const auto& one) -> const Value& { return one.second; };

}  // namespace

Value Value::Null(Type type) { return Value(std::make_shared<const Node>(Node{std::move(type), Node::Null{}})); }

Value Value::Unknown(Type type, Refinement refinement) {
  Node::Unknown known_of_it;
  if (refinement != Refinement{}) known_of_it = std::make_unique<const Refinement>(std::move(refinement));
  return Value(std::make_shared<const Node>(Node{std::move(type), std::move(known_of_it), false}));
}

Value Value::Bool(bool value) { return Value(std::make_shared<const Node>(Node{Type::Bool(), value})); }

Value Value::Number(NumberText value) { return Value(std::make_shared<const Node>(Node{Type::Number(), std::move(value)})); }

Value Value::Number(std::int64_t value) { return Number(NumberText(value)); }

Value Value::String(std::string value) { return Value(std::make_shared<const Node>(Node{Type::String(), std::move(value)})); }

Value Value::List(Type element, Elements elements) {
  assert(AllOfType(elements, element, kItself));
  const bool known = AllWhollyKnown(elements);
  return Value(std::make_shared<const Node>(Node{Type::List(std::move(element)), std::move(elements), known}));
}

Value Value::Set(Type element, Elements elements) {
  assert(AllOfType(elements, element, kItself));
  const bool known = AllWhollyKnown(elements);
  std::stable_sort(elements.begin(), elements.end());
  const auto same = [](const Value& a, const Value& b) { return a.is_wholly_known() && a == b; };
  elements.erase(std::unique(elements.begin(), elements.end(), same), elements.end());
  return Value(std::make_shared<const Node>(Node{Type::Set(std::move(element)), std::move(elements), known}));
}

Value Value::Map(Type element, Members members) {
  assert(AllOfType(members, element, kSecond));
  const bool known = AllWhollyKnown(members);
  return Value(std::make_shared<const Node>(Node{Type::Map(std::move(element)), std::move(members), known}));
}

Value Value::Tuple(Elements elements) {
  std::vector<Type> types;
  types.reserve(elements.size());
  for (const Value& one : elements) types.push_back(one.type());
  const bool known = AllWhollyKnown(elements);
  return Value(std::make_shared<const Node>(Node{Type::Tuple(std::move(types)), std::move(elements), known}));
}

Value Value::Object(Members members) {
  Type::Attributes types;
  types.reserve(members.size());
  for (const auto& [name, member] : members) types.emplace_back(name, member.type());
  const bool known = AllWhollyKnown(members);
  return Value(std::make_shared<const Node>(Node{Type::Object(std::move(types)), std::move(members), known}));
}

Value Value::ObjectOf(const Type& type, Members members) {
  assert(type.kind() == Kind::kObject);
  if (members.size() < type.attributes().size()) {
    for (const auto& [name, attribute] : type.attributes()) {
      if (!members.contains(name)) members.emplace(name, Null(attribute));
    }
  }
  assert(std::equal(members.begin(), members.end(), type.attributes().begin(), type.attributes().end(),
                    [](const auto& member, const auto& attribute) {
                      return member.first == attribute.first && member.second.type() == attribute.second;
                    }));
  const bool known = AllWhollyKnown(members);
  return Value(std::make_shared<const Node>(Node{type, std::move(members), known}));
}

Value Value::Dynamic(Value inner) {
  assert(inner.type().kind() != Kind::kDynamic);
  const bool known = inner.is_wholly_known();
  return Value(std::make_shared<const Node>(Node{Type::Dynamic(), std::move(inner), known}));
}

const Type& Value::type() const { return node_->type; }
bool Value::is_null() const { return std::holds_alternative<Node::Null>(node_->content); }
bool Value::is_unknown() const { return std::holds_alternative<Node::Unknown>(node_->content); }
bool Value::is_wholly_known() const { return node_->wholly_known; }

const Refinement& Value::refinement() const {
  static const Refinement nothing;
  assert(is_unknown());
  const auto& refined = std::get<Node::Unknown>(node_->content);
  return refined ? *refined : nothing;
}

// std::get throws where an accessor of another kind is called: our own bug, which the catch-all around each RPC reports.
bool Value::AsBool() const { return std::get<bool>(node_->content); }
const NumberText& Value::AsNumber() const { return std::get<NumberText>(node_->content); }
const std::string& Value::AsString() const { return std::get<std::string>(node_->content); }
const Value::Elements& Value::AsElements() const { return std::get<Elements>(node_->content); }
const Value::Members& Value::AsMembers() const { return std::get<Members>(node_->content); }
const Value& Value::AsInner() const { return std::get<Value>(node_->content); }

Value Value::Get(std::string_view member) const {
  if (is_known()) {
    const auto found = AsMembers().find(member);
    assert(found != AsMembers().end());
    return found->second;
  }
  const Type* type = node_->type.Find(member);
  assert(type != nullptr);
  return is_null() ? Null(*type) : Unknown(*type);
}

Value Value::With(std::string_view member, Value value) const {
  Members members = AsMembers();
  const auto place = members.find(member);
  assert(place != members.end() && place->second.type() == value.type());
  place->second = std::move(value);
  const bool known = AllWhollyKnown(members);
  return Value(std::make_shared<const Node>(Node{node_->type, std::move(members), known}));
}

namespace {

// Calls `compare` with the contents of two known values of one kind; false for null and unknown, which have none.
template <typename Content, typename Compare>
bool CompareContents(const Content& a, const Content& b, Compare compare) {
  return std::visit(
      [&](const auto& content) {
        using T = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<T, std::variant_alternative_t<0, Content>> ||
                      std::is_same_v<T, std::variant_alternative_t<1, Content>>) {
          return false;
        } else {
          return compare(content, std::get<T>(b));
        }
      },
      a);
}

struct Less {
  bool operator()(const NumberText& a, const NumberText& b) const { return a.text() < b.text(); }
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    return a < b;
  }
};

}  // namespace

bool operator==(const Value& a, const Value& b) {
  if (a.node_ == b.node_) return true;
  if (a.node_->content.index() != b.node_->content.index() || a.type() != b.type()) return false;
  return !a.is_known() || CompareContents(a.node_->content, b.node_->content, std::equal_to<>());
}

bool operator<(const Value& a, const Value& b) {
  if (a.node_ == b.node_) return false;
  if (a.node_->content.index() != b.node_->content.index()) return a.node_->content.index() < b.node_->content.index();
  return CompareContents(a.node_->content, b.node_->content, Less());
}

}  // namespace schema::cty

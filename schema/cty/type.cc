// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/type.h"

#include <algorithm>
#include <cassert>

namespace schema::cty {

struct Type::Node {
  Kind kind;
  std::vector<Type> elements{};  // one of a collection, any number of a tuple
  Attributes attributes{};
};

namespace {

bool NameIsLess(const std::pair<std::string, Type>& a, const std::pair<std::string, Type>& b) { return a.first < b.first; }

}  // namespace

// The primitives are one node each for the whole process, so that comparing them is comparing pointers.
Type Type::Bool() {
  static const auto node = std::make_shared<const Node>(Node{Kind::kBool});
  return Type(node);
}

Type Type::Number() {
  static const auto node = std::make_shared<const Node>(Node{Kind::kNumber});
  return Type(node);
}

Type Type::String() {
  static const auto node = std::make_shared<const Node>(Node{Kind::kString});
  return Type(node);
}

Type Type::Dynamic() {
  static const auto node = std::make_shared<const Node>(Node{Kind::kDynamic});
  return Type(node);
}

Type Type::List(Type element) { return Type(std::make_shared<const Node>(Node{Kind::kList, {std::move(element)}})); }
Type Type::Set(Type element) { return Type(std::make_shared<const Node>(Node{Kind::kSet, {std::move(element)}})); }
Type Type::Map(Type element) { return Type(std::make_shared<const Node>(Node{Kind::kMap, {std::move(element)}})); }
Type Type::Tuple(std::vector<Type> elements) {
  return Type(std::make_shared<const Node>(Node{Kind::kTuple, std::move(elements)}));
}

Type Type::Object(Attributes attributes) {
  std::sort(attributes.begin(), attributes.end(), NameIsLess);
  return Type(std::make_shared<const Node>(Node{Kind::kObject, {}, std::move(attributes)}));
}

Kind Type::kind() const { return node_->kind; }

bool Type::is_collection() const { return node_->kind == Kind::kList || node_->kind == Kind::kSet || node_->kind == Kind::kMap; }

const Type& Type::element() const {
  assert(is_collection());
  return node_->elements.front();
}

const std::vector<Type>& Type::elements() const { return node_->elements; }
const Type::Attributes& Type::attributes() const { return node_->attributes; }

const Type* Type::Find(std::string_view attribute) const {
  const Attributes& all = node_->attributes;
  const auto found = std::lower_bound(all.begin(), all.end(), attribute,
                                      [](const auto& one, std::string_view name) { return one.first < name; });
  return found == all.end() || found->first != attribute ? nullptr : &found->second;
}

bool operator==(const Type& a, const Type& b) {
  if (a.node_ == b.node_) return true;
  return a.node_->kind == b.node_->kind && a.node_->elements == b.node_->elements && a.node_->attributes == b.node_->attributes;
}

}  // namespace schema::cty

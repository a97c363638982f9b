// SPDX-License-Identifier: MPL-2.0
#include <algorithm>

#include "schema/cty/type.h"
#include "schema/cty/type_tree.h"

namespace schema::cty {
namespace {

void AppendJson(std::string& out, const Type& type);

void AppendTupleJson(std::string& out, const Type& type) {
  out.append("[\"tuple\",[");
  for (std::size_t i = 0; i < type.elements().size(); ++i) {
    if (i > 0) out.push_back(',');
    AppendJson(out, type.elements()[i]);
  }
  out.append("]]");
}

void AppendObjectJson(std::string& out, const Type& type) {
  out.append("[\"object\",{");
  bool first = true;
  for (const auto& [name, attribute] : type.attributes()) {
    if (!first) out.push_back(',');
    first = false;
    // Names that are not UTF-8 cannot come from Terraform.
    if (!AppendJsonString(out, name)) out.append("\"\"");
    out.push_back(':');
    AppendJson(out, attribute);
  }
  out.append("}]");
}

void AppendCollectionJson(std::string& out, std::string_view kind, const Type& type) {
  out.append("[\"").append(kind).append("\",");
  AppendJson(out, type.element());
  out.push_back(']');
}

void AppendJson(std::string& out, const Type& type) {
  switch (type.kind()) {
    case Kind::kBool:
      out.append("\"bool\"");
      return;
    case Kind::kNumber:
      out.append("\"number\"");
      return;
    case Kind::kString:
      out.append("\"string\"");
      return;
    case Kind::kDynamic:
      out.append("\"dynamic\"");
      return;
    case Kind::kList:
      return AppendCollectionJson(out, "list", type);
    case Kind::kSet:
      return AppendCollectionJson(out, "set", type);
    case Kind::kMap:
      return AppendCollectionJson(out, "map", type);
    case Kind::kTuple:
      return AppendTupleJson(out, type);
    case Kind::kObject:
      return AppendObjectJson(out, type);
  }
}

base::Error NoType() { return base::Error{base::ErrorKind::kProtocol, "not the JSON form of a type"}; }

base::Result<Type> ReadPrimitive(std::string_view name) {
  if (name == "bool") return Type::Bool();
  if (name == "number") return Type::Number();
  if (name == "string") return Type::String();
  if (name == "dynamic") return Type::Dynamic();
  return NoType();
}

base::Result<Type> ReadTuple(const JsonTree& tree) {
  if (tree.kind != JsonTree::Kind::kArray) return NoType();
  std::vector<Type> elements;
  for (const JsonTree& one : tree.elements) {
    auto element = ReadType(one);
    if (!element) return element;
    elements.push_back(*element);
  }
  return Type::Tuple(std::move(elements));
}

base::Result<Type> ReadObject(const JsonTree& tree) {
  if (tree.kind != JsonTree::Kind::kObject) return NoType();
  Type::Attributes attributes;
  for (const auto& [name, one] : tree.members) {
    auto attribute = ReadType(one);
    if (!attribute) return attribute;
    attributes.emplace_back(name, *attribute);
  }
  const Type object = Type::Object(std::move(attributes));
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  const auto& sorted = object.attributes();
  if (std::adjacent_find(sorted.begin(), sorted.end(), same_name) != sorted.end()) return NoType();
  return object;
}

base::Result<Type> ReadCollection(std::string_view kind, const JsonTree& tree) {
  auto element = ReadType(tree);
  if (!element) return element;
  if (kind == "list") return Type::List(*element);
  if (kind == "set") return Type::Set(*element);
  if (kind == "map") return Type::Map(*element);
  return NoType();
}

}  // namespace

base::Result<Type> ReadType(const JsonTree& tree) {
  if (tree.kind == JsonTree::Kind::kString) return ReadPrimitive(tree.text);
  // An object type may have a third element, the list of its optional attributes: it has no meaning for values.
  if (tree.kind != JsonTree::Kind::kArray || tree.elements.size() < 2 || tree.elements.size() > 3) return NoType();
  const JsonTree& kind = tree.elements[0];
  if (kind.kind != JsonTree::Kind::kString || (tree.elements.size() == 3 && kind.text != "object")) return NoType();
  if (kind.text == "tuple") return ReadTuple(tree.elements[1]);
  if (kind.text == "object") return ReadObject(tree.elements[1]);
  return ReadCollection(kind.text, tree.elements[1]);
}

std::string ToJson(const Type& type) {
  std::string out;
  AppendJson(out, type);
  return out;
}

base::Result<Type> TypeFromJson(std::string_view json) {
  auto tree = ParseJsonTree(json, kMostDepth);
  if (!tree) return std::move(tree).error();
  return ReadType(*tree);
}

}  // namespace schema::cty

// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/json.h"

#include <optional>

#include "base/text.h"
#include "schema/cty/json_tree.h"
#include "schema/cty/path.h"
#include "schema/cty/type_tree.h"

namespace schema::cty {
namespace {

// Writes one value after another; the path is kept for the error only.
class Writer {
 public:
  base::Result<std::string> Write(const Value& value) && {
    if (!Append(value)) return base::Error{base::ErrorKind::kInvalid, At(path_, fact_)};
    return std::move(out_);
  }

 private:
  // False as soon as something has no JSON form; `path_` is then its place.
  bool Append(const Value& value);
  bool AppendElements(const Value& value);
  bool AppendMembers(const Value& value);
  bool AppendDynamic(const Value& inner);
  bool AppendText(std::string_view text);

  std::string out_;
  Path path_;
  std::string fact_;
};

bool Writer::AppendText(std::string_view text) {
  if (AppendJsonString(out_, text)) return true;
  fact_ = "the text is not UTF-8";
  return false;
}

bool Writer::AppendElements(const Value& value) {
  std::int64_t index = 0;
  out_.push_back('[');
  for (const Value& element : value.AsElements()) {
    if (index > 0) out_.push_back(',');
    path_.Push(IndexStep{index++});
    if (!Append(element)) return false;
    path_.Pop();
  }
  out_.push_back(']');
  return true;
}

bool Writer::AppendMembers(const Value& value) {
  const bool object = value.type().kind() == Kind::kObject;
  bool first = true;
  out_.push_back('{');
  for (const auto& [name, member] : value.AsMembers()) {
    if (!first) out_.push_back(',');
    first = false;
    path_.Push(object ? Step(AttributeStep{name}) : Step(KeyStep{name}));
    if (!AppendText(name)) return false;
    out_.push_back(':');
    if (!Append(member)) return false;
    path_.Pop();
  }
  out_.push_back('}');
  return true;
}

bool Writer::AppendDynamic(const Value& inner) {
  out_.append("{\"value\":");
  if (!Append(inner)) return false;
  out_.append(",\"type\":").append(ToJson(inner.type())).append("}");
  return true;
}

bool Writer::Append(const Value& value) {
  if (value.is_unknown()) {
    fact_ = "an unknown value has no JSON form";
    return false;
  }
  if (value.is_null()) {
    out_.append("null");
    return true;
  }
  switch (value.type().kind()) {
    case Kind::kBool:
      out_.append(value.AsBool() ? "true" : "false");
      return true;
    case Kind::kNumber:
      out_.append(value.AsNumber().text());
      return true;
    case Kind::kString:
      return AppendText(value.AsString());
    case Kind::kDynamic:
      return AppendDynamic(value.AsInner());
    case Kind::kMap:
    case Kind::kObject:
      return AppendMembers(value);
    default:
      return AppendElements(value);
  }
}

// Takes the texts out of the tree, which is of no use afterwards.
class Reader {
 public:
  explicit Reader(UnknownMembers unknown) : unknown_(unknown) {}

  base::Result<Value> Read(JsonTree& tree, const Type& type);

 private:
  base::Result<Value> ReadNumber(JsonTree& tree);
  base::Result<Value> ReadCollection(JsonTree& tree, const Type& type);
  base::Result<Value> ReadMap(JsonTree& tree, const Type& type);
  base::Result<Value> ReadTuple(JsonTree& tree, const Type& type);
  base::Result<Value> ReadObject(JsonTree& tree, const Type& type);
  base::Result<Value> ReadDynamic(JsonTree& tree);
  // Reads one level further down.
  base::Result<Value> ReadAt(Step step, JsonTree& tree, const Type& type);
  base::Error Failure(std::string_view fact) const { return base::Error{base::ErrorKind::kProtocol, At(path_, fact)}; }

  UnknownMembers unknown_;
  Path path_;
};

base::Result<Value> Reader::ReadAt(Step step, JsonTree& tree, const Type& type) {
  path_.Push(std::move(step));
  auto value = Read(tree, type);
  path_.Pop();
  return value;
}

base::Result<Value> Reader::ReadNumber(JsonTree& tree) {
  if (tree.kind != JsonTree::Kind::kNumber && tree.kind != JsonTree::Kind::kString) return Failure("a number is required");
  const auto number = NumberText::Parse(tree.text);
  if (!number) return Failure("a number is required");
  return Value::Number(*number);
}

base::Result<Value> Reader::ReadCollection(JsonTree& tree, const Type& type) {
  if (tree.kind != JsonTree::Kind::kArray) return Failure("an array is required");
  Value::Elements elements;
  elements.reserve(tree.elements.size());
  for (JsonTree& one : tree.elements) {
    auto element = ReadAt(IndexStep{static_cast<std::int64_t>(elements.size())}, one, type.element());
    if (!element) return element;
    elements.push_back(*std::move(element));
  }
  if (type.kind() == Kind::kSet) return Value::Set(type.element(), std::move(elements));
  return Value::List(type.element(), std::move(elements));
}

base::Result<Value> Reader::ReadTuple(JsonTree& tree, const Type& type) {
  if (tree.kind != JsonTree::Kind::kArray) return Failure("an array is required");
  if (tree.elements.size() != type.elements().size()) return Failure("the tuple has another number of elements");
  Value::Elements elements;
  for (const Type& element_type : type.elements()) {
    const std::size_t index = elements.size();
    auto element = ReadAt(IndexStep{static_cast<std::int64_t>(index)}, tree.elements[index], element_type);
    if (!element) return element;
    elements.push_back(*std::move(element));
  }
  return Value::Tuple(std::move(elements));
}

base::Result<Value> Reader::ReadMap(JsonTree& tree, const Type& type) {
  if (tree.kind != JsonTree::Kind::kObject) return Failure("an object is required");
  Value::Members members;
  for (auto& [name, one] : tree.members) {
    auto member = ReadAt(KeyStep{name}, one, type.element());
    if (!member) return member;
    members.insert_or_assign(std::move(name), *std::move(member));
  }
  return Value::Map(type.element(), std::move(members));
}

base::Result<Value> Reader::ReadObject(JsonTree& tree, const Type& type) {
  if (tree.kind != JsonTree::Kind::kObject) return Failure("an object is required");
  Value::Members members;
  for (auto& [name, one] : tree.members) {
    const Type* attribute = type.Find(name);
    if (attribute == nullptr) {
      if (unknown_ == UnknownMembers::kDropped) continue;
      return Failure(base::Cat("there is no attribute \"", base::Printable(name, 64), "\""));
    }
    auto member = ReadAt(AttributeStep{name}, one, *attribute);
    if (!member) return member;
    members.insert_or_assign(std::move(name), *std::move(member));
  }
  if (unknown_ == UnknownMembers::kRefused) {
    for (const auto& [name, attribute] : type.attributes()) {
      if (!members.contains(name)) return Failure(base::Cat("attribute \"", name, "\" is missing"));
    }
  }
  return Value::ObjectOf(type, std::move(members));
}

base::Result<Value> Reader::ReadDynamic(JsonTree& tree) {
  JsonTree* value = nullptr;
  const JsonTree* type = nullptr;
  for (auto& [name, one] : tree.members) {
    if (name == "value") value = &one;
    if (name == "type") type = &one;
  }
  if (value == nullptr || type == nullptr) return Failure("a type and a value are required");
  auto inner_type = ReadType(*type);
  if (!inner_type || inner_type->kind() == Kind::kDynamic) return Failure("the type of a dynamic value is malformed");
  auto inner = Read(*value, *inner_type);
  if (!inner) return inner;
  return Value::Dynamic(*std::move(inner));
}

base::Result<Value> Reader::Read(JsonTree& tree, const Type& type) {
  if (tree.kind == JsonTree::Kind::kNull) return Value::Null(type);
  const bool is_true = tree.kind == JsonTree::Kind::kTrue;
  switch (type.kind()) {
    case Kind::kBool:
      if (!is_true && tree.kind != JsonTree::Kind::kFalse) return Failure("a bool is required");
      return Value::Bool(is_true);
    case Kind::kNumber:
      return ReadNumber(tree);
    case Kind::kString:
      if (tree.kind != JsonTree::Kind::kString) return Failure("a string is required");
      return Value::String(std::move(tree.text));
    case Kind::kDynamic:
      return ReadDynamic(tree);
    case Kind::kMap:
      return ReadMap(tree, type);
    case Kind::kObject:
      return ReadObject(tree, type);
    case Kind::kTuple:
      return ReadTuple(tree, type);
    default:
      return ReadCollection(tree, type);
  }
}

}  // namespace

base::Result<std::string> ToJson(const Value& value) { return Writer().Write(value); }

base::Result<Value> FromJson(std::string_view json, const Type& type, UnknownMembers unknown) {
  auto tree = ParseJsonTree(json, kMostDepth);
  if (!tree) return std::move(tree).error();
  return Reader(unknown).Read(*tree, type);
}

}  // namespace schema::cty

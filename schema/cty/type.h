// SPDX-License-Identifier: MPL-2.0
// Terraform's types (cty): primitives, dynamic, collections and structures.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace schema::cty {

// Of values and types in JSON or msgpack that are read.
inline constexpr std::size_t kMostDepth = 64;

enum class Kind { kBool, kNumber, kString, kDynamic, kList, kSet, kMap, kTuple, kObject };

// Immutable and cheap to copy. Object attributes are sorted by name.
class Type {
 public:
  using Attributes = std::vector<std::pair<std::string, Type>>;

  static Type Bool();
  static Type Number();
  static Type String();
  static Type Dynamic();
  static Type List(Type element);
  static Type Set(Type element);
  static Type Map(Type element);
  static Type Tuple(std::vector<Type> elements);
  static Type Object(Attributes attributes);

  Kind kind() const;
  bool is_collection() const;                          // list, set or map
  const Type& element() const;                         // of a collection
  const std::vector<Type>& elements() const;           // of a tuple
  const Attributes& attributes() const;                // of an object
  const Type* Find(std::string_view attribute) const;  // of an object; null when it has none of that name

  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Node;
  explicit Type(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  std::shared_ptr<const Node> node_;  // shared: types are immutable trees with common parts
};

// The JSON spelling that the protocol uses: "string", ["list","string"], ["object",{"a":"bool"}].
std::string ToJson(const Type& type);
// Errors: kProtocol. The JSON may be nested 64 levels deep; a tuple or object takes two of them.
base::Result<Type> TypeFromJson(std::string_view json);

}  // namespace schema::cty

// SPDX-License-Identifier: MPL-2.0
// A value of a type: null, unknown (perhaps refined) or known. No printing of contents: a value may be a secret.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/cty/number_text.h"
#include "schema/cty/type.h"

namespace schema::cty {

// What is known about an unknown value (reference: cty refinements, msgpack extension 12).
struct Refinement {
  std::optional<bool> is_null{};  // false: certainly not null
  std::string string_prefix{};
  std::optional<std::pair<NumberText, bool>> minimum{};  // the bound, and whether it is inclusive
  std::optional<std::pair<NumberText, bool>> maximum{};
  std::optional<std::int64_t> minimum_length{};
  std::optional<std::int64_t> maximum_length{};
  friend bool operator==(const Refinement&, const Refinement&) = default;
};

// Immutable and cheap to copy. Accessors of a kind must only be called on a known value of that kind (assert).
class Value {
 public:
  using Elements = std::vector<Value>;
  using Members = std::map<std::string, Value, std::less<>>;

  static Value Null(Type type);
  static Value Unknown(Type type, Refinement refinement = {});
  static Value Bool(bool value);
  static Value Number(NumberText value);
  static Value Number(std::int64_t value);
  static Value String(std::string value);
  static Value List(Type element, Elements elements);
  // Sorted and without duplicates among wholly known elements.
  static Value Set(Type element, Elements elements);
  static Value Map(Type element, Members members);
  static Value Tuple(Elements elements);
  // The type is made of the members' types.
  static Value Object(Members members);
  // An object of `type`; members that are not given become null.
  static Value ObjectOf(const Type& type, Members members);
  // A value of type dynamic that holds `inner` (whose type is concrete).
  static Value Dynamic(Value inner);

  const Type& type() const;
  bool is_null() const;
  bool is_unknown() const;
  bool is_known() const { return !is_null() && !is_unknown(); }  // of itself; its members may still be unknown
  bool is_wholly_known() const;                                  // null counts as known
  const Refinement& refinement() const;                          // of an unknown value

  bool AsBool() const;
  const NumberText& AsNumber() const;
  const std::string& AsString() const;
  const Elements& AsElements() const;  // list, set, tuple
  const Members& AsMembers() const;    // map, object
  const Value& AsInner() const;        // dynamic

  // A member of an object. On a null or unknown object: null or unknown of the member's type. The name must be in the type.
  Value Get(std::string_view member) const;
  // A copy of an object with one member replaced. The name must be in the type.
  Value With(std::string_view member, Value value) const;

  // Type and contents; unknown equals unknown of the same type, whatever the refinement. Sets by contents.
  friend bool operator==(const Value& a, const Value& b);
  // A total order over values of one type, for sets.
  friend bool operator<(const Value& a, const Value& b);

 private:
  struct Node;
  explicit Value(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  std::shared_ptr<const Node> node_;  // shared: values are immutable trees with common parts
};

}  // namespace schema::cty

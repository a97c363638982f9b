// SPDX-License-Identifier: MPL-2.0
// Model: binds a C++ struct of Fields to the attributes of a schema, in one place. What does not fit together ends the process
// when the model is built, in every build type: an attribute of another type than its field, a field without an attribute, a
// field that is bound twice, a secret in an attribute that is not sensitive or the reverse.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/require.h"
#include "schema/attribute.h"
#include "schema/cty/path.h"
#include "schema/field.h"

namespace schema {

// The number of members of an aggregate, at most 64.
template <typename M>
constexpr std::size_t CountFields();

// What the outputs of a model are made from: the model's own `Source`, if it declares one.
template <typename M>
struct SourceOf {
  using Type = std::monostate;
};
template <typename M>
requires requires { typename M::Source; }
struct SourceOf<M> {
  using Type = typename M::Source;
};

// Immutable once built, and then safe from many threads.
template <typename M>
class Model {
 public:
  using Source = typename SourceOf<M>::Type;

  // Binds `field` to `attribute`. The order of the calls is that of the schema.
  template <typename T>
  Model& Add(Field<T> M::*field, Attribute attribute, base::SourcePlace where = base::SourcePlace::Here());
  // An attribute with Role::kOutput, and how it is made: `make` returns a T, an std::optional<T>, or a Field<T>.
  template <typename T, typename Make>
  Model& AddOutput(Field<T> M::*field, Attribute attribute, Make make, base::SourcePlace where = base::SourcePlace::Here());
  // Attributes that no field stands for: those of an extension, which are read by its own description.
  Model& AddUnbound(std::vector<Attribute> attributes);
  // The last call of a chain.
  Model Build(base::SourcePlace where = base::SourcePlace::Here());

  const std::vector<Attribute>& attributes() const { return attributes_; }
  const cty::Type& type() const { return type_; }

  // `object`: of this model's type. If it is null or unknown, so are all fields.
  M Read(const cty::Value& object) const;
  // Attributes without a field are null, or as in `rest`.
  cty::Value Write(const M& values) const;
  cty::Value Write(const M& values, const cty::Value& rest) const;

  // Sets every output.
  void Fill(const Source& source, M& values) const;

  template <typename T>
  const Attribute& AttributeOf(Field<T> M::*field) const {
    return attributes_[Find(OffsetOf(field)).attribute];
  }
  template <typename T>
  cty::Path PathOf(Field<T> M::*field) const {
    return cty::Path::Of(AttributeOf(field).name);
  }
  // The attribute of an object at `path`.
  template <typename T>
  cty::Path PathOf(const cty::Path& path, Field<T> M::*field) const {
    return path.Attribute(AttributeOf(field).name);
  }

 private:
  struct Bound {
    std::ptrdiff_t offset;
    std::size_t attribute;  // its place among the attributes
    cty::Type type;
    std::function<void(const cty::Value& value, M& values)> read;
    std::function<cty::Value(const M& values)> write;
  };

  template <typename T>
  static std::ptrdiff_t OffsetOf(Field<T> M::*field) {
    static const M values{};
    return reinterpret_cast<const char*>(&(values.*field)) - reinterpret_cast<const char*>(&values);
  }
  const Bound& Find(std::ptrdiff_t offset) const;

  std::vector<Attribute> attributes_;
  std::vector<Bound> bound_;
  std::vector<std::size_t> by_name_;  // places in bound_, in the order of an object's members; set by Build
  std::vector<std::function<void(const Source& source, M& values)>> outputs_;
  cty::Type type_ = cty::Type::Object({});
};

// The object of a nested attribute. `M` tells its model: `static const Model<M>& Schema()`.
template <typename M>
requires requires { M::Schema(); }
struct Codec<M> {
  static cty::Type Type() { return M::Schema().type(); }
  static std::optional<M> From(const cty::Value& value) { return M::Schema().Read(value); }
  static cty::Value To(const M& values) { return M::Schema().Write(values); }
};

namespace detail {

struct AnyField {
  template <typename T>
  operator T() const;  // NOLINT(google-explicit-constructor): stands for any member; declared only
};

template <typename M, std::size_t... I>
constexpr bool IsMadeOf(std::index_sequence<I...>) {
  return requires { M{(static_cast<void>(I), AnyField{})...}; };
}

}  // namespace detail

template <typename M>
constexpr std::size_t CountFields() {
  return []<std::size_t... N>(std::index_sequence<N...>) {
    std::size_t count = 0;
    ((count = detail::IsMadeOf<M>(std::make_index_sequence<N + 1>{}) ? N + 1 : count), ...);
    return count;
  }
  (std::make_index_sequence<64>{});
}

template <typename M>
template <typename T>
Model<M>& Model<M>::Add(Field<T> M::*field, Attribute attribute, base::SourcePlace where) {
  const std::ptrdiff_t offset = OffsetOf(field);
  for (const Bound& one : bound_) base::Require(one.offset != offset, "a field is bound twice", where);
  const bool is_any = std::is_same_v<T, cty::Value>;
  base::Require(is_any || attribute.ImpliedType() == Codec<T>::Type(), "an attribute is of another type than its field", where);
  base::Require(is_any || attribute.sensitive == kIsSecret<T>, "a secret and a sensitive attribute belong together", where);
  bound_.push_back({.offset = offset,
                    .attribute = attributes_.size(),
                    .type = attribute.ImpliedType(),
                    .read = [field](const cty::Value& value, M& values) { values.*field = Field<T>(value); },
                    .write = [field](const M& values) { return (values.*field).value(); }});
  attributes_.push_back(std::move(attribute));
  return *this;
}

template <typename M>
template <typename T, typename Make>
Model<M>& Model<M>::AddOutput(Field<T> M::*field, Attribute attribute, Make make, base::SourcePlace where) {
  outputs_.push_back([field, make](const Source& source, M& values) { values.*field = make(source); });
  return Add(field, std::move(attribute).Output(), where);
}

template <typename M>
Model<M>& Model<M>::AddUnbound(std::vector<Attribute> attributes) {
  for (Attribute& one : attributes) attributes_.push_back(std::move(one));
  return *this;
}

template <typename M>
Model<M> Model<M>::Build(base::SourcePlace where) {
  base::Require(bound_.size() == CountFields<M>(), "a field has no attribute", where);
  type_ = ImpliedObjectType(attributes_);
  for (std::size_t i = 0; i < bound_.size(); ++i) by_name_.push_back(i);
  std::sort(by_name_.begin(), by_name_.end(), [&](std::size_t a, std::size_t b) {
    return attributes_[bound_[a].attribute].name < attributes_[bound_[b].attribute].name;
  });
  return std::move(*this);
}

template <typename M>
M Model<M>::Read(const cty::Value& object) const {
  static const M empty{};
  M values = empty;
  if (!object.is_known()) {
    for (const Bound& one : bound_) one.read(object.Get(attributes_[one.attribute].name), values);
    return values;
  }
  // Both are sorted by name: one pass over the members instead of a search for each.
  auto member = object.AsMembers().begin();
  for (const std::size_t at : by_name_) {
    const std::string& name = attributes_[bound_[at].attribute].name;
    while (member->first != name) ++member;
    bound_[at].read(member->second, values);
  }
  return values;
}

template <typename M>
cty::Value Model<M>::Write(const M& values) const {
  return Write(values, cty::Value::ObjectOf(type_, {}));
}

template <typename M>
cty::Value Model<M>::Write(const M& values, const cty::Value& rest) const {
  const bool adds = bound_.size() < attributes_.size() && rest.is_known();
  cty::Value::Members members = adds ? rest.AsMembers() : cty::Value::Members();
  for (const std::size_t at : by_name_) {
    const Bound& one = bound_[at];
    cty::Value value = one.write(values);
    // A field of any type does not know the type of its null.
    if (value.is_null()) value = cty::Value::Null(one.type);
    if (adds) {
      members.insert_or_assign(attributes_[one.attribute].name, std::move(value));
    } else {
      members.emplace_hint(members.end(), attributes_[one.attribute].name, std::move(value));
    }
  }
  return cty::Value::ObjectOf(type_, std::move(members));
}

template <typename M>
void Model<M>::Fill(const Source& source, M& values) const {
  for (const auto& fill : outputs_) fill(source, values);
}

template <typename M>
const typename Model<M>::Bound& Model<M>::Find(std::ptrdiff_t offset) const {
  for (const Bound& one : bound_) {
    if (one.offset == offset) return one;
  }
  base::Require(false, "a field is not bound");
  return bound_.front();
}

}  // namespace schema

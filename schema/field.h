// SPDX-License-Identifier: MPL-2.0
// Field: the value of one attribute as a C++ type. It may be null, unknown or known, and keeps what is known about an unknown.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "schema/cty/value.h"

namespace schema {

// How a C++ type is written as a Terraform value. Each has Type(), From(known value) and To(T).
// From is empty if an element inside is null or unknown and the C++ type has no place for that.
template <typename T>
struct Codec;
template <typename T>
class Field;

// True if an attribute that holds a T must be sensitive.
template <typename T>
inline constexpr bool kIsSecret = false;
template <>
inline constexpr bool kIsSecret<base::Secret> = true;
template <typename T>
inline constexpr bool kIsSecret<std::vector<T>> = kIsSecret<T>;
template <typename T>
inline constexpr bool kIsSecret<std::map<std::string, Field<T>>> = kIsSecret<T>;

template <typename T>
class Field {
 public:
  using value_type = T;

  Field() : value_(cty::Value::Null(Codec<T>::Type())) {}
  explicit Field(cty::Value value) : value_(std::move(value)) {}
  Field& operator=(T value) {
    value_ = Codec<T>::To(std::move(value));
    return *this;
  }
  // Null if `value` is empty.
  template <std::same_as<std::optional<T>> Optional>
  Field& operator=(Optional value) {
    if (!value) return SetNull();
    return *this = *std::move(value);
  }
  Field& SetNull() {
    value_ = cty::Value::Null(value_.type());
    return *this;
  }
  Field& SetUnknown(cty::Refinement refinement = {}) {
    value_ = cty::Value::Unknown(value_.type(), std::move(refinement));
    return *this;
  }

  bool is_null() const { return value_.is_null(); }
  bool is_unknown() const { return value_.is_unknown(); }
  bool is_known() const { return value_.is_known(); }  // of itself; what is inside it may still be unknown
  bool is_wholly_known() const { return value_.is_wholly_known(); }

  // Empty if the value is null or not wholly known.
  std::optional<T> Get() const {
    if (!value_.is_known()) return std::nullopt;
    return Codec<T>::From(value_);
  }
  // `fallback` where Get is empty.
  T Or(T fallback) const {
    auto known = Get();
    return known ? *std::move(known) : std::move(fallback);
  }
  // Or with an empty T: "", false, 0, no elements.
  T OrEmpty() const { return Or(T()); }

  const cty::Value& value() const { return value_; }

  // Unknown equals unknown, as in cty::Value.
  friend bool operator==(const Field& a, const Field& b) { return a.value_ == b.value_; }

 private:
  cty::Value value_;
};

template <>
struct Codec<std::string> {
  static cty::Type Type() { return cty::Type::String(); }
  static std::optional<std::string> From(const cty::Value& value) { return value.AsString(); }
  static cty::Value To(std::string value) { return cty::Value::String(std::move(value)); }
};

template <>
struct Codec<base::Secret> {
  static cty::Type Type() { return cty::Type::String(); }
  static std::optional<base::Secret> From(const cty::Value& value) { return base::Secret(value.AsString()); }
  static cty::Value To(const base::Secret& value) { return cty::Value::String(std::string(value.Reveal())); }
};

template <>
struct Codec<bool> {
  static cty::Type Type() { return cty::Type::Bool(); }
  static std::optional<bool> From(const cty::Value& value) { return value.AsBool(); }
  static cty::Value To(bool value) { return cty::Value::Bool(value); }
};

// Empty for a number that is not whole, or too large.
template <>
struct Codec<std::int64_t> {
  static cty::Type Type() { return cty::Type::Number(); }
  static std::optional<std::int64_t> From(const cty::Value& value) { return value.AsNumber().ToInt64(); }
  static cty::Value To(std::int64_t value) { return cty::Value::Number(value); }
};

template <typename T>
struct Codec<std::vector<T>> {
  static cty::Type Type() { return cty::Type::List(Codec<T>::Type()); }
  static std::optional<std::vector<T>> From(const cty::Value& value) {
    std::vector<T> elements;
    for (const cty::Value& one : value.AsElements()) {
      auto element = one.is_known() ? Codec<T>::From(one) : std::nullopt;
      if (!element) return std::nullopt;
      elements.push_back(*std::move(element));
    }
    return elements;
  }
  static cty::Value To(std::vector<T> value) {
    cty::Value::Elements elements;
    for (T& one : value) elements.push_back(Codec<T>::To(std::move(one)));
    return cty::Value::List(Codec<T>::Type(), std::move(elements));
  }
};

template <>
struct Codec<std::set<std::string>> {
  static cty::Type Type() { return cty::Type::Set(cty::Type::String()); }
  static std::optional<std::set<std::string>> From(const cty::Value& value) {
    std::set<std::string> elements;
    for (const cty::Value& one : value.AsElements()) {
      if (!one.is_known()) return std::nullopt;
      elements.insert(one.AsString());
    }
    return elements;
  }
  static cty::Value To(const std::set<std::string>& value) {
    cty::Value::Elements elements;
    for (const std::string& one : value) elements.push_back(cty::Value::String(one));
    return cty::Value::Set(cty::Type::String(), std::move(elements));
  }
};

// Each element is a field of its own: one may be unknown while the others are known.
template <typename T>
struct Codec<std::map<std::string, Field<T>>> {
  using Fields = std::map<std::string, Field<T>>;
  static cty::Type Type() { return cty::Type::Map(Codec<T>::Type()); }
  static std::optional<Fields> From(const cty::Value& value) {
    Fields elements;
    for (const auto& [key, one] : value.AsMembers()) elements.emplace(key, Field<T>(one));
    return elements;
  }
  static cty::Value To(const Fields& value) {
    cty::Value::Members members;
    for (const auto& [key, one] : value) members.emplace(key, one.value());
    return cty::Value::Map(Codec<T>::Type(), std::move(members));
  }
};

// The text of each value of an enum: specialize with `static constexpr std::array<std::pair<E, std::string_view>, N> kNames`.
template <typename E>
struct EnumNames;

// Empty for a text that is none of the names.
template <typename E>
requires requires { EnumNames<E>::kNames; }
struct Codec<E> {
  static cty::Type Type() { return cty::Type::String(); }
  static std::optional<E> From(const cty::Value& value) {
    for (const auto& [one, name] : EnumNames<E>::kNames) {
      if (name == value.AsString()) return one;
    }
    return std::nullopt;
  }
  static cty::Value To(E value) {
    for (const auto& [one, name] : EnumNames<E>::kNames) {
      if (one == value) return cty::Value::String(std::string(name));
    }
    return cty::Value::Null(Type());
  }
};

// A value whose parts are read by other means: settings of an extension. Of any type.
template <>
struct Codec<cty::Value> {
  static cty::Type Type() { return cty::Type::Dynamic(); }
  static std::optional<cty::Value> From(const cty::Value& value) { return value; }
  static cty::Value To(cty::Value value) { return value; }
};

}  // namespace schema

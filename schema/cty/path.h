// SPDX-License-Identifier: MPL-2.0
// Paths into a value: attribute names, list indices, map keys. A path ends before the elements of a set: they have no names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace schema::cty {

struct AttributeStep {
  std::string name;
  friend bool operator==(const AttributeStep&, const AttributeStep&) = default;
};
struct KeyStep {
  std::string key;
  friend bool operator==(const KeyStep&, const KeyStep&) = default;
};
struct IndexStep {
  std::int64_t index;
  friend bool operator==(const IndexStep&, const IndexStep&) = default;
};
using Step = std::variant<AttributeStep, KeyStep, IndexStep>;

// Path().Attribute("dns").Index(0).Attribute("zone") is dns[0].zone.
class Path {
 public:
  Path() = default;
  static Path Of(std::string_view attribute) { return Path().Attribute(attribute); }

  Path Attribute(std::string_view name) const { return Plus(AttributeStep{std::string(name)}); }
  Path Key(std::string_view key) const { return Plus(KeyStep{std::string(key)}); }
  Path Index(std::int64_t index) const { return Plus(IndexStep{index}); }

  // In place, for a walk that goes down and up again.
  void Push(Step step) { steps_.push_back(std::move(step)); }
  void Pop() { steps_.pop_back(); }

  const std::vector<Step>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }
  // dns[0].zone, synced["web"].name
  std::string ToText() const;
  friend bool operator==(const Path&, const Path&) = default;

 private:
  Path Plus(Step step) const {
    Path longer = *this;
    longer.steps_.push_back(std::move(step));
    return longer;
  }
  std::vector<Step> steps_;
};

// "dns[0].zone: a string is required"; the fact alone for the empty path.
std::string At(const Path& path, std::string_view fact);

}  // namespace schema::cty

// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "schema/schema.h"

namespace schema {
namespace {

// Terraform keeps these for itself in every resource block.
constexpr std::array<std::string_view, 7> kReserved = {"connection", "count",    "depends_on", "for_each",
                                                       "lifecycle",  "provider", "provisioner"};

class Checker {
 public:
  std::vector<std::string> Check(const Schema& schema) && {
    if (schema.version < 0) Found("", "the version is negative");
    for (const Attribute& attribute : schema.attributes) {
      if (std::find(kReserved.begin(), kReserved.end(), attribute.name) != kReserved.end()) {
        Found(attribute.name, "the name is one of Terraform's own");
      }
    }
    CheckLevel(schema.attributes, "");
    return std::move(problems_);
  }

 private:
  void Found(const std::string& where, std::string_view problem) {
    problems_.push_back(where.empty() ? std::string(problem) : base::Cat(where, ": ", problem));
  }

  void CheckLevel(const std::vector<Attribute>& attributes, const std::string& prefix) {
    std::set<std::string_view> names;
    for (const Attribute& attribute : attributes) {
      const std::string where = prefix + attribute.name;
      if (!names.insert(attribute.name).second) Found(where, "the name is used twice");
      CheckName(attribute.name, where);
      CheckFlags(attribute, where);
      CheckNesting(attribute, where);
      CheckLevel(attribute.nested, where + ".");
    }
  }

  void CheckName(std::string_view name, const std::string& where) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    if (name.empty() || !std::all_of(name.begin(), name.end(), fits)) {
      Found(where, "a name is made of lower-case letters, digits and underscores");
    }
  }

  void CheckFlags(const Attribute& attribute, const std::string& where) {
    if (!attribute.required && !attribute.optional && !attribute.computed) Found(where, "must be required, optional or computed");
    if (attribute.required && (attribute.optional || attribute.computed)) Found(where, "required excludes optional and computed");
    if (attribute.write_only && attribute.computed) Found(where, "a write-only attribute cannot be computed");
    if (!attribute.default_value) return;
    if (!attribute.optional || !attribute.computed) Found(where, "an attribute with a default is optional and computed");
    if (!(attribute.default_value->type() == attribute.ImpliedType())) Found(where, "the default is of another type");
    if (!attribute.default_value->is_known()) Found(where, "the default is null or unknown");
  }

  void CheckNesting(const Attribute& attribute, const std::string& where) {
    if (attribute.nesting == Nesting::kNone && !attribute.nested.empty())
      Found(where, "has attributes of its own but no nesting");
    if (attribute.nesting == Nesting::kSet) CheckInsideSet(attribute.nested, where + ".");
    if (attribute.nesting != Nesting::kNone || attribute.type.kind() != cty::Kind::kSet) return;
    if (HasDynamic(attribute.type)) Found(where, "a set cannot hold dynamic values");
  }

  // Terraform tells the elements of a set apart by their values: these have none that stays.
  void CheckInsideSet(const std::vector<Attribute>& attributes, const std::string& prefix) {
    for (const Attribute& attribute : attributes) {
      const std::string where = prefix + attribute.name;
      if (attribute.write_only) Found(where, "a set cannot hold write-only attributes");
      if (attribute.nesting == Nesting::kNone && HasDynamic(attribute.type)) Found(where, "a set cannot hold dynamic values");
      CheckInsideSet(attribute.nested, where + ".");
    }
  }

  static bool HasDynamic(const cty::Type& type) {
    if (type.kind() == cty::Kind::kDynamic) return true;
    if (type.is_collection()) return HasDynamic(type.element());
    return std::any_of(type.elements().begin(), type.elements().end(), HasDynamic) ||
           std::any_of(type.attributes().begin(), type.attributes().end(),
                       [](const auto& one) { return HasDynamic(one.second); });
  }

  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> CheckSchema(const Schema& schema) { return Checker().Check(schema); }

}  // namespace schema

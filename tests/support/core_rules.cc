// SPDX-License-Identifier: MPL-2.0
#include "tests/support/core_rules.h"

#include <algorithm>

#include "schema/cty/path.h"
#include "schema/cty/walk.h"
#include "schema/nested_objects.h"

namespace tests {
namespace {

using schema::Attribute;
using schema::NestedObject;
using schema::Nesting;
using schema::cty::AttributeStep;
using schema::cty::IndexStep;
using schema::cty::KeyStep;
using schema::cty::Kind;
using schema::cty::NumberText;
using schema::cty::Path;
using schema::cty::Refinement;
using schema::cty::Step;
using schema::cty::Value;

// Lines with the path at which they were found.
class Violations {
 public:
  void Add(std::string_view fact) { lines_.push_back(At(path_, fact)); }
  template <typename Body>
  void Inside(Step step, Body body) {
    path_.Push(std::move(step));
    body();
    path_.Pop();
  }
  const Path& path() const { return path_; }
  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  Path path_;
  std::vector<std::string> lines_;
};

// ---- The plan

class PlanRules {
 public:
  std::vector<std::string> Check(const schema::Schema& schema, const Value& prior, const Value& config, const Value& planned) && {
    if (config.is_null() != planned.is_null()) {
      violations_.Add(config.is_null() ? "planned for existence but config wants absence"
                                       : "planned for absence but config wants existence");
    } else if (!planned.is_known()) {
      if (planned.is_unknown()) violations_.Add("the whole object is unknown");
    } else {
      CheckAttributes(schema.attributes, prior, config, planned);
    }
    return violations_.Take();
  }

 private:
  void CheckAttributes(const std::vector<Attribute>& attributes, const Value& prior, const Value& config, const Value& planned) {
    for (const Attribute& one : attributes) {
      violations_.Inside(AttributeStep{one.name},
                         [&] { CheckValue(one, prior.Get(one.name), config.Get(one.name), planned.Get(one.name)); });
    }
  }

  void CheckValue(const Attribute& attribute, const Value& prior, const Value& config, const Value& planned) {
    if (attribute.write_only || planned == config) return;
    if (config.is_null()) {
      if (!attribute.computed) violations_.Add("planned value for a non-computed attribute");
      return;
    }
    if (attribute.nesting != Nesting::kNone) return CheckNested(attribute, prior, config, planned);
    // A provider may say that the configured value means the same as the prior one.
    if (!prior.is_null() && planned == prior) return;
    violations_.Add("planned value does not match config value nor prior value");
  }

  void CheckNested(const Attribute& attribute, const Value& prior, const Value& config, const Value& planned) {
    if (planned.is_null()) return violations_.Add("planned for absence but config wants existence");
    if (planned.is_unknown() || config.is_unknown())
      return violations_.Add("planned is unknown where config is known, or the reverse");
    const auto wanted = ObjectsOf(attribute, config);
    const auto found = ObjectsOf(attribute, planned);
    if (wanted.size() != found.size()) return violations_.Add("count in plan disagrees with count in config");
    if (attribute.nesting == Nesting::kSet) return CheckSet(attribute, wanted, found);
    const auto before = ObjectsOf(attribute, prior);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].step != found[i].step) return violations_.Add("the keys in plan disagree with the keys in config");
      const auto same =
          std::find_if(before.begin(), before.end(), [&](const NestedObject& one) { return one.step == wanted[i].step; });
      const Value prior_object = same == before.end() ? Value::Null(wanted[i].object.type()) : same->object;
      const auto check = [&] { CheckObject(attribute, prior_object, wanted[i].object, found[i].object); };
      wanted[i].step ? violations_.Inside(*wanted[i].step, check) : check();
    }
  }

  void CheckObject(const Attribute& attribute, const Value& prior, const Value& config, const Value& planned) {
    if (planned == config) return;
    if (!planned.is_known() || !config.is_known())
      return violations_.Add("planned is null or unknown where config is not, or the reverse");
    CheckAttributes(attribute.nested, prior, config, planned);
  }

  // Each element of one side has one at the other that it may have become or come from.
  void CheckSet(const Attribute& attribute, const std::vector<NestedObject>& wanted, const std::vector<NestedObject>& found) {
    const auto fits = [&](const NestedObject& one, const NestedObject& other) {
      PlanRules alone;
      alone.CheckObject(attribute, Value::Null(one.object.type()), one.object, other.object);
      return alone.violations_.Take().empty();
    };
    for (const NestedObject& one : wanted) {
      if (std::any_of(found.begin(), found.end(), [&](const NestedObject& other) { return fits(one, other); })) continue;
      return violations_.Add("an element of the set in config does not correlate with any in plan");
    }
    for (const NestedObject& other : found) {
      if (std::any_of(wanted.begin(), wanted.end(), [&](const NestedObject& one) { return fits(one, other); })) continue;
      return violations_.Add("an element of the set in plan does not correlate with any in config");
    }
  }

  Violations violations_;
};

// ---- The second plan and the result

bool IsWithin(const NumberText& number, const Refinement& refinement) {
  const double value = number.ToDouble();
  const auto& least = refinement.minimum;
  const auto& most = refinement.maximum;
  return (!least || value > least->first.ToDouble() || (least->second && number == least->first)) &&
         (!most || value < most->first.ToDouble() || (most->second && number == most->first));
}

bool Allows(const Refinement& refinement, const Value& value) {
  if (value.is_unknown()) return true;
  if (value.is_null()) return refinement.is_null != false;
  switch (value.type().kind()) {
    case Kind::kString:
      return value.AsString().starts_with(refinement.string_prefix);
    case Kind::kNumber:
      return IsWithin(value.AsNumber(), refinement);
    case Kind::kList:
    case Kind::kSet:
    case Kind::kMap:
      break;
    default:
      return true;
  }
  const auto length =
      static_cast<std::int64_t>(value.type().kind() == Kind::kMap ? value.AsMembers().size() : value.AsElements().size());
  return length >= refinement.minimum_length.value_or(0) && length <= refinement.maximum_length.value_or(length);
}

class ConformanceRules {
 public:
  std::vector<std::string> Check(const Value& planned, const Value& result) && {
    CheckValue(planned, result);
    return violations_.Take();
  }

 private:
  void CheckValue(const Value& planned, const Value& result) {
    if (!(planned.type() == result.type())) return violations_.Add("is of another type");
    if (planned.is_unknown()) {
      if (!Allows(planned.refinement(), result)) violations_.Add("does not fit what was known of the unknown value");
      return;
    }
    if (planned.is_null() && !result.is_null()) return violations_.Add("was null, but is no longer");
    if (result.is_null() && !planned.is_null()) return violations_.Add("was not null, but is now");
    if (result.is_unknown()) return violations_.Add("was known, but is now unknown");
    if (planned.is_null() || planned == result) return;
    CheckKnown(planned, result);
  }

  void CheckKnown(const Value& planned, const Value& result) {
    switch (planned.type().kind()) {
      case Kind::kList:
      case Kind::kTuple:
        return CheckElements(planned, result);
      case Kind::kSet:
        return CheckSet(planned, result);
      case Kind::kMap:
      case Kind::kObject:
        return CheckMembers(planned, result);
      case Kind::kDynamic:
        return CheckValue(planned.AsInner(), result.AsInner());
      default:
        return violations_.Add("has another value");
    }
  }

  void CheckElements(const Value& planned, const Value& result) {
    const auto& before = planned.AsElements();
    const auto& after = result.AsElements();
    if (before.size() != after.size()) return violations_.Add("has another number of elements");
    for (std::size_t i = 0; i < before.size(); ++i) {
      violations_.Inside(IndexStep{static_cast<std::int64_t>(i)}, [&] { CheckValue(before[i], after[i]); });
    }
  }

  void CheckMembers(const Value& planned, const Value& result) {
    const bool object = planned.type().kind() == Kind::kObject;
    const auto step = [&](const std::string& name) { return object ? Step(AttributeStep{name}) : Step(KeyStep{name}); };
    for (const auto& [name, before] : planned.AsMembers()) {
      const auto after = result.AsMembers().find(name);
      violations_.Inside(step(name), [&] {
        after == result.AsMembers().end() ? violations_.Add("has vanished") : CheckValue(before, after->second);
      });
    }
    for (const auto& [name, after] : result.AsMembers()) {
      if (planned.AsMembers().contains(name)) continue;
      violations_.Inside(step(name), [&] { violations_.Add("has appeared"); });
    }
  }

  // Unknown elements may turn out to be equal, so that a set can shrink, but it cannot grow.
  void CheckSet(const Value& planned, const Value& result) {
    if (result.AsElements().size() > planned.AsElements().size()) return violations_.Add("has more elements");
    for (const Value& before : planned.AsElements()) {
      const auto& after = result.AsElements();
      const auto fits = [&](const Value& one) { return ConformanceRules().Check(before, one).empty(); };
      if (std::none_of(after.begin(), after.end(), fits)) violations_.Add("an element has vanished");
    }
  }

  Violations violations_;
};

// Also where the plan equals the configuration, and inside objects that nobody else looks into.
std::vector<std::string> WriteOnlyViolations(const schema::Schema& schema, const Value& value) {
  std::vector<std::string> violations;
  Visit(value, [&](const Path& path, const Value& part) {
    const Attribute* attribute = schema.Find(path);
    const bool leaks = attribute != nullptr && attribute->write_only && !part.is_null();
    if (leaks) violations.push_back(At(path, "returned a value for a write-only attribute"));
    return leaks ? schema::cty::Descent::kPast : schema::cty::Descent::kInto;
  });
  return violations;
}

}  // namespace

std::vector<std::string> PlanViolations(const schema::Schema& schema, const Value& prior, const Value& config,
                                        const Value& planned) {
  if (!(planned.type() == config.type())) return {"the plan is of another type"};
  auto violations = PlanRules().Check(schema, prior, config, planned);
  for (std::string& line : WriteOnlyViolations(schema, planned)) violations.push_back(std::move(line));
  return violations;
}

std::vector<std::string> ConformanceViolations(const Value& planned, const Value& result) {
  return ConformanceRules().Check(planned, result);
}

std::vector<std::string> StateViolations(const schema::Schema& schema, const Value& state) {
  if (!(state.type() == schema.ImpliedType())) return {"the object is of another type"};
  auto violations = WriteOnlyViolations(schema, state);
  Visit(state, [&](const Path& path, const Value& part) {
    if (part.is_unknown()) violations.push_back(At(path, "is unknown"));
    return schema::cty::Descent::kInto;
  });
  return violations;
}

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
#include "schema/merge.h"

#include <algorithm>
#include <map>

#include "schema/cty/walk.h"
#include "schema/nested_objects.h"

namespace schema {
namespace {

// True when `prior` is what `config` became: equal in everything that the config sets.
bool CameFrom(const Attribute& attribute, const cty::Value& config, const cty::Value& prior);

bool ObjectCameFrom(const std::vector<Attribute>& attributes, const cty::Value& config, const cty::Value& prior) {
  if (!config.is_known() || !prior.is_known()) return config == prior;
  return std::all_of(attributes.begin(), attributes.end(),
                     [&](const Attribute& one) { return CameFrom(one, config.Get(one.name), prior.Get(one.name)); });
}

bool CameFrom(const Attribute& attribute, const cty::Value& config, const cty::Value& prior) {
  if (config.is_null()) return attribute.computed || prior.is_null();
  if (attribute.nesting == Nesting::kNone || !config.is_known() || !prior.is_known()) return config == prior;
  const auto wanted = ObjectsOf(attribute, config);
  const auto had = ObjectsOf(attribute, prior);
  const auto fits = [&](const NestedObject& a, const NestedObject& b) {
    return a.step == b.step && ObjectCameFrom(attribute.nested, a.object, b.object);
  };
  if (attribute.nesting == Nesting::kSet) {
    return wanted.size() == had.size() && std::all_of(wanted.begin(), wanted.end(), [&](const NestedObject& a) {
             return std::any_of(had.begin(), had.end(), [&](const NestedObject& b) { return fits(a, b); });
           });
  }
  return std::equal(wanted.begin(), wanted.end(), had.begin(), had.end(), fits);
}

// Hands out the prior object that belongs to each object of the config, null when there is none.
class PriorObjects {
 public:
  PriorObjects(const Attribute& attribute, const cty::Value& prior) : attribute_(attribute), left_(ObjectsOf(attribute, prior)) {
    for (std::size_t i = 0; i < left_.size(); ++i) {
      if (const auto* key = left_[i].step ? std::get_if<cty::KeyStep>(&*left_[i].step) : nullptr) by_key_[key->key] = i;
    }
  }

  cty::Value For(const NestedObject& wanted) {
    const cty::Value none = cty::Value::Null(wanted.object.type());
    if (attribute_.nesting == Nesting::kSet) return TakeFromSet(wanted.object, none);
    if (attribute_.nesting == Nesting::kSingle) return left_.empty() ? none : left_.front().object;
    if (const auto* index = std::get_if<cty::IndexStep>(&*wanted.step)) {
      const auto at = static_cast<std::size_t>(index->index);
      return at < left_.size() ? left_[at].object : none;
    }
    const auto found = by_key_.find(std::get<cty::KeyStep>(*wanted.step).key);
    return found == by_key_.end() ? none : left_[found->second].object;
  }

 private:
  cty::Value TakeFromSet(const cty::Value& wanted, const cty::Value& none) {
    const auto found = std::find_if(left_.begin(), left_.end(), [&](const NestedObject& one) {
      return ObjectCameFrom(attribute_.nested, wanted, one.object);
    });
    if (found == left_.end()) return none;
    cty::Value object = found->object;
    left_.erase(found);
    return object;
  }

  const Attribute& attribute_;  // borrowed; outlives this
  std::vector<NestedObject> left_;
  std::map<std::string_view, std::size_t> by_key_;
};

std::size_t CountOfSettings(const cty::Value& config) {
  std::size_t count = 0;
  Visit(config, [&](const cty::Path&, const cty::Value& part) {
    if (!part.is_null()) ++count;
    return cty::Descent::kInto;
  });
  return count;
}

cty::Value MergeObjects(const Attribute& attribute, const cty::Value& config, const cty::Value& prior) {
  PriorObjects prior_objects(attribute, prior);
  auto objects = ObjectsOf(attribute, config);
  if (attribute.nesting == Nesting::kSet) {
    // An element that says little fits many prior ones: it chooses last.
    std::stable_sort(objects.begin(), objects.end(), [](const NestedObject& a, const NestedObject& b) {
      return CountOfSettings(a.object) > CountOfSettings(b.object);
    });
  }
  for (NestedObject& one : objects) {
    if (one.object.is_known()) one.object = Merge(attribute.nested, one.object, prior_objects.For(one));
  }
  return WithObjects(attribute, config, std::move(objects));
}

cty::Value MergeAttribute(const Attribute& attribute, const cty::Value& config, const cty::Value& prior, bool create) {
  if (attribute.write_only) return cty::Value::Null(config.type());
  if (!config.is_null()) return attribute.nesting == Nesting::kNone ? config : MergeObjects(attribute, config, prior);
  if (attribute.default_value) return *attribute.default_value;
  if (!attribute.computed) return config;
  return create ? cty::Value::Unknown(config.type()) : prior;
}

}  // namespace

cty::Value Merge(const std::vector<Attribute>& attributes, const cty::Value& config, const cty::Value& prior) {
  cty::Value::Members members;
  for (const Attribute& attribute : attributes) {
    members.emplace(attribute.name,
                    MergeAttribute(attribute, config.Get(attribute.name), prior.Get(attribute.name), prior.is_null()));
  }
  return cty::Value::ObjectOf(config.type(), std::move(members));
}

}  // namespace schema

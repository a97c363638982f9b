// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/write_only.h"

namespace provider::rpc {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Value;

void Collect(const std::vector<Attribute>& attributes, const Value& object, const Path& path, std::vector<Path>& found);

void CollectNested(const Attribute& attribute, const Value& value, const Path& path, std::vector<Path>& found) {
  if (!value.is_known()) return;
  switch (attribute.nesting) {
    case Nesting::kSingle:
      return Collect(attribute.nested, value, path, found);
    case Nesting::kMap:
      for (const auto& [key, element] : value.AsMembers()) Collect(attribute.nested, element, path.Key(key), found);
      return;
    case Nesting::kList:
      for (std::size_t i = 0; i < value.AsElements().size(); ++i) {
        Collect(attribute.nested, value.AsElements()[i], path.Index(static_cast<std::int64_t>(i)), found);
      }
      return;
    case Nesting::kSet:  // may not hold write-only attributes (Terraform's InternalValidate)
    case Nesting::kNone:
      return;
  }
}

void Collect(const std::vector<Attribute>& attributes, const Value& object, const Path& path, std::vector<Path>& found) {
  if (!object.is_known()) return;
  for (const Attribute& attribute : attributes) {
    const Value value = object.Get(attribute.name);
    const Path here = path.Attribute(attribute.name);
    if (attribute.write_only && !value.is_null()) found.push_back(here);
    CollectNested(attribute, value, here, found);
  }
}

}  // namespace

std::vector<Path> WriteOnlyPaths(const std::vector<Attribute>& attributes, const Value& config) {
  std::vector<Path> found;
  Collect(attributes, config, Path(), found);
  return found;
}

}  // namespace provider::rpc

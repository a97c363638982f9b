// SPDX-License-Identifier: MPL-2.0
// Turns an engine extension's field list into schema attributes, and a configured object back into settings.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "base/settings.h"
#include "schema/attribute.h"
#include "schema/cty/path.h"
#include "schema/cty/value.h"

namespace resources {

std::vector<schema::Attribute> AttributesOf(std::span<const base::ConfigField> fields);

// The known fields of an object. Those that are null, or not known yet, are not set. An absent field with a default gets it.
struct BlockValues {
  base::Settings settings;
  bool has_unknown_setting = false;
  bool has_unknown_secret = false;
};
BlockValues ReadBlock(std::span<const base::ConfigField> fields, const schema::cty::Value& object);

// Where a field is below `path`: "assume_role.role_arn" lies in the object "assume_role", "listeners.0.default" in the first one
// of the list "listeners".
schema::cty::Path PathOf(std::string_view field, schema::cty::Path path = {});
// The attribute that `error` blames, if it belongs to `here`, the resource that is handled; an attribute of another object has no
// place on this one.
std::optional<schema::cty::Path> PathOfBlame(const base::Error& error, base::Subject here);
schema::cty::Value ValueOf(std::string_view field, const schema::cty::Value& object);

}  // namespace resources

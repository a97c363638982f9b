// SPDX-License-Identifier: MPL-2.0
// The validator of attributes that take a handle: it catches `.id` where `.handle` belongs, without a key.
#pragma once

#include <string>
#include <string_view>

#include "resources/sealed/handle.h"
#include "schema/attribute.h"

namespace resources::sealed {

inline schema::Validator IsHandle(std::string_view kind) {
  return [kind = std::string(kind)](const schema::cty::Value& value, const schema::cty::Path& path,
                                    schema::Diagnostics& diagnostics) {
    const auto checked = CheckHandleForm(kind, value.AsString());
    if (!checked) diagnostics.Error("Not the handle that belongs here", checked.error(), "", path);
  };
}

// The handle of a CA or of a certificate profile.
inline schema::Validator IsIssuerHandle() {
  return [](const schema::cty::Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
    if (CheckHandleForm(handle_kind::kProfile, value.AsString())) return;
    IsHandle(handle_kind::kCa)(value, path, diagnostics);
  };
}

}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
// Fields of app connections that had another name in version 0 of their schemas: states, handles of the first format, and the ids
// of connections (which never change) know that name.
#pragma once

#include <span>
#include <string_view>

namespace resources::sealed {

struct RenamedField {
  std::string_view connection;  // its kind
  std::string_view former;
  std::string_view present;
  bool became_secret = false;
};

std::span<const RenamedField> RenamedFields();

// The name that the id of a connection is computed with: the former one of a renamed field.
std::string_view NameInId(std::string_view connection, std::string_view field);

}  // namespace resources::sealed

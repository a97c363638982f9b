// SPDX-License-Identifier: MPL-2.0
#include "base/http/request.h"

#include "base/text.h"

namespace base::http {

std::optional<std::string_view> Response::Find(std::string_view name) const {
  for (const Header& header : headers) {
    if (EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Response::FindAll(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& header : headers) {
    if (EqualsIgnoreCase(header.name, name)) values.emplace_back(header.value);
  }
  return values;
}

}  // namespace base::http

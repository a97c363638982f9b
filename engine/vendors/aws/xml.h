// SPDX-License-Identifier: MPL-2.0
// XML from foreign servers as a tree of values; names without their namespace prefix, attributes and comments left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace engine::vendors::aws {

struct XmlElement {
  std::string name;
  std::string text;  // its own, without white space at both ends
  std::vector<XmlElement> children{};

  // The first child of that name; null when there is none.
  const XmlElement* Find(std::string_view child) const;
  std::vector<const XmlElement*> FindAll(std::string_view child) const;
  // The text at the end of a path of first children, "Error/Code"; empty when it leads nowhere.
  std::string_view Text(std::string_view path) const;
};

// The root element. Entities are not expanded but for XML's own five. Errors: kProtocol (not XML, over 8 MiB, nested deeper than
// 32).
base::Result<XmlElement> ParseXml(std::string_view text);

// For text between tags.
std::string XmlEscape(std::string_view text);

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/xml.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/text.h"

namespace engine::vendors::aws {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::Split;
using base::ToLower;
using base::Trim;

constexpr std::size_t kMaxBytes = 8 * 1024 * 1024;
constexpr int kMaxDepth = 32;

std::string_view WithoutPrefix(std::string_view name) { return name.substr(name.rfind(':') + 1); }

// False when it is nested too deep.
bool Read(const pugi::xml_node& node, int depth, XmlElement& element) {
  if (depth > kMaxDepth) return false;
  element.name = WithoutPrefix(node.name());
  element.text = Trim(node.child_value());
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    if (!Read(child, depth + 1, element.children.emplace_back())) return false;
  }
  return true;
}

}  // namespace

const XmlElement* XmlElement::Find(std::string_view child) const {
  const auto found = std::find_if(children.begin(), children.end(), [&](const XmlElement& one) { return one.name == child; });
  return found == children.end() ? nullptr : &*found;
}

std::vector<const XmlElement*> XmlElement::FindAll(std::string_view child) const {
  std::vector<const XmlElement*> found;
  for (const XmlElement& one : children) {
    if (one.name == child) found.push_back(&one);
  }
  return found;
}

std::string_view XmlElement::Text(std::string_view path) const {
  const XmlElement* at = this;
  for (const std::string& step : Split(path, '/')) {
    at = at->Find(step);
    if (at == nullptr) return {};
  }
  return at->text;
}

Result<XmlElement> ParseXml(std::string_view text) {
  const auto problem = [](std::string_view what) { return Error{ErrorKind::kProtocol, Cat("the XML ", what)}; };
  if (text.size() > kMaxBytes) return problem("is too long");
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) return problem(Cat("cannot be read: ", ToLower(parsed.description()), " at byte ", parsed.offset));
  XmlElement root;
  if (!Read(document.document_element(), 1, root)) return problem("is nested too deep");
  return root;
}

std::string XmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out.append("&amp;");
    } else if (c == '<') {
      out.append("&lt;");
    } else if (c == '>') {
      out.append("&gt;");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace engine::vendors::aws

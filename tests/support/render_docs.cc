// SPDX-License-Identifier: MPL-2.0
#include "tests/support/render_docs.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "schema/cty/json.h"

namespace tests {
namespace {

using base::Cat;
using schema::Attribute;
using schema::Nesting;
using schema::cty::Kind;
using schema::cty::Type;

constexpr std::string_view kWriteOnlyLink =
    "[Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)";

struct Group {
  std::string_view heading;
  bool (*has)(const Attribute&);
};

constexpr std::array<Group, 3> kGroups = {
    Group{"Required", [](const Attribute& one) { return one.required; }},
    Group{"Optional", [](const Attribute& one) { return one.optional; }},
    Group{"Read-Only", [](const Attribute& one) { return one.computed && !one.optional; }},
};

std::string TypeName(const Type& type) {
  switch (type.kind()) {
    case Kind::kBool:
      return "Boolean";
    case Kind::kNumber:
      return "Number";
    case Kind::kString:
      return "String";
    case Kind::kDynamic:
      return "Dynamic";
    case Kind::kList:
      return "List of " + TypeName(type.element());
    case Kind::kSet:
      return "Set of " + TypeName(type.element());
    case Kind::kMap:
      return "Map of " + TypeName(type.element());
    case Kind::kTuple:
      return "Tuple";
    case Kind::kObject:
      return "Object";
  }
  return "";
}

std::string TypeName(const Attribute& attribute) {
  switch (attribute.nesting) {
    case Nesting::kNone:
      return TypeName(attribute.type);
    case Nesting::kSingle:
      return "Attributes";
    case Nesting::kList:
      return "Attributes List";
    case Nesting::kSet:
      return "Attributes Set";
    case Nesting::kMap:
      return "Attributes Map";
  }
  return "";
}

std::string Anchor(const std::vector<std::string>& path) { return "nestedatt--" + base::Join(path, "--"); }

// "(String, Sensitive)"
std::string Marks(const Attribute& attribute) {
  std::string marks = TypeName(attribute);
  if (attribute.sensitive) marks.append(", Sensitive");
  if (attribute.write_only) marks.append(", ").append(kWriteOnlyLink);
  return Cat('(', marks, ')');
}

std::string DefaultText(const Attribute& attribute) {
  // Where the author's text tells it already, it is not told twice.
  if (!attribute.default_value || attribute.doc.find("efault") != std::string::npos) return "";
  const auto json = schema::cty::ToJson(*attribute.default_value);
  return json ? Cat(" Default: `", *json, "`.") : "";
}

std::string Line(const Attribute& attribute, std::vector<std::string> path) {
  path.push_back(attribute.name);
  std::string line = Cat("- `", attribute.name, "` ", Marks(attribute), " ", attribute.doc, DefaultText(attribute));
  if (!attribute.nested.empty()) line.append(Cat(" (see [below for nested schema](#", Anchor(path), "))"));
  return line + "\n";
}

std::vector<const Attribute*> Sorted(const std::vector<Attribute>& attributes) {
  std::vector<const Attribute*> sorted;
  for (const Attribute& one : attributes) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(), [](const Attribute* a, const Attribute* b) { return a->name < b->name; });
  return sorted;
}

// The groups of one level: with headings on the page's own level, with plain lines in nested ones.
std::string Groups(const std::vector<Attribute>& attributes, const std::vector<std::string>& path) {
  std::string text;
  for (const Group& group : kGroups) {
    std::string lines;
    for (const Attribute* one : Sorted(attributes)) {
      if (group.has(*one)) lines.append(Line(*one, path));
    }
    if (lines.empty()) continue;
    text.append(path.empty() ? Cat("\n### ", group.heading, "\n\n") : Cat("\n", group.heading, ":\n\n")).append(lines);
  }
  return text;
}

std::string NestedSections(const std::vector<Attribute>& attributes, const std::vector<std::string>& path) {
  std::string text;
  for (const Attribute* one : Sorted(attributes)) {
    if (one->nested.empty()) continue;
    std::vector<std::string> inner = path;
    inner.push_back(one->name);
    text.append(Cat("\n<a id=\"", Anchor(inner), "\"></a>\n### Nested Schema for `", base::Join(inner, "."), "`\n"));
    text.append(Groups(one->nested, inner)).append(NestedSections(one->nested, inner));
  }
  return text;
}

std::string FirstSentence(const std::string& text) {
  const auto end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

std::string Fenced(std::string_view heading, std::string_view language, const std::string& code) {
  if (code.empty()) return "";
  return Cat("\n## ", heading, "\n\n```", language, "\n", base::Trim(code), "\n```\n");
}

std::string Head(const std::string& title, const std::string& summary, const std::string& heading, const std::string& doc,
                 const PageParts& parts) {
  // The front page must not have one: `tfplugindocs validate`.
  const std::string subcategory = parts.subcategory.empty() ? "" : Cat("subcategory: \"", parts.subcategory, "\"\n");
  return Cat("---\n# Written by tests/docs_test.cc from the schema: change that, then run the test with UPDATE_GOLDEN=1.\n",
             "page_title: \"", title, "\"\n", subcategory, "description: |-\n  ", summary, "\n---\n\n# ", heading, "\n\n", doc,
             "\n", Fenced("Example Usage", "terraform", parts.example));
}

std::string Page(const std::string& title, const std::string& heading, const schema::Schema& schema, const PageParts& parts) {
  const std::string guide = parts.guide.empty() ? "" : "\n" + parts.guide;
  return Cat(Head(title, FirstSentence(schema.doc), heading, schema.doc, parts), guide, "\n## Schema\n",
             Groups(schema.attributes, {}), NestedSections(schema.attributes, {}), Fenced("Import", "shell", parts.import));
}

void CollectDocProblems(const std::vector<Attribute>& attributes, const std::string& prefix, std::vector<std::string>& problems) {
  for (const Attribute& one : attributes) {
    if (one.doc.empty()) problems.push_back(prefix + one.name + ": has no doc text");
    if (!one.doc.empty() && !one.doc.ends_with('.'))
      problems.push_back(prefix + one.name + ": the doc text ends without a full stop");
    CollectDocProblems(one.nested, prefix + one.name + ".", problems);
  }
}

}  // namespace

std::string RenderTypePage(const std::string& type_name, const std::string& category, const schema::Schema& schema,
                           const PageParts& parts) {
  return Page(Cat(type_name, ' ', category, " - certwright"), Cat(type_name, " (", category, ")"), schema, parts);
}

std::string RenderFunctionPage(const resources::Function& function, const PageParts& parts) {
  std::string signature;
  std::string arguments;
  for (const auto& one : function.parameters) {
    signature.append(Cat(signature.empty() ? "" : ", ", one.name, " ", base::ToLower(TypeName(one.type))));
    arguments.append(Cat("- `", one.name, "` (", TypeName(one.type), ") ", one.doc, "\n"));
  }
  return Cat(Head(function.name + " function - certwright", function.summary, function.name + " (Function)", function.doc, parts),
             "\n## Signature\n\n```text\n", function.name, "(", signature, ") ", base::ToLower(TypeName(function.result)),
             "\n```\n\n## Arguments\n\n", arguments);
}

std::string RenderProviderPage(const schema::Schema& schema, const PageParts& parts) {
  return Page("Provider: Certwright", "Certwright Provider", schema, parts);
}

std::vector<std::string> DocProblems(const schema::Schema& schema) {
  std::vector<std::string> problems;
  if (!schema.doc.ends_with('.')) problems.emplace_back("the schema's doc text is missing or ends without a full stop");
  CollectDocProblems(schema.attributes, "", problems);
  return problems;
}

}  // namespace tests

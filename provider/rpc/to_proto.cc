// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/to_proto.h"

#include <type_traits>
#include <variant>

#include "base/text.h"
#include "schema/cty/msgpack.h"

namespace provider::rpc {
namespace {

namespace pb = ::tfplugin6;

pb::Schema::Object::NestingMode NestingOf(schema::Nesting nesting) {
  switch (nesting) {
    case schema::Nesting::kSingle:
      return pb::Schema::Object::SINGLE;
    case schema::Nesting::kList:
      return pb::Schema::Object::LIST;
    case schema::Nesting::kSet:
      return pb::Schema::Object::SET;
    case schema::Nesting::kMap:
      return pb::Schema::Object::MAP;
    case schema::Nesting::kNone:
      break;
  }
  return pb::Schema::Object::INVALID;
}

void SetAttribute(const schema::Attribute& attribute, pb::Schema::Attribute& wire) {
  wire.set_name(attribute.name);
  wire.set_description(attribute.doc);
  wire.set_description_kind(pb::MARKDOWN);
  wire.set_required(attribute.required);
  wire.set_optional(attribute.optional);
  wire.set_computed(attribute.computed);
  wire.set_sensitive(attribute.sensitive);
  wire.set_write_only(attribute.write_only);
  if (attribute.nesting == schema::Nesting::kNone) {
    wire.set_type(schema::cty::ToJson(attribute.type));
    return;
  }
  wire.mutable_nested_type()->set_nesting(NestingOf(attribute.nesting));
  for (const schema::Attribute& nested : attribute.nested) SetAttribute(nested, *wire.mutable_nested_type()->add_attributes());
}

void SetStep(const schema::cty::Step& step, pb::AttributePath::Step& wire) {
  std::visit(
      [&wire](const auto& one) {
        using One = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<One, schema::cty::AttributeStep>) wire.set_attribute_name(one.name);
        if constexpr (std::is_same_v<One, schema::cty::KeyStep>) wire.set_element_key_string(base::ReplaceInvalidUtf8(one.key));
        if constexpr (std::is_same_v<One, schema::cty::IndexStep>) wire.set_element_key_int(one.index);
      },
      step);
}

// Terraform before 1.16 finds the line of an attribute, and of one step into its expression if that is an element key. There a
// key stands for an attribute of a nested object as well: the expression is looked through for the name alone.
void SetPlace(const schema::cty::Path& path, pb::AttributePath& wire) {
  const auto& steps = path.steps();
  if (!steps.empty()) SetStep(steps.front(), *wire.add_steps());
  if (steps.size() < 2) return;
  const auto* attribute = std::get_if<schema::cty::AttributeStep>(&steps[1]);
  SetStep(attribute == nullptr ? steps[1] : schema::cty::KeyStep{attribute->name}, *wire.add_steps());
}

// With the whole path where SetPlace tells less.
std::string DetailOf(const schema::Diagnostic& diagnostic) {
  const std::size_t steps = diagnostic.path ? diagnostic.path->steps().size() : 0;
  const bool is_whole =
      steps < 2 || (steps == 2 && !std::holds_alternative<schema::cty::AttributeStep>(diagnostic.path->steps()[1]));
  if (is_whole) return diagnostic.detail;
  const std::string name = diagnostic.path->ToText();
  const bool is_named = diagnostic.summary.find(name) != std::string::npos || diagnostic.detail.find(name) != std::string::npos;
  return is_named ? diagnostic.detail : base::Cat(diagnostic.detail, "\n\nThis is about `", name, "`.");
}

}  // namespace

void SetState(const schema::Schema& schema, const schema::cty::Value& value, pb::DynamicValue& wire) {
  wire.set_msgpack(schema::cty::ToMsgpack(schema::NullWriteOnly(schema, value)));
}

void SetPath(const schema::cty::Path& path, pb::AttributePath& wire) {
  for (const schema::cty::Step& step : path.steps()) SetStep(step, *wire.add_steps());
}

void AppendDiagnostics(const schema::Diagnostics& diagnostics, google::protobuf::RepeatedPtrField<pb::Diagnostic>& wire) {
  for (const schema::Diagnostic& one : diagnostics.items()) {
    pb::Diagnostic& out = *wire.Add();
    out.set_severity(one.severity == schema::Severity::kError ? pb::Diagnostic::ERROR : pb::Diagnostic::WARNING);
    out.set_summary(base::ReplaceInvalidUtf8(one.summary));
    out.set_detail(base::ReplaceInvalidUtf8(DetailOf(one)));
    if (one.path) SetPlace(*one.path, *out.mutable_attribute());
  }
}

void SetSchema(const schema::Schema& schema, pb::Schema& wire) {
  wire.set_version(schema.version);
  pb::Schema::Block& block = *wire.mutable_block();
  block.set_version(schema.version);
  block.set_description(schema.doc);
  block.set_description_kind(pb::MARKDOWN);
  for (const schema::Attribute& attribute : schema.attributes) SetAttribute(attribute, *block.add_attributes());
}

}  // namespace provider::rpc

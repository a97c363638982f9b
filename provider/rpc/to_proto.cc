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
    out.set_detail(base::ReplaceInvalidUtf8(one.detail));
    if (one.path) SetPath(*one.path, *out.mutable_attribute());
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

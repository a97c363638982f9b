// SPDX-License-Identifier: MPL-2.0
// ConfigField: how an extension (connection, destination) describes one of its settings, without knowing Terraform.
// resources/extension_block.cc turns a list of them into schema attributes.
#pragma once

#include <span>
#include <string_view>

namespace base {

// kBlock: a nested object. Its members are the fields behind it whose names begin with its own and a dot: "assume_role" and then
// "assume_role.role_arn". In settings they keep these names.
// kBlockList: a list of such objects. In settings each member has its object's number before its own name:
// "listeners.0.listener_arn".
enum class FieldKind { kString, kNumber, kBool, kStringList, kStringMap, kBlock, kBlockList };

struct ConfigField {
  std::string_view name;
  FieldKind kind = FieldKind::kString;
  bool required = false;
  bool secret = false;               // write-only and sensitive in Terraform
  std::string_view default_value{};  // as text; empty: none
  std::string_view one_of{};         // the allowed values, separated by '|'; empty: any
  std::string_view doc{};            // one or two sentences, Markdown
  bool identity = false;             // part of what the thing *is*: another value means another thing
  bool runs_program = false;         // runs a program on this machine: needs the provider's allow_exec
  std::string_view goes_with{};      // "layout=pkcs12": required when that field has this value, refused when it has another
};

}  // namespace base

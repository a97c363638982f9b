// SPDX-License-Identifier: MPL-2.0
// YAML of kubeconfig files: texts and nulls in lists and maps, of bounded depth; an access that is taken says where to.
#include <string>

#include "base/text.h"
#include "engine/vendors/kubernetes/kubeconfig.h"
#include "engine/vendors/kubernetes/yaml.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

void CheckValue(const base::Json& value, int depth) {
  Require(depth <= 34, "the depth is bounded");
  Require(value.is_null() || value.is_string() || value.is_structured(), "scalars are texts");
  if (value.is_string()) fuzz::RequireUtf8(value.get_ref<const std::string&>(), "texts are UTF-8");
  if (!value.is_structured()) return;  // items() of a scalar is the scalar
  for (const auto& [key, member] : value.items()) {
    if (value.is_object()) fuzz::RequireUtf8(key, "keys are UTF-8");
    CheckValue(member, depth + 1);
  }
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  const auto value = engine::vendors::kubernetes::ParseYaml(text);
  if (!value) {
    fuzz::RequireUtf8(value.error().message, "the message of a refusal is UTF-8");
    return 0;
  }
  CheckValue(*value, 0);
  // JSON in plain ASCII is YAML.
  const std::string json = base::DumpJson(*value);
  if (IsPlain(json) && json.size() < 1000) {
    const auto again = engine::vendors::kubernetes::ParseYaml(json);
    Require(again && *again == *value, "a value is written and read again");
  }
  if (text.find("/dev") != std::string_view::npos) return 0;  // files that are named are read
  const auto access = engine::vendors::kubernetes::ParseKubeconfig(text, "", "/nonexistent");
  if (access) Require(!access->server.empty() && !access->server.ends_with('/'), "an access says where to");
  return 0;
}

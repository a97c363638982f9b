// SPDX-License-Identifier: MPL-2.0
// Whatever can be read is written and read again as the same value; the same for types.
#include <cstdlib>
#include <string_view>

#include "schema/cty/json.h"
#include "tests/fuzz/some_types.h"

namespace {

using schema::cty::UnknownMembers;

void CheckType(std::string_view json) {
  const auto first = schema::cty::TypeFromJson(json);
  if (!first) return;
  const auto second = schema::cty::TypeFromJson(schema::cty::ToJson(*first));
  if (!second || !(*second == *first)) std::abort();
}

void CheckValue(std::string_view json, const schema::cty::Type& type) {
  const auto first = schema::cty::FromJson(json, type, UnknownMembers::kDropped);
  if (!first) return;
  const auto written = schema::cty::ToJson(*first);
  if (!written) std::abort();
  const auto second = schema::cty::FromJson(*written, type, UnknownMembers::kRefused);
  if (!second || !(*second == *first)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view json(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckType(json);
  CheckValue(json, fuzz::ChooseType(data[0]));
  return 0;
}

// SPDX-License-Identifier: MPL-2.0
// Whatever can be read is written and read again as the same value, in the same bytes from then on.
#include <cstdlib>
#include <string_view>

#include "schema/cty/msgpack.h"
#include "tests/fuzz/some_types.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& type = fuzz::ChooseType(data[0]);
  const auto first = schema::cty::FromMsgpack(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1), type);
  if (!first) return 0;
  const std::string written = schema::cty::ToMsgpack(*first);
  const auto second = schema::cty::FromMsgpack(written, type);
  if (!second || !(*second == *first) || schema::cty::ToMsgpack(*second) != written) std::abort();
  return 0;
}

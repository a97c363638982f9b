// SPDX-License-Identifier: MPL-2.0
// The types that the first byte of a fuzzed input chooses from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "schema/cty/type.h"

namespace fuzz {

inline const schema::cty::Type& ChooseType(std::uint8_t byte) {
  using schema::cty::Type;
  static const std::vector<Type> types = {
      Type::Dynamic(),
      Type::String(),
      Type::Number(),
      Type::Bool(),
      Type::List(Type::Dynamic()),
      Type::Set(Type::Number()),
      Type::Map(Type::List(Type::String())),
      Type::Tuple({Type::Bool(), Type::String()}),
      Type::Object({{"a", Type::String()}, {"b", Type::Set(Type::Object({{"c", Type::Number()}}))}}),
  };
  return types[byte % types.size()];
}

}  // namespace fuzz

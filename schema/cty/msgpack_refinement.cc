// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/msgpack_refinement.h"

#include <msgpack.hpp>
#include <string>

namespace schema::cty {
namespace {

constexpr std::size_t kMostRefinementBytes = 1024;  // as cty's own decoder
constexpr std::size_t kMostRefinementDepth = 4;

std::optional<NumberText> ReadNumber(const msgpack::object& number) {
  switch (number.type) {
    case msgpack::type::POSITIVE_INTEGER:
      return NumberText::Parse(std::to_string(number.via.u64));
    case msgpack::type::NEGATIVE_INTEGER:
      return NumberText(number.via.i64);
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      return NumberText::Exactly(number.via.f64);
    case msgpack::type::STR:
      return NumberText::Parse(std::string_view(number.via.str.ptr, number.via.str.size));
    default:
      return std::nullopt;
  }
}

// False when the entry is malformed.
bool ReadBound(const msgpack::object& pair, std::optional<std::pair<NumberText, bool>>& bound) {
  if (pair.type != msgpack::type::ARRAY || pair.via.array.size != 2) return false;
  const auto number = ReadNumber(pair.via.array.ptr[0]);
  const msgpack::object& inclusive = pair.via.array.ptr[1];
  if (!number || inclusive.type != msgpack::type::BOOLEAN) return false;
  bound.emplace(*number, inclusive.via.boolean);
  return true;
}

bool ReadLength(const msgpack::object& number, std::optional<std::int64_t>& length) {
  const auto whole = ReadNumber(number);
  if (whole) length = whole->ToInt64();
  return length.has_value();
}

bool ReadRefinement(std::uint64_t key, const msgpack::object& value, Refinement& refinement) {
  switch (key) {
    case kNullness:
      if (value.type != msgpack::type::BOOLEAN) return false;
      refinement.is_null = value.via.boolean;
      return true;
    case kStringPrefix:
      if (value.type != msgpack::type::STR) return false;
      refinement.string_prefix.assign(value.via.str.ptr, value.via.str.size);
      return true;
    case kNumberMinimum:
      return ReadBound(value, refinement.minimum);
    case kNumberMaximum:
      return ReadBound(value, refinement.maximum);
    case kLengthMinimum:
      return ReadLength(value, refinement.minimum_length);
    case kLengthMaximum:
      return ReadLength(value, refinement.maximum_length);
    default:
      return true;
  }
}

}  // namespace

std::optional<Refinement> ReadExtension(std::int8_t number, std::string_view payload) {
  Refinement refinement;
  if (number != kRefinedExtension) return refinement;
  if (payload.size() > kMostRefinementBytes) return std::nullopt;
  try {
    const msgpack::unpack_limit limit(kMostRefinementBytes, kMostRefinementBytes, kMostRefinementBytes, kMostRefinementBytes,
                                      kMostRefinementBytes, kMostRefinementDepth);
    const msgpack::object_handle handle = msgpack::unpack(payload.data(), payload.size(), nullptr, nullptr, limit);
    const msgpack::object& map = handle.get();
    if (map.type != msgpack::type::MAP) return std::nullopt;
    for (std::uint32_t i = 0; i < map.via.map.size; ++i) {
      const msgpack::object_kv& entry = map.via.map.ptr[i];
      if (entry.key.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
      if (!ReadRefinement(entry.key.via.u64, entry.val, refinement)) return std::nullopt;
    }
    return refinement;
  } catch (const msgpack::unpack_error&) {
    return std::nullopt;
  }
}

}  // namespace schema::cty

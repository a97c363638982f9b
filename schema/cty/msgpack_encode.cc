// SPDX-License-Identifier: MPL-2.0
#include <msgpack.hpp>
#include <optional>

#include "schema/cty/msgpack.h"
#include "schema/cty/msgpack_refinement.h"

namespace schema::cty {
namespace {

struct Sink {
  std::string bytes;
  void write(const char* data, std::size_t size) { bytes.append(data, size); }
};
using Packer = msgpack::packer<Sink>;

std::uint32_t Count(std::size_t size) { return static_cast<std::uint32_t>(size); }

void PackText(Packer& packer, std::string_view text) {
  packer.pack_str(Count(text.size()));
  packer.pack_str_body(text.data(), Count(text.size()));
}

void PackNumber(Packer& packer, const NumberText& number) {
  if (const auto whole = number.ToInt64()) {
    packer.pack_int64(*whole);
  } else if (const auto large = number.ToUint64()) {
    packer.pack_uint64(*large);
  } else if (const double approximate = number.ToDouble(); NumberText::Exactly(approximate) == number) {
    packer.pack_double(approximate);
  } else {
    PackText(packer, number.text());
  }
}

void PackBound(Packer& packer, RefinementKey key, const std::optional<std::pair<NumberText, bool>>& bound) {
  if (!bound) return;
  packer.pack_uint8(key);
  packer.pack_array(2);
  PackNumber(packer, bound->first);
  packer.pack(bound->second);
}

void PackLength(Packer& packer, RefinementKey key, const std::optional<std::int64_t>& length) {
  if (!length) return;
  packer.pack_uint8(key);
  packer.pack_int64(*length);
}

void PackUnknown(Packer& packer, const Refinement& refinement) {
  if (refinement == Refinement{}) {
    packer.pack_ext(1, 0);
    packer.pack_ext_body("\0", 1);
    return;
  }
  Sink sink;
  Packer inner(sink);
  inner.pack_map(Count((refinement.is_null ? 1U : 0U) + (refinement.string_prefix.empty() ? 0U : 1U) +
                       (refinement.minimum ? 1U : 0U) + (refinement.maximum ? 1U : 0U) + (refinement.minimum_length ? 1U : 0U) +
                       (refinement.maximum_length ? 1U : 0U)));
  if (refinement.is_null) inner.pack_uint8(kNullness).pack(*refinement.is_null);
  if (!refinement.string_prefix.empty()) PackText(inner.pack_uint8(kStringPrefix), refinement.string_prefix);
  PackBound(inner, kNumberMinimum, refinement.minimum);
  PackBound(inner, kNumberMaximum, refinement.maximum);
  PackLength(inner, kLengthMinimum, refinement.minimum_length);
  PackLength(inner, kLengthMaximum, refinement.maximum_length);
  packer.pack_ext(sink.bytes.size(), kRefinedExtension);
  packer.pack_ext_body(sink.bytes.data(), Count(sink.bytes.size()));
}

void PackValue(Packer& packer, const Value& value);

void PackElements(Packer& packer, const Value::Elements& elements) {
  packer.pack_array(Count(elements.size()));
  for (const Value& element : elements) PackValue(packer, element);
}

void PackMembers(Packer& packer, const Value::Members& members) {
  packer.pack_map(Count(members.size()));
  for (const auto& [name, member] : members) {
    PackText(packer, name);
    PackValue(packer, member);
  }
}

void PackDynamic(Packer& packer, const Value& inner) {
  const std::string type = ToJson(inner.type());
  packer.pack_array(2);
  packer.pack_bin(Count(type.size()));
  packer.pack_bin_body(type.data(), Count(type.size()));
  PackValue(packer, inner);
}

void PackValue(Packer& packer, const Value& value) {
  if (value.is_null()) {
    packer.pack_nil();
    return;
  }
  if (value.is_unknown()) return PackUnknown(packer, value.refinement());
  switch (value.type().kind()) {
    case Kind::kBool:
      packer.pack(value.AsBool());
      return;
    case Kind::kNumber:
      return PackNumber(packer, value.AsNumber());
    case Kind::kString:
      return PackText(packer, value.AsString());
    case Kind::kDynamic:
      return PackDynamic(packer, value.AsInner());
    case Kind::kList:
    case Kind::kSet:
    case Kind::kTuple:
      return PackElements(packer, value.AsElements());
    case Kind::kMap:
    case Kind::kObject:
      return PackMembers(packer, value.AsMembers());
  }
}

}  // namespace

std::string ToMsgpack(const Value& value) {
  Sink sink;
  Packer packer(sink);
  PackValue(packer, value);
  return std::move(sink.bytes);
}

}  // namespace schema::cty

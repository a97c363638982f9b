// SPDX-License-Identifier: MPL-2.0
#include "schema/cty/msgpack.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/support/random_values.h"

namespace schema::cty {
namespace {

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4U]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15U]);
  }
  return hex;
}

std::string WhyMsgpackIsRefused(std::string_view bytes, const Type& type) {
  const auto value = FromMsgpack(bytes, type);
  if (value) return "(accepted)";
  EXPECT_EQ(value.error().kind, base::ErrorKind::kProtocol);
  return value.error().message;
}

Value Number(std::string_view text) { return Value::Number(*NumberText::Parse(text)); }

struct Pinned {
  std::string_view hex;
  Value value;
};

// What Terraform 1.11.4 sends.
std::vector<Pinned> PinnedValues() {
  const Type string = Type::String();
  return {
      {"c0", Value::Null(string)},
      {"c2", Value::Bool(false)},
      {"c3", Value::Bool(true)},
      {"d40000", Value::Unknown(string)},
      {"d40000", Value::Unknown(Type::Dynamic())},
      {"c7070c8201c202a2622d", Value::Unknown(string, {.is_null = false, .string_prefix = "b-"})},
      {"a0", Value::String("")},
      {"a3616263", Value::String("abc")},
      {"00", Value::Number(0)},
      {"ff", Value::Number(-1)},
      {"ccff", Value::Number(255)},
      {"cd0100", Value::Number(256)},
      {"ce00010000", Value::Number(65536)},
      {"cf0000000100000000", Value::Number(4294967296)},
      {"d3ffffffff00000000", Value::Number(-4294967296)},
      {"cb3fe0000000000000", Number("0.5")},
      {"a3302e31", Number("0.1")},
      {"a6302e33333333", Number("0.3333")},
      {"bf31303030303030303030303030303030303030303030303030303030303030", Number("1e30")},
      {"9301a178c0", Value::Tuple({Value::Number(1), Value::String("x"), Value::Null(string)})},
      {"90", Value::List(string, {})},
      {"82a161c2a162c0", Value::Object({{"a", Value::Bool(false)}, {"b", Value::Null(string)}})},
      {"92c40822737472696e6722a178", Value::Dynamic(Value::String("x"))},
      {"92c40822737472696e6722c0", Value::Dynamic(Value::Null(string))},
  };
}

TEST(ToMsgpack, WritesTheBytesOfTerraform) {
  for (const Pinned& pinned : PinnedValues()) EXPECT_EQ(ToHex(ToMsgpack(pinned.value)), pinned.hex);
}

TEST(FromMsgpack, ReadsTheBytesOfTerraform) {
  for (const Pinned& pinned : PinnedValues()) {
    const auto read = FromMsgpack(Unhex(pinned.hex), pinned.value.type());
    ASSERT_TRUE(read) << pinned.hex << ' ' << read.error().message;
    EXPECT_TRUE(*read == pinned.value) << pinned.hex;
  }
}

TEST(FromMsgpack, ReadsNumbersInAnyForm) {
  for (const std::string_view hex : {"05", "cc05", "cd0005", "ce00000005", "cf0000000000000005", "d005", "d10005", "d200000005",
                                     "d30000000000000005", "ca40a00000", "cb4014000000000000", "a135", "a3352e30", "a3356530"}) {
    const auto read = FromMsgpack(Unhex(hex), Type::Number());
    ASSERT_TRUE(read) << hex << ' ' << read.error().message;
    EXPECT_TRUE(*read == Value::Number(5)) << hex;
  }
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("a474657874"), Type::Number()), "the number is not finite, or has too many digits");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("cb7ff0000000000000"), Type::Number()), "the number is not finite, or has too many digits");
}

TEST(FromMsgpack, KeepsNumbersThatADoubleWouldLose) {
  for (const std::string_view text : {"0.1", "12345678901234567890123", "18446744073709551615", "-9223372036854775808",
                                      "0.12345678901234567890123456789", "1e600"}) {
    const auto read = FromMsgpack(ToMsgpack(Number(text)), Type::Number());
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->AsNumber(), *NumberText::Parse(text));
  }
}

TEST(FromMsgpack, EveryExtensionIsUnknown) {
  for (const std::string_view hex : {"d40100", "d5000000", "c700ff", "c70105aa", "d6ff00000000"}) {
    const auto read = FromMsgpack(Unhex(hex), Type::String());
    ASSERT_TRUE(read) << hex;
    EXPECT_TRUE(read->is_unknown());
  }
}

TEST(FromMsgpack, KeepsEveryRefinement) {
  const Refinement number{
      .is_null = false, .minimum = std::pair(*NumberText::Parse("0.1"), true), .maximum = std::pair(NumberText(12), false)};
  const Refinement list{.is_null = false, .minimum_length = 1, .maximum_length = 70000};

  const auto read_number = FromMsgpack(ToMsgpack(Value::Unknown(Type::Number(), number)), Type::Number());
  const auto read_list = FromMsgpack(ToMsgpack(Value::Unknown(Type::List(Type::Bool()), list)), Type::List(Type::Bool()));

  ASSERT_TRUE(read_number && read_list);
  EXPECT_EQ(read_number->refinement(), number);
  EXPECT_EQ(read_list->refinement(), list);
}

TEST(FromMsgpack, SkipsRefinementsThatItDoesNotKnow) {
  const auto read = FromMsgpack(Unhex("c7060c8201c2639101"), Type::String());

  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->refinement(), Refinement{.is_null = false});
}

TEST(FromMsgpack, RefusesMalformedRefinements) {
  // Cut off, no map, a text as key, a text as bool, a bool as text, a bound of one, a length that is no number, trailing bytes.
  for (const std::string_view hex : {"c7010c82", "d50c01c2", "c7040c81a161c2", "c7040c8101a161", "d60c8102c2aa", "c7040c81039101",
                                     "c7040c8105a161", "c7050cdfffffffff"}) {
    EXPECT_EQ(WhyMsgpackIsRefused(Unhex(hex), Type::String()), "the refinement of an unknown value is malformed") << hex;
  }
  const std::string large = Unhex("c804040c") + std::string(1028, '\0');
  EXPECT_EQ(WhyMsgpackIsRefused(large, Type::String()), "the refinement of an unknown value is malformed");
}

TEST(FromMsgpack, SaysWhichPartIsWrong) {
  const Type type =
      Type::Object({{"tags", Type::Map(Type::String())}, {"zones", Type::List(Type::Object({{"n", Type::Number()}}))}});

  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("82a47461677390a57a6f6e657390"), type), "tags: a map is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("82a47461677381a16b01a57a6f6e657390"), type), "tags[\"k\"]: a string is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("82a474616773c0a57a6f6e65739281a16e0181a16ec3"), type), "zones[1].n: a number is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("81a474616773c0"), type), "attribute \"zones\" is missing");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("82a474616773c0a178c0"), type), "there is no attribute \"x\"");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("82a474616773c0a474616773c0"), type), "\"tags\" is given twice");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("8101c0"), type), "a key must be a string");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("81c0c0"), type), "a key must be a string");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("8190c0"), type), "a key must be a string");
}

TEST(FromMsgpack, RefusesAnotherKind) {
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("a161"), Type::Bool()), "a bool is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("c40161"), Type::String()), "a string is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("80"), Type::List(Type::Bool())), "a list is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("01"), Type::Set(Type::Bool())), "a set is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("91c3"), Type::Tuple({Type::Bool(), Type::Bool()})),
            "the tuple has another number of elements");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("c3"), Type::Dynamic()), "a type and a value are required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("91c3"), Type::Dynamic()), "a type and a value are required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("92c3c3"), Type::Dynamic()), "a type is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("92c0c3"), Type::Dynamic()), "a type is required");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("92c40922") + "dynamic\"" + Unhex("c3"), Type::Dynamic()),
            "the type of a dynamic value is malformed");
}

TEST(FromMsgpack, RefusesEveryTruncation) {
  for (const Pinned& pinned : PinnedValues()) {
    const std::string bytes = Unhex(pinned.hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(FromMsgpack(std::string_view(bytes).substr(0, size), pinned.value.type())) << pinned.hex << ' ' << size;
    }
  }
}

TEST(FromMsgpack, RefusesBytesBehindTheValue) {
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("c3c3"), Type::Bool()), "bytes follow the value");
  EXPECT_EQ(WhyMsgpackIsRefused(Unhex("c1"), Type::Bool()), "not valid MessagePack, or cut off");
}

TEST(FromMsgpack, AllocatesNothingForALengthAlone) {
  EXPECT_FALSE(FromMsgpack(Unhex("ddffffffff"), Type::List(Type::Bool())));
  EXPECT_FALSE(FromMsgpack(Unhex("dfffffffff"), Type::Map(Type::Bool())));
  EXPECT_FALSE(FromMsgpack(Unhex("dbffffffff"), Type::String()));
}

Type Lists(std::size_t levels) {
  Type type = Type::Bool();
  for (std::size_t i = 0; i < levels; ++i) type = Type::List(type);
  return type;
}

TEST(FromMsgpack, StopsAt64Levels) {
  EXPECT_TRUE(FromMsgpack(std::string(64, '\x91') + '\xc3', Lists(64)));
  EXPECT_TRUE(WhyMsgpackIsRefused(std::string(65, '\x91') + '\xc3', Lists(65)).ends_with("nested deeper than 64 levels"));
}

TEST(FromMsgpack, ReadsWhatToMsgpackWrites) {
  tests::RandomValues random(20260102);
  for (int i = 0; i < 2000; ++i) {
    const Type type = random.NextType(3);
    const Value value = random.Next(type, true);
    const std::string bytes = ToMsgpack(value);

    const auto read = FromMsgpack(bytes, type);

    ASSERT_TRUE(read) << ToHex(bytes) << ' ' << read.error().message;
    ASSERT_TRUE(*read == value) << ToHex(bytes);
    ASSERT_EQ(ToHex(ToMsgpack(*read)), ToHex(bytes));
  }
}

TEST(FromMsgpack, SurvivesAnyChangedByte) {
  tests::RandomValues random(7);
  for (int i = 0; i < 200; ++i) {
    const Type type = random.NextType(3);
    std::string bytes = ToMsgpack(random.Next(type, true));
    for (char& byte : bytes) {
      const char before = byte;
      for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xffU}) {
        byte = static_cast<char>(static_cast<unsigned char>(before) ^ flip);
        const auto read = FromMsgpack(bytes, type);
        EXPECT_TRUE(!read || FromMsgpack(ToMsgpack(*read), type));
      }
      byte = before;
    }
  }
}

}  // namespace
}  // namespace schema::cty

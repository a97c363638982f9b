// SPDX-License-Identifier: MPL-2.0
#include "base/dns/message.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/text.h"

namespace base::dns {
namespace {

// dig @server -p port TXT _acme-challenge.example.test +norecurse, its reply from BIND 9.18: two values, one of two strings.
const std::string kTxtReply = *FromHex(
    "1234840000010002000000000f5f61636d652d6368616c6c656e6765076578616d706c650474657374000010"
    "0001c00c001000010000003c0004036f6e65"
    "c00c001000010000003c00080374776f032d6969");
constexpr std::size_t kHeaderSize = 12;

std::string Query(const std::string& name, RecordType type = RecordType::kTxt) {
  return *BuildQuery(0x1234, {.name = name, .type = type}, Recursion::kWanted);
}

TEST(BuildQuery, HasTheseBytes) {
  const auto query = BuildQuery(0x1234, {.name = "a.test", .type = RecordType::kSoa}, Recursion::kWanted);

  ASSERT_TRUE(query);
  // Header: RD, one question, one additional; the question; OPT with 1232 octets.
  EXPECT_EQ(Hex(*query),
            "123401000001000000000001"
            "01610474657374000006"
            "0001"
            "00002904d0000000000000");
}

TEST(BuildQuery, AsksAnAuthoritativeServerWithoutRecursion) {
  EXPECT_EQ(Hex(*BuildQuery(1, {.name = "."}, Recursion::kUnwanted)).substr(4, 4), "0000");
}

TEST(BuildQuery, RefusesWhatIsNoName) {
  for (const std::string& name : {std::string("a..b"), std::string(64, 'a') + ".test", std::string(300, 'a')}) {
    const auto query = BuildQuery(1, {.name = name}, Recursion::kWanted);

    ASSERT_FALSE(query) << name;
    EXPECT_EQ(query.error().kind, ErrorKind::kInvalid) << name;
  }
}

TEST(ParseMessage, ReadsBackAQuery) {
  const auto message = ParseMessage(Query("A.Test."));

  ASSERT_TRUE(message);
  EXPECT_EQ(message->id, 0x1234);
  EXPECT_FALSE(message->is_reply);
  ASSERT_EQ(message->questions.size(), 1u);
  EXPECT_EQ(message->questions[0].name, "a.test.");
  EXPECT_EQ(message->questions[0].type, RecordType::kTxt);
}

// Found by fuzzing: ldns leaks the first one.
TEST(ParseMessage, RefusesTwoTsigRecords) {
  const std::string record("\1k\0\0\xFA\0\xFF\0\0\0\0\0\x1B\1h\0\0\0\0\0\0\0\0\0\0\x08mmmmmmmm\0\0\0\0\0\0", 40);
  const auto message = [&](char count) {
    std::string text("\0\1\x84\0\0\0\0\0\0\0\0", 11);
    text.push_back(count);
    for (char i = 0; i < count; ++i) text += record;
    return text;
  };

  const auto one = ParseMessage(message(1));
  const auto two = ParseMessage(message(2));

  EXPECT_TRUE(one) << one.error().message;
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().message, "not a DNS message: it has more than one TSIG record");
}

TEST(ParseMessage, JoinsTheStringsOfEachTxtValue) {
  const auto message = ParseMessage(kTxtReply);

  ASSERT_TRUE(message) << message.error().message;
  EXPECT_TRUE(message->is_reply);
  EXPECT_TRUE(message->is_authoritative);
  ASSERT_EQ(message->answers.size(), 2u);
  EXPECT_EQ(message->answers[0].name, "_acme-challenge.example.test.");
  EXPECT_EQ(message->answers[0].ttl, 60u);
  EXPECT_EQ(message->answers[0].data, "one");
  EXPECT_EQ(message->answers[1].data, "two-ii");
}

TEST(ParseMessage, KeepsTheCaseOfTxtValues) {
  std::string reply = kTxtReply;
  reply.replace(reply.find("one"), 3, "OnE");

  EXPECT_EQ(ParseMessage(reply)->answers[0].data, "OnE");
}

// A record of the type behind the question "t." of a reply.
std::string ReplyWith(std::string_view type, std::string_view data) {
  std::string size(1, static_cast<char>(data.size() / 2));
  return *FromHex(
      Cat("000184000001000100000000"
          "01740000010001"
          "c00c",
          type, "00010000000a00", Hex(size), data));
}

TEST(ParseMessage, ReadsEveryTypeThatIsUsed) {
  EXPECT_EQ(ParseMessage(ReplyWith("0001", "c0000201"))->answers[0].data, "192.0.2.1");
  EXPECT_EQ(ParseMessage(ReplyWith("001c", "20010db8000000000000000000000001"))->answers[0].data, "2001:db8::1");
  EXPECT_EQ(ParseMessage(ReplyWith("0005", "0141c00c"))->answers[0].data, "a.t.");
  EXPECT_EQ(ParseMessage(ReplyWith("0002", "026e73c00c"))->answers[0].data, "ns.t.");
  const Record soa = ParseMessage(ReplyWith("0006",
                                            "026e73c00c026f70c00c"
                                            "00000001000000020000000300000004000004d2"))
                         ->answers[0];
  EXPECT_EQ(soa.data, "ns.t.");
  EXPECT_EQ(soa.minimum, 1234u);
  EXPECT_EQ(ParseMessage(ReplyWith("0063", "0161"))->answers[0].data, "");  // SPF, which nothing here asks for
}

TEST(ParseMessage, RefusesEveryCutOffMessage) {
  for (std::size_t size = 0; size < kTxtReply.size(); ++size) {
    const auto message = ParseMessage(std::string_view(kTxtReply).substr(0, size));

    ASSERT_FALSE(message) << size;
    EXPECT_EQ(message.error().kind, ErrorKind::kProtocol);
  }
}

TEST(ParseMessage, RefusesACompressionLoop) {
  const std::string to_itself = *FromHex(
      "000184000001000000000000"
      "c00c"
      "00010001");
  const std::string to_each_other = *FromHex(
      "000184000001000000000000"
      "c00ec00c"
      "00010001");
  const std::string past_the_end = *FromHex(
      "000184000001000000000000"
      "c0ff"
      "00010001");

  EXPECT_FALSE(ParseMessage(to_itself));
  EXPECT_FALSE(ParseMessage(to_each_other));
  EXPECT_FALSE(ParseMessage(past_the_end));
}

TEST(ParseMessage, RefusesAMessageOverTheLimit) {
  const auto message = ParseMessage(Cat(kTxtReply, std::string(65536, '\0')));

  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().message, "the DNS message is over 65535 octets");
}

TEST(ParseMessage, SurvivesEveryFlippedByte) {
  for (std::size_t at = 0; at < kTxtReply.size(); ++at) {
    for (const int flip : {0x01, 0x40, 0x80, 0xFF}) {
      std::string broken = kTxtReply;
      broken[at] = static_cast<char>(broken[at] ^ flip);
      const auto message = ParseMessage(broken);

      EXPECT_TRUE(message || message.error().kind == ErrorKind::kProtocol) << at;
    }
  }
}

TEST(RcodeName, NamesKnownAndUnknownCodes) {
  EXPECT_EQ(RcodeName(Rcode::kNxDomain), "NXDOMAIN");
  EXPECT_EQ(RcodeName(Rcode::kNotZone), "NOTZONE");
  EXPECT_EQ(RcodeName(Rcode(11)), "RCODE11");
}

TEST(IsTruncated, ReadsTheFlag) {
  std::string reply = kTxtReply;
  EXPECT_FALSE(IsTruncated(reply));

  reply[2] = static_cast<char>(reply[2] | 0x02);
  EXPECT_TRUE(IsTruncated(reply));
  EXPECT_FALSE(IsTruncated(reply.substr(0, kHeaderSize - 1)));
}

TEST(IsReplyTo, MatchesIdOperationAndQuestion) {
  const std::string request = Query("_acme-challenge.EXAMPLE.test.");
  EXPECT_TRUE(IsReplyTo(kTxtReply, request));

  EXPECT_FALSE(IsReplyTo(request, request)) << "not marked as a reply";
  EXPECT_FALSE(IsReplyTo(kTxtReply, Query("_acme-challenge.other.test."))) << "another name";
  EXPECT_FALSE(IsReplyTo(kTxtReply, Query("_acme-challenge.example.test.", RecordType::kA))) << "another type";
  EXPECT_FALSE(IsReplyTo("\x12\x35" + kTxtReply.substr(2), request)) << "another id";
  EXPECT_FALSE(IsReplyTo(kTxtReply.substr(0, kHeaderSize - 1), request)) << "no whole header";
  std::string update = kTxtReply;
  update[2] = static_cast<char>(update[2] | 0x28);
  EXPECT_FALSE(IsReplyTo(update, request)) << "another operation";
}

TEST(IsReplyTo, TakesAnErrorWithoutItsQuestion) {
  const std::string request = Query("example.test.");
  const std::string refused = *FromHex("123480050000000000000000");
  const std::string success = *FromHex("123480000000000000000000");

  EXPECT_TRUE(IsReplyTo(refused, request));
  EXPECT_FALSE(IsReplyTo(success, request));
}

}  // namespace
}  // namespace base::dns

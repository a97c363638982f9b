// SPDX-License-Identifier: MPL-2.0
// Our TSIG against ldns's own, which judges what we sign and signs what we verify.
#include "base/dns/tsig.h"

#include <gtest/gtest.h>

#include "base/dns/ldns_handle.h"
#include "base/dns/message.h"
#include "base/encoding.h"
#include "base/text.h"

namespace base::dns {
namespace {

struct Algorithm {
  crypto::Hash hash;
  const char* name;
};
// ldns does not know hmac-sha384: BIND judges that one (engine/vendors/rfc2136/connection_test.cc).
constexpr Algorithm kAlgorithms[]{{crypto::Hash::kSha256, "hmac-sha256."}, {crypto::Hash::kSha512, "hmac-sha512."}};
const std::string kSecret = "a secret of thirty-two octets!!!";

TsigKey Key(crypto::Hash hash = crypto::Hash::kSha256) { return {.name = "Key.Test", .hash = hash, .secret = Secret(kSecret)}; }

TimePoint Now() { return std::chrono::system_clock::now(); }

std::string Query() { return *BuildQuery(0x1234, {.name = "example.test.", .type = RecordType::kSoa}, Recursion::kUnwanted); }

PacketHandle Parse(std::string_view wire) {
  ldns_pkt* parsed = nullptr;
  EXPECT_EQ(ldns_wire2pkt(&parsed, Octets(wire), wire.size()), LDNS_STATUS_OK);
  return PacketHandle(parsed);
}

DataHandle MacData(std::string_view mac) {
  const std::string framed = Cat(static_cast<char>(mac.size() >> 8), static_cast<char>(mac.size() & 0xFF), mac);
  return DataHandle(ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, framed.size(), framed.data()));
}

// A reply to `request_mac` as ldns signs it, in wire form.
std::string SignedByLdns(std::string_view request_mac, const char* algorithm = "hmac-sha256.", const char* key = "key.test.") {
  const PacketHandle reply(ldns_pkt_query_new(MakeName("example.test.").release(), LDNS_RR_TYPE_SOA, LDNS_RR_CLASS_IN, LDNS_QR));
  ldns_pkt_set_id(reply.get(), 0x1234);
  const std::string secret = Base64(kSecret);
  EXPECT_EQ(ldns_pkt_tsig_sign(reply.get(), key, secret.c_str(), 300, algorithm, MacData(request_mac).get()), LDNS_STATUS_OK);
  return ToWire(*reply);
}

// The reply without MAC that a server sends when the key or signature is wrong: error, and "other data" in hex.
std::string Unsigned(int error, std::string_view other) {
  const std::string algorithm = Cat(static_cast<char>(11), "hmac-sha256", '\0');
  const std::string octets = *FromHex(other);
  const std::string data =
      Cat(algorithm,
          *FromHex("000000000001012c"
                   "0000"
                   "1234"),
          static_cast<char>(error >> 8), static_cast<char>(error & 0xFF), '\0', static_cast<char>(octets.size()), octets);
  return Cat(*FromHex("123484090000000000000001"
                      "036b65790474657374"
                      "00"
                      "00fa00ff00000000"
                      "00"),
             static_cast<char>(data.size()), data);
}

TEST(SignMessage, IsAcceptedByLdnsForEachAlgorithm) {
  for (const Algorithm& algorithm : kAlgorithms) {
    const auto made = SignMessage(Query(), Key(algorithm.hash), Now());

    ASSERT_TRUE(made);
    const PacketHandle parsed = Parse(made->wire);
    const std::string secret = Base64(kSecret);
    EXPECT_TRUE(ldns_pkt_tsig_verify(parsed.get(), Octets(made->wire), made->wire.size(), "key.test.", secret.c_str(), nullptr))
        << algorithm.name;
  }
}

TEST(SignMessage, HasTheseBytes) {
  // The MAC was computed apart from this code, by Python's hmac over the octets of RFC 8945 section 4.3.
  const auto made = SignMessage(*FromHex("123400000001000000000000"
                                         "01740000060001"),
                                Key(), TimePoint(std::chrono::seconds(0x65920080)));

  ASSERT_TRUE(made);
  EXPECT_EQ(Hex(made->wire),
            "123400000001000000000001"
            "01740000060001"
            "036b65790474657374"
            "00"
            "00fa"
            "00ff"
            "00000000"
            "003d"
            "0b686d61632d736861323536"
            "00"
            "000065920080"
            "012c"
            "0020"
            "60bca5eb640241a48939ee28daf67da7d07b6c27b329fc4a9a1d71b0b3ec71ca"
            "1234"
            "0000"
            "0000");
}

TEST(SignMessage, RefusesAKeyNameThatIsNone) {
  EXPECT_EQ(SignMessage(Query(), {.name = "a..b"}, Now()).error().kind, ErrorKind::kInvalid);
}

TEST(VerifyReply, AcceptsWhatLdnsSigned) {
  for (const Algorithm& algorithm : kAlgorithms) {
    const auto verified =
        VerifyReply(SignedByLdns("the request's mac", algorithm.name), Key(algorithm.hash), "the request's mac", Now());

    EXPECT_TRUE(verified) << algorithm.name << ": " << verified.error().message;
  }
}

TEST(VerifyReply, RefusesAReplyToAnotherRequest) {
  const auto verified = VerifyReply(SignedByLdns("another mac"), Key(), "the request's mac", Now());

  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::kProtocol);
}

TEST(VerifyReply, RefusesEveryAlteredByte) {
  const std::string reply = SignedByLdns("mac");
  ASSERT_TRUE(VerifyReply(reply, Key(), "mac", Now()));
  // The first two are the id, which is restored from the signature's own copy.
  for (std::size_t at = 2; at < reply.size(); ++at) {
    std::string altered = reply;
    altered[at] = static_cast<char>(altered[at] ^ 0x01);

    EXPECT_FALSE(VerifyReply(altered, Key(), "mac", Now())) << at;
  }
}

TEST(VerifyReply, RefusesAnotherKeyOrAlgorithm) {
  for (const std::string& reply : {SignedByLdns("mac", "hmac-sha256.", "other.test."), SignedByLdns("mac", "hmac-sha512.")}) {
    EXPECT_EQ(VerifyReply(reply, Key(), "mac", Now()).error().kind, ErrorKind::kProtocol);
    EXPECT_FALSE(IsUnsigned(reply));
  }
}

TEST(VerifyReply, RefusesAnUnsignedReply) {
  const auto verified = VerifyReply(Query(), Key(), "mac", Now());

  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::kProtocol);
  EXPECT_TRUE(IsUnsigned(Query()));
}

TEST(VerifyReply, RefusesAnOldReply) {
  const auto verified = VerifyReply(SignedByLdns("mac"), Key(), "mac", Now() + std::chrono::minutes(10));

  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, "BADTIME");
}

TEST(VerifyReply, TellsTheServersErrorsApart) {
  const struct {
    int error;
    std::string_view code;
    std::string_view says;
  } cases[]{{16, "BADSIG", "another secret"}, {17, "BADKEY", "does not know the TSIG key \"Key.Test\""}};
  for (const auto& one : cases) {
    const auto verified = VerifyReply(Unsigned(one.error, ""), Key(), "mac", Now());

    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().kind, ErrorKind::kDenied);
    EXPECT_EQ(verified.error().code, one.code);
    EXPECT_NE(verified.error().message.find(one.says), std::string::npos) << verified.error().message;
  }
}

TEST(VerifyReply, RefusesAnyOtherErrorWithoutASignature) {
  for (const int error : {0, 18, 22, 99}) {
    const auto verified = VerifyReply(Unsigned(error, "000000000001"), Key(), "mac", Now());

    ASSERT_FALSE(verified) << error;
    EXPECT_EQ(verified.error().kind, ErrorKind::kProtocol) << error;
  }
}

TEST(VerifyReply, RefusesEveryCutOffReply) {
  const std::string reply = SignedByLdns("mac");
  for (std::size_t size = 0; size < reply.size(); ++size) {
    EXPECT_FALSE(VerifyReply(std::string_view(reply).substr(0, size), Key(), "mac", Now())) << size;
  }
}

TEST(ParseTsigAlgorithm, TakesTheThreeNamesInAnySpelling) {
  EXPECT_EQ(ParseTsigAlgorithm("hmac-sha256"), crypto::Hash::kSha256);
  EXPECT_EQ(ParseTsigAlgorithm("HMAC-SHA384."), crypto::Hash::kSha384);
  EXPECT_EQ(ParseTsigAlgorithm("hmac-sha512"), crypto::Hash::kSha512);
  EXPECT_EQ(ParseTsigAlgorithm("hmac-md5"), std::nullopt);
}

}  // namespace
}  // namespace base::dns

// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/framing.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using provider::grpc::Code;
using provider::grpc::OneMessage;

std::string Framed(const std::string& message) {
  std::string framed = std::string(provider::grpc::kPrefixSize, 'x') + message;
  provider::grpc::FillPrefix(framed);
  return framed;
}

TEST(GrpcFraming, PrefixIsFlagAndLength) {
  EXPECT_EQ(Framed("abc"), std::string("\0\0\0\0\3abc", 8));
  EXPECT_EQ(Framed(std::string(0x010203, 'x')).substr(0, 5), std::string("\x00\x00\x01\x02\x03", 5));
  EXPECT_EQ(OneMessage(Framed("abc")).message, "abc");
  EXPECT_EQ(OneMessage(Framed("")).status.code, Code::kOk);
}

TEST(GrpcFraming, RefusesWhatIsNotOneWholeMessage) {
  const std::string whole = Framed("message");
  for (const std::string& body : {std::string(), whole.substr(0, 4), whole.substr(0, whole.size() - 1), whole + whole,
                                  std::string("\xFF\xFF\xFF\xFF\xFF", 5), std::string("\2\0\0\0\1x", 6)}) {
    EXPECT_EQ(OneMessage(body).status.code, Code::kInternal) << testing::PrintToString(body);
  }
  EXPECT_EQ(OneMessage(std::string("\1\0\0\0\1x", 6)).status.code, Code::kUnimplemented);
}

TEST(GrpcFraming, MessageOfAStatusIsPrintableAscii) {
  EXPECT_EQ(provider::grpc::EncodeMessage("50 % of \xC3\xBC\n~"), "50 %25 of %c3%bc%0a~");
}

}  // namespace

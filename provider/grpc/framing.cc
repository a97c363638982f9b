// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/framing.h"

#include <cstdint>

#include "base/encoding.h"
#include "base/text.h"

namespace provider::grpc {
namespace {

std::uint32_t ReadLength(std::string_view prefix) {
  std::uint32_t length = 0;
  for (const char c : prefix.substr(1)) length = length << 8U | static_cast<unsigned char>(c);
  return length;
}

}  // namespace

void FillPrefix(std::string& framed) {
  const std::size_t length = framed.size() - kPrefixSize;
  framed[0] = '\0';
  for (std::size_t byte = 1; byte < kPrefixSize; ++byte) {
    framed[byte] = static_cast<char>(length >> (8 * (kPrefixSize - 1 - byte)) & 0xFFU);
  }
}

Unframed OneMessage(std::string_view body) {
  if (body.size() < kPrefixSize) return {.status = {Code::kInternal, "the request has no message"}};
  if (body[0] == '\1') return {.status = {Code::kUnimplemented, "the message is compressed, which was not offered"}};
  if (body[0] != '\0') return {.status = {Code::kInternal, "the message begins with an unknown flag"}};
  const std::string_view message = body.substr(kPrefixSize);
  if (message.size() != ReadLength(body.substr(0, kPrefixSize))) {
    return {.status = {Code::kInternal, "the request is not one whole message"}};
  }
  return {.message = message};
}

std::string EncodeMessage(std::string_view text) {
  std::string encoded;
  for (const char& c : text) {
    const bool plain = c >= ' ' && c <= '~' && c != '%';
    encoded += plain ? std::string(1, c) : base::Cat('%', base::Hex(std::string_view(&c, 1)));
  }
  return encoded;
}

}  // namespace provider::grpc

// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/pem.h"

#include "base/encoding.h"
#include "base/text.h"

namespace base::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kLine = 64;

}  // namespace

std::optional<std::vector<PemBlock>> SplitPem(std::string_view text) {
  std::vector<PemBlock> blocks;
  while (!text.empty()) {
    const auto label_end = text.find(kDashes, kBegin.size());
    const auto end = text.find(kEnd);
    if (!text.starts_with(kBegin) || label_end == std::string_view::npos || end == std::string_view::npos || end < label_end) {
      return std::nullopt;
    }
    std::string base64;
    for (const char c : text.substr(label_end + kDashes.size(), end - label_end - kDashes.size())) {
      if (c != '\n') base64 += c;
    }
    auto der = FromBase64(base64);
    if (!der) return std::nullopt;
    PemBlock block{.label = std::string(text.substr(kBegin.size(), label_end - kBegin.size())), .der = *std::move(der)};
    const std::string written = ToPem(block);
    if (!text.starts_with(written)) return std::nullopt;
    text.remove_prefix(written.size());
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string ToPem(const PemBlock& block) {
  const std::string base64 = Base64(block.der);
  std::string text = Cat(kBegin, block.label, kDashes, "\n");
  for (std::size_t at = 0; at < base64.size(); at += kLine) text.append(base64, at, kLine).append("\n");
  return text.append(Cat(kEnd, block.label, kDashes, "\n"));
}

}  // namespace base::crypto

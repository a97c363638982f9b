// SPDX-License-Identifier: MPL-2.0
// Whatever a server sends: no crash, and a name that was read is written and read back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/dns/message.h"
#include "base/dns/tsig.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view wire(reinterpret_cast<const char*>(data), size);
  static const std::string request = *base::dns::BuildQuery(1, {.name = "example.test."}, base::dns::Recursion::kUnwanted);
  static const base::dns::TsigKey key{.name = "key.", .secret = base::Secret("secret")};
  static_cast<void>(base::dns::IsTruncated(wire));
  static_cast<void>(base::dns::IsReplyTo(wire, request));
  fuzz::Require(!base::dns::VerifyReply(wire, key, "mac", base::TimePoint()).ok(), "nobody signs without the key");

  const auto message = base::dns::ParseMessage(wire);
  if (!message || message->questions.empty()) return 0;
  const base::dns::Question& question = message->questions.front();
  const auto written = base::dns::BuildQuery(message->id, question, base::dns::Recursion::kWanted);
  if (!written) return 0;
  const auto again = base::dns::ParseMessage(*written);
  if (!again || again->questions.size() != 1 || again->questions.front().name != question.name) std::abort();
  return 0;
}

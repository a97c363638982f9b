// SPDX-License-Identifier: MPL-2.0
// Whatever a program or server of the user's answers: what is taken over is short, printable, and as digests where it may be
// secret.
#include <string>

#include "base/text.h"
#include "engine/sync/user_store_protocol.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

bool IsHex(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void CheckPrintable(const std::string& text, std::size_t limit) {
  Require(text.size() <= limit, "what is taken over is short");
  Require(base::Printable(text, text.size()) == text, "what is taken over is printable");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  const auto answer = engine::sync::ParseUserStoreAnswer(text);
  if (!answer) {
    Require(!answer.error().message.empty() && answer.error().message.size() <= 1000, "an error says something, and not much");
    fuzz::RequireUtf8(answer.error().message, "errors are UTF-8");
  } else {
    Require(!answer->external_id.empty(), "an object has an ID");
    CheckPrintable(answer->external_id, engine::sync::kMaxExternalId);
    CheckPrintable(answer->version, 256);
    Require(answer->fingerprint_sha256.empty() || IsHex(answer->fingerprint_sha256, 64), "a fingerprint is a digest");
    Require(answer->marks.size() <= 2 && answer->parts.size() <= 32, "there is no end of marks and parts");
    for (const auto& [name, value] : answer->marks) CheckPrintable(value, 256);
    for (const auto& [name, value] : answer->parts) {
      CheckPrintable(name, 60);
      Require(IsHex(value, 32), "nothing of a part is kept but its digest");
    }
  }
  const bool is_removed = engine::sync::ParseUserStoreRemoval(text).ok();
  Require(!is_removed || !answer, "no answer says both");
  return 0;
}

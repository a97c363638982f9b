// SPDX-License-Identifier: MPL-2.0
// A handle that opens is the one text that its content seals to; what was sealed opens; a handle that was altered or cut off
// opens never.
#include <array>
#include <string>

#include "resources/sealed/handle.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;
namespace kind = resources::sealed::handle_kind;

constexpr std::array kKinds = {kind::kConnection, kind::kCa, kind::kCertificate, kind::kJournal};

// The key with which the corpus was sealed.
const resources::sealed::Sealer& TheSealer() {
  static const resources::sealed::Sealer sealer = resources::sealed::Sealer::Ready(
      *resources::sealed::SealingKey::Parse(base::Secret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")), {});
  return sealer;
}

void CheckForeign(std::string_view text) {
  const auto prefix = resources::sealed::ReadHandlePrefix(text);
  int opened_as = 0;
  for (const std::string_view one : kKinds) {
    const auto opened = TheSealer().Open(one, text);
    if (!opened) {
      fuzz::RequireUtf8(opened.error().message, "the message of a refusal is UTF-8");
      continue;
    }
    ++opened_as;
    Require(prefix && prefix->kind == one, "the clear prefix says what opens");
    Require(resources::sealed::CheckHandleForm(one, text).ok(), "what opens has the form of a handle");
    Require(TheSealer().IsStale(text) == (prefix->format == 1), "what the present key sealed in the present format is not stale");
    if (prefix->format == 1) continue;
    const auto sealed = TheSealer().Seal(one, opened->payload, prefix->facts);
    Require(sealed && *sealed == text, "one content has one handle");
  }
  Require(opened_as <= 1, "a handle is of one kind");
}

void CheckOwn(std::string_view one, std::size_t position, char replacement, std::string_view payload) {
  const auto sealed = TheSealer().Seal(one, base::Secret(std::string(payload)));
  Require(sealed.ok(), "any content can be sealed");
  const auto opened = TheSealer().Open(one, *sealed);
  Require(opened && opened->payload.Reveal() == payload, "what was sealed opens");
  std::string altered = *sealed;
  position %= altered.size();
  Require(!TheSealer().Open(one, altered.substr(0, position)).ok(), "a handle that is cut off does not open");
  if (altered[position] == replacement) return;
  altered[position] = replacement;
  Require(!TheSealer().Open(one, altered).ok(), "a handle that was altered does not open");
}

}  // namespace

// A first byte below 128: the rest is a handle. Else: position (2 bytes), the byte that goes there, and a content of at least a
// byte.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  if (data[0] < 128) {
    CheckForeign(fuzz::Text(data + 1, size - 1));
  } else if (size > 4) {
    const std::size_t position = static_cast<std::size_t>(data[1]) * 256U + data[2];
    CheckOwn(kKinds[data[0] % kKinds.size()], position, static_cast<char>(data[3]), fuzz::Text(data + 4, size - 4));
  }
  return 0;
}

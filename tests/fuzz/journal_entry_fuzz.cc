// SPDX-License-Identifier: MPL-2.0
// Entries of the journal: names and contents that are taken are written and read again as the same; what is to be done with an
// entry can always be said.
#include <chrono>
#include <string>

#include "resources/certificate/issuance_entry.h"
#include "resources/sealed/journal.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

void CheckName(std::string_view text) {
  const auto name = resources::sealed::EntryName::Parse(text);
  if (!name) return;
  Require(name->ToText() == text, "a name is written as it was read");
  Require(text.find('/') == std::string_view::npos && !text.starts_with('.'), "a name is a file in its own folder");
}

void CheckContent(std::string_view text) {
  const auto entry = resources::certificate::ParseIssuanceEntry(base::Secret(std::string(text)));
  if (!entry) return;
  const base::Secret written = resources::certificate::ToText(*entry);
  const auto again = resources::certificate::ParseIssuanceEntry(written);
  Require(again && resources::certificate::ToText(*again).Reveal() == written.Reveal(), "an entry is written and read again");
  const base::TimePoint now{std::chrono::seconds(1'800'000'000)};
  const auto use = resources::certificate::DecideUse(*entry, entry->configuration, now);
  Require(use != resources::certificate::LeftUse::kDeliver || !entry->full_chain_pem.empty(), "only a certificate is delivered");
  static_cast<void>(resources::certificate::IsSuperfluous(*entry, {.fingerprint_sha256 = "00", .not_before = now}));
  static_cast<void>(resources::certificate::DecideCare(*entry, true, *again, now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CheckName(fuzz::Text(data, size));
  CheckContent(fuzz::Text(data, size));
  return 0;
}

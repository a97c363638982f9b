// SPDX-License-Identifier: MPL-2.0
// Records that name a CA (RFC 8659 section 4.2): what is found in one are parts of it, and no TXT value is taken for a proof that
// does not name the CA and the account.
#include <string>
#include <vector>

#include "base/text.h"
#include "engine/dns/issue_value.h"
#include "engine/dns/persistent_records.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

constexpr const char* kAccount = "https://ca.test/acct/1";
constexpr base::TimePoint kAtPresent{std::chrono::seconds(1'767'225'600)};

bool IsPartOf(std::string_view part, std::string_view text) {
  return part.empty() || (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  const auto value = engine::dns::ParseIssueValue(text);
  Require(IsPartOf(value.issuer, text), "the issuer is a part of the text");
  for (const auto& [name, parameter] : value.parameters) {
    Require(IsPartOf(name, text) && IsPartOf(parameter, text), "parameters are parts of the text");
  }
  const engine::acme::PersistentProof name{.issuers = {"ca.test"}, .account_uris = {kAccount}};
  engine::acme::PersistentProof wildcard = name;
  wildcard.is_for_wildcard = true;
  const std::vector<std::string> texts{std::string(text)};
  const std::string lack = engine::dns::FindPersistentLack(texts, name, kAtPresent);
  fuzz::RequireUtf8(lack, "what a record lacks is UTF-8");
  if (lack.empty()) {
    Require(text.find("ca.test") != std::string_view::npos && text.find(kAccount) != std::string_view::npos,
            "a proof names the CA and the account");
  }
  const bool is_good_for_wildcard = engine::dns::FindPersistentLack(texts, wildcard, kAtPresent).empty();
  Require(!is_good_for_wildcard || lack.empty(), "what is good for the wildcard is good for the name");
  return 0;
}

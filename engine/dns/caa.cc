// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/caa.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/dns/issue_value.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::EqualsIgnoreCase;
using base::Trim;

constexpr unsigned kCritical = 128;
constexpr std::size_t kMaxQuoted = 300;
// Those that a CA for websites must know or may ignore: iodef (RFC 8659), contactemail and contactphone (CA/Browser Forum),
// issuemail (RFC 9495), issuevmc.
constexpr std::array<std::string_view, 7> kKnownTags = {"contactemail", "contactphone", "iodef",    "issue",
                                                        "issuemail",    "issuevmc",     "issuewild"};

bool IsCaOf(const IssueValue& grant, const CaaIssuer& issuer) {
  return std::any_of(issuer.identities.begin(), issuer.identities.end(),
                     [&](const std::string& identity) { return EqualsIgnoreCase(identity, grant.issuer); });
}

bool AllowsAccount(const IssueValue& grant, const CaaIssuer& issuer) {
  const auto accounts = grant.Find("accounturi");
  return accounts.empty() || (accounts.size() == 1 && accounts.front() == issuer.account_url);
}

bool AllowsMethod(const IssueValue& grant, const CaaIssuer& issuer) {
  const auto lists = grant.Find("validationmethods");
  if (lists.empty()) return true;
  if (lists.size() > 1) return false;
  const auto methods = base::Split(lists.front(), ',');
  return std::any_of(methods.begin(), methods.end(),
                     [&](const std::string& method) { return EqualsIgnoreCase(Trim(method), issuer.validation_method); });
}

}  // namespace

std::optional<CaaProperty> ParseCaa(std::string_view data) {
  if (data.size() < 2) return std::nullopt;
  const auto tag_size = static_cast<unsigned char>(data[1]);
  if (tag_size == 0 || data.size() < 2U + tag_size) return std::nullopt;
  return CaaProperty{.is_critical = (static_cast<unsigned char>(data[0]) & kCritical) != 0,
                     .tag = base::ToLower(data.substr(2, tag_size)),
                     .value = std::string(data.substr(2U + tag_size))};
}

std::string ToText(const CaaProperty& property) {
  return Cat(property.is_critical ? kCritical : 0U, ' ', base::Printable(property.tag, 32), " \"",
             base::Printable(property.value, kMaxQuoted), '"');
}

std::optional<std::string> FindCaaRefusal(std::span<const CaaProperty> properties, CaaSubject subject, const CaaIssuer& issuer) {
  for (const CaaProperty& one : properties) {
    if (!one.is_critical || std::find(kKnownTags.begin(), kKnownTags.end(), one.tag) != kKnownTags.end()) continue;
    return Cat("the property \"", base::Printable(one.tag, 32), "\" is marked as critical, and CAs do not know it");
  }
  const auto has = [&](std::string_view tag) {
    return std::any_of(properties.begin(), properties.end(), [&](const CaaProperty& one) { return one.tag == tag; });
  };
  const std::string_view tag = subject == CaaSubject::kWildcard && has("issuewild") ? "issuewild" : "issue";
  if (!has(tag)) return std::nullopt;
  bool names_ca = false;
  bool names_account = false;
  for (const CaaProperty& one : properties) {
    if (one.tag != tag) continue;
    const IssueValue grant = ParseIssueValue(one.value);
    if (grant.is_malformed || !IsCaOf(grant, issuer)) continue;
    names_ca = true;
    if (!AllowsAccount(grant, issuer)) continue;
    names_account = true;
    if (AllowsMethod(grant, issuer)) return std::nullopt;
  }
  if (!names_ca) return Cat("this CA (", base::Join(issuer.identities, ", "), ") is not among their ", tag, " properties");
  if (!names_account) return Cat("they allow this CA for other accounts than ", issuer.account_url);
  return Cat("they do not allow this CA to validate by ", issuer.validation_method);
}

}  // namespace engine::dns

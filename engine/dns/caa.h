// SPDX-License-Identifier: MPL-2.0
// What CAA records allow (RFC 8659, and the parameters of RFC 8657). Decides on parsed records; reads nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::dns {

// One record: `0 issue "ca.example; accounturi=…"`.
struct CaaProperty {
  bool is_critical = false;
  std::string tag;  // lower case
  std::string value;
};

// From a record's data (RFC 8659 section 4.1). Empty if that is malformed. Pure.
std::optional<CaaProperty> ParseCaa(std::string_view data);

// As in a zone file: `0 issue "ca.example"`. Control characters are left out.
std::string ToText(const CaaProperty& property);

// Who would issue, and how.
struct CaaIssuer {
  std::vector<std::string> identities;  // caaIdentities of the CA's directory (RFC 8555 section 9.7.6)
  std::string account_url;
  std::string validation_method;  // "dns-01"
};

enum class CaaSubject { kName, kWildcard };

// Why `properties`, the relevant record set of a name (RFC 8659 section 3), keep `issuer` from issuing for it: a clause such as
// "they name no account of this CA". Empty if they allow it, as an empty set does. A critical property of an unknown kind forbids
// everything. Pure.
std::optional<std::string> FindCaaRefusal(std::span<const CaaProperty> properties, CaaSubject subject, const CaaIssuer& issuer);

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
// The value "ca.example; name=value; …" (RFC 8659 section 4.2), of CAA properties and of the TXT records of dns-persist-01.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace engine::dns {

// Views of the text that it was read from.
struct IssueValue {
  std::string_view issuer;  // empty: nobody
  std::vector<std::pair<std::string_view, std::string_view>> parameters{};
  bool is_malformed = false;
  bool has_empty_parameter = false;  // such as after a final semicolon: some readers refuse it

  // Of every parameter of that name, in any case.
  std::vector<std::string_view> Find(std::string_view name) const;
};

// `text`: outlives the result. Pure.
IssueValue ParseIssueValue(std::string_view text);

}  // namespace engine::dns

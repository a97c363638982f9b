// SPDX-License-Identifier: MPL-2.0
// The rules of a certificate profile against what a certificate asks for. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "resources/profile_model.h"

namespace resources {

// What a certificate asks for. Empty members are not known yet, and break no rule.
struct OrderTerms {
  std::optional<std::set<std::string>> dns_names{};  // lower case, without final dots; those that are known
  std::optional<bool> has_common_name{};
  std::optional<bool> has_csr{};
  std::optional<std::string> key_algorithm{};
  std::optional<std::string> profile{};   // "" for none
  std::optional<std::string> validity{};  // "" for none
  std::optional<bool> exports_private_key{};
};

struct RuleViolation {
  std::string rule;      // of the profile: "dns_names.allow"
  std::string argument;  // of the certificate: "dns_names"
  std::string problem;   // what breaks the rule: a sentence
  std::string allowed;   // what does not: a sentence
};

std::vector<RuleViolation> FindViolations(const ProfileRules& rules, const OrderTerms& order);

// `names`: as in OrderTerms.
std::vector<RuleViolation> FindNameViolations(const DnsNamesRule& rule, const std::set<std::string>& names);

}  // namespace resources

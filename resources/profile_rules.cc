// SPDX-License-Identifier: MPL-2.0
#include "resources/profile_rules.h"

#include <algorithm>

#include "base/text.h"
#include "resources/certificate_arguments.h"
#include "resources/name_pattern.h"

namespace resources {
namespace {

using base::Cat;
using Names = std::set<std::string>;
using Violations = std::vector<RuleViolation>;

constexpr std::size_t kMaxListed = 1000;

std::string List(const Names& items) { return base::Printable(base::Join(items, ", "), kMaxListed); }

std::string Allowed(const Names& allowed) {
  return allowed.empty() ? std::string("None is allowed.") : Cat("Allowed: ", List(allowed), ".");
}

// Patterns that cannot be read, which the profile's validators refuse, match nothing.
Names ParsedPatterns(const Names& patterns) {
  Names parsed;
  for (const std::string& one : patterns) {
    if (auto pattern = ParseNamePattern(one)) parsed.insert(*std::move(pattern));
  }
  return parsed;
}

bool IsMatched(const Names& patterns, std::string_view name, bool (*matches)(std::string_view, std::string_view)) {
  return std::ranges::any_of(patterns, [&](const std::string& one) { return matches(one, name); });
}

void CheckPresence(const schema::Field<ArgumentPresence>& rule, const std::optional<bool>& is_present, const char* rule_name,
                   const char* argument, Violations& found) {
  if (!is_present) return;
  if (rule.Get() == ArgumentPresence::kForbidden && *is_present) {
    found.push_back({rule_name, argument, Cat("`", argument, "` is set."), "It is forbidden."});
  }
  if (rule.Get() == ArgumentPresence::kRequired && !*is_present) {
    found.push_back({rule_name, argument, Cat("`", argument, "` is not set."), "It is required."});
  }
}

void CheckKeyAlgorithm(const ProfileRules& rules, const OrderTerms& order, Violations& found) {
  const auto allowed = rules.key_algorithms.Get();
  if (!allowed || !order.key_algorithm || allowed->contains(*order.key_algorithm)) return;
  found.push_back(
      {"key_algorithms", "key_algorithm", Cat("The key algorithm is ", *order.key_algorithm, "."), Allowed(*allowed)});
}

void CheckProfile(const ProfileRules& rules, const OrderTerms& order, Violations& found) {
  const auto allowed = rules.profiles.Get();
  if (!allowed || !order.profile || allowed->contains(*order.profile)) return;
  const bool names_none = order.profile->empty();
  if (names_none && allowed->empty()) return;
  found.push_back({"profiles", "profile", names_none ? "`profile` is not set." : Cat("`profile` is \"", *order.profile, "\"."),
                   Allowed(*allowed)});
}

void CheckValidity(const ProfileRules& rules, const OrderTerms& order, Violations& found) {
  const auto max = rules.max_validity.Get();
  if (!max || !order.validity) return;
  const auto limit = ParseSpan(*max);
  const auto wanted = ParseSpan(*order.validity);
  if (limit && wanted && *wanted <= *limit) return;
  found.push_back({"max_validity", "validity",
                   order.validity->empty() ? "`validity` is not set." : Cat("`validity` is ", *order.validity, "."),
                   Cat("At most ", *max, " is allowed.")});
}

void CheckExport(const ProfileRules& rules, const OrderTerms& order, Violations& found) {
  if (!order.exports_private_key.value_or(false) || rules.export_private_key.Or(false)) return;
  found.push_back({"export_private_key", "export_private_key", "`export_private_key` is true.",
                   "Private keys may not be exported into the state."});
}

}  // namespace

Violations FindNameViolations(const DnsNamesRule& rule, const Names& names) {
  const auto allow = rule.allow.Get();
  const Names allowed = ParsedPatterns(allow.value_or(Names()));
  const Names denied = ParsedPatterns(rule.deny.OrEmpty());
  Names outside;
  Names refused;
  Names wildcards;
  for (const std::string& name : names) {
    if (allow && !IsMatched(allowed, name, MatchesAll)) outside.insert(name);
    if (IsMatched(denied, name, MatchesAny)) refused.insert(name);
    if (!rule.wildcards.Or(true) && name.starts_with('*')) wildcards.insert(name);
  }
  Violations found;
  const auto violate = [&](const char* part, std::string problem, std::string allowed_instead) {
    found.push_back({Cat("dns_names.", part), "dns_names", std::move(problem), std::move(allowed_instead)});
  };
  if (!outside.empty()) violate("allow", Cat("Names that match no pattern: ", List(outside), "."), Allowed(allowed));
  if (!refused.empty())
    violate("deny", Cat("Names that match a denied pattern: ", List(refused), "."), Cat("Denied: ", List(denied), "."));
  if (!wildcards.empty()) violate("wildcards", Cat("Wildcard names: ", List(wildcards), "."), "No wildcard name is allowed.");
  const auto max = rule.max.Get();
  if (max && static_cast<std::int64_t>(names.size()) > *max) {
    violate("max", Cat("There are ", names.size(), " names."), Cat("At most ", *max, " are allowed."));
  }
  return found;
}

Violations FindViolations(const ProfileRules& rules, const OrderTerms& order) {
  Violations found;
  if (order.dns_names) found = FindNameViolations(rules.dns_names.OrEmpty(), *order.dns_names);
  CheckPresence(rules.common_name, order.has_common_name, "common_name", "common_name", found);
  CheckPresence(rules.csr, order.has_csr, "csr", "csr_pem", found);
  CheckKeyAlgorithm(rules, order, found);
  CheckProfile(rules, order, found);
  CheckValidity(rules, order, found);
  CheckExport(rules, order, found);
  return found;
}

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
#include "resources/profile_rules.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "schema/cty/json.h"

namespace resources {
namespace {

// `json`: attributes of the profile; those that are not given are null.
ProfileRules RulesOf(const std::string& json) {
  const auto& model = ProfileRules::Schema();
  const auto value = schema::cty::FromJson(json, model.type(), schema::cty::UnknownMembers::kDropped);
  EXPECT_TRUE(value) << json;
  return value ? model.Read(*value) : ProfileRules();
}

// "dns_names.allow at dns_names" for each violation.
std::string Broken(const std::string& rules, const OrderTerms& order) {
  std::vector<std::string> broken;
  for (const RuleViolation& one : FindViolations(RulesOf(rules), order)) broken.push_back(one.rule + " at " + one.argument);
  return base::Join(broken, ", ");
}

struct RuleCase {
  const char* rules;
  OrderTerms order;
  const char* broken;
};

const std::vector<RuleCase>& RuleCases() {
  static const std::vector<RuleCase> cases = {
      // Absent: anything.
      {"{}",
       {.dns_names = {{"*.a.test"}},
        .has_common_name = true,
        .has_csr = true,
        .key_algorithm = "RSA_4096",
        .profile = "x",
        .validity = "90d"},
       ""},
      {R"({"dns_names": {}})", {.dns_names = {{"*.a.test", "b.test"}}}, ""},
      // Names.
      {R"({"dns_names": {"allow": []}})", {.dns_names = {{"a.test"}}}, "dns_names.allow at dns_names"},
      {R"({"dns_names": {"allow": ["*.a.test", "a.test"]}})", {.dns_names = {{"a.test", "x.a.test", "*.a.test"}}}, ""},
      {R"({"dns_names": {"allow": ["*.A.test."]}})", {.dns_names = {{"x.a.test"}}}, ""},
      {R"({"dns_names": {"allow": ["*.a.test"]}})", {.dns_names = {{"a.test", "x.y.a.test"}}}, "dns_names.allow at dns_names"},
      {R"({"dns_names": {"allow": ["**.a.test"]}})", {.dns_names = {{"x.y.a.test"}}}, ""},
      {R"({"dns_names": {"allow": ["**.a.test"], "deny": ["*.prod.a.test"]}})",
       {.dns_names = {{"x.prod.a.test"}}},
       "dns_names.deny at dns_names"},
      {R"({"dns_names": {"deny": ["admin.a.test"]}})", {.dns_names = {{"*.a.test"}}}, "dns_names.deny at dns_names"},
      {R"({"dns_names": {"deny": []}})", {.dns_names = {{"*.a.test"}}}, ""},
      {R"({"dns_names": {"wildcards": false}})", {.dns_names = {{"a.test"}}}, ""},
      {R"({"dns_names": {"wildcards": false}})", {.dns_names = {{"*.a.test"}}}, "dns_names.wildcards at dns_names"},
      {R"({"dns_names": {"max": 2}})", {.dns_names = {{"a.test", "b.test"}}}, ""},
      {R"({"dns_names": {"max": 2}})", {.dns_names = {{"a.test", "b.test", "c.test"}}}, "dns_names.max at dns_names"},
      {R"({"dns_names": {"allow": ["a.test"], "wildcards": false, "max": 1}})",
       {.dns_names = {{"*.a.test", "b.test"}}},
       "dns_names.allow at dns_names, dns_names.wildcards at dns_names, dns_names.max at dns_names"},
      {R"({"dns_names": {"allow": []}})", {}, ""},  // not known yet
      // Present or not.
      {R"({"common_name": "forbidden"})", {.has_common_name = true}, "common_name at common_name"},
      {R"({"common_name": "forbidden"})", {.has_common_name = false}, ""},
      {R"({"common_name": "required"})", {.has_common_name = false}, "common_name at common_name"},
      {R"({"common_name": "required"})", {}, ""},
      {R"({"common_name": "optional"})", {.has_common_name = true}, ""},
      {R"({"csr": "forbidden"})", {.has_csr = true}, "csr at csr_pem"},
      {R"({"csr": "required"})", {.has_csr = false}, "csr at csr_pem"},
      {R"({"csr": "required"})", {.has_csr = true}, ""},
      // Lists.
      {R"({"key_algorithms": ["EC_P256"]})", {.key_algorithm = "EC_P256"}, ""},
      {R"({"key_algorithms": ["EC_P256"]})", {.key_algorithm = "RSA_2048"}, "key_algorithms at key_algorithm"},
      {R"({"key_algorithms": []})", {.key_algorithm = "EC_P256"}, "key_algorithms at key_algorithm"},
      {R"({"key_algorithms": []})", {}, ""},
      {R"({"profiles": ["shortlived"]})", {.profile = "shortlived"}, ""},
      {R"({"profiles": ["shortlived"]})", {.profile = "classic"}, "profiles at profile"},
      {R"({"profiles": ["shortlived"]})", {.profile = ""}, "profiles at profile"},
      {R"({"profiles": []})", {.profile = "classic"}, "profiles at profile"},
      {R"({"profiles": []})", {.profile = ""}, ""},
      // Limits.
      {R"({"max_validity": "30d"})", {.validity = "30d"}, ""},
      {R"({"max_validity": "30d"})", {.validity = "720h"}, ""},
      {R"({"max_validity": "30d"})", {.validity = "721h"}, "max_validity at validity"},
      {R"({"max_validity": "30d"})", {.validity = ""}, "max_validity at validity"},
      {R"({"max_validity": "30d"})", {}, ""},
      // The one that is forbidden unless it is allowed.
      {"{}", {.exports_private_key = true}, "export_private_key at export_private_key"},
      {R"({"export_private_key": true})", {.exports_private_key = true}, ""},
      {R"({"export_private_key": false})", {.exports_private_key = false}, ""},
  };
  return cases;
}

TEST(FindViolations, FollowsTheTable) {
  for (const RuleCase& one : RuleCases()) {
    EXPECT_EQ(Broken(one.rules, one.order), one.broken)
        << one.rules << ' ' << base::Join(one.order.dns_names.value_or(std::set<std::string>()), " ");
  }
}

TEST(FindViolations, SaysWhatIsWrongAndWhatIsAllowed) {
  const auto found = FindViolations(RulesOf(R"({"dns_names": {"allow": ["*.a.test", "a.test"]}, "key_algorithms": []})"),
                                    {.dns_names = {{"b.test", "x.a.test"}}, .key_algorithm = "EC_P256"});

  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].problem, "Names that match no pattern: b.test.");
  EXPECT_EQ(found[0].allowed, "Allowed: *.a.test, a.test.");
  EXPECT_EQ(found[1].problem, "The key algorithm is EC_P256.");
  EXPECT_EQ(found[1].allowed, "None is allowed.");
}

}  // namespace
}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
// The rules and defaults of a certificate profile. A rule that is null allows anything, an empty one nothing, and a list what is
// in it.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/model.h"

namespace resources {

// Whether a certificate has an argument.
enum class ArgumentPresence { kForbidden, kRequired, kOptional };

}  // namespace resources

template <>
struct schema::EnumNames<resources::ArgumentPresence> {
  using ArgumentPresence = resources::ArgumentPresence;
  static constexpr std::array<std::pair<ArgumentPresence, std::string_view>, 3> kNames = {
      {{ArgumentPresence::kForbidden, "forbidden"},
       {ArgumentPresence::kRequired, "required"},
       {ArgumentPresence::kOptional, "optional"}}};
};

namespace resources {

struct DnsNamesRule {
  static const schema::Model<DnsNamesRule>& Schema();
  schema::Field<std::set<std::string>> allow;  // patterns, as written
  schema::Field<std::set<std::string>> deny;
  schema::Field<bool> wildcards;
  schema::Field<std::int64_t> max;
};

struct ProfileRules {
  static const schema::Model<ProfileRules>& Schema();
  schema::Field<DnsNamesRule> dns_names;
  schema::Field<ArgumentPresence> common_name;
  schema::Field<ArgumentPresence> csr;
  schema::Field<std::set<std::string>> key_algorithms;
  schema::Field<std::set<std::string>> profiles;
  schema::Field<std::string> max_validity;
  schema::Field<bool> export_private_key;
  schema::Field<std::set<std::string>> destinations;
};

// Each stands for the argument of the same name and type of a certificate that leaves it out.
struct ProfileDefaults {
  static const schema::Model<ProfileDefaults>& Schema();
  schema::Field<std::string> key_algorithm;
  schema::Field<std::string> profile;
  schema::Field<std::string> preferred_chain;
  schema::Field<std::string> renew_before;
  schema::Field<std::string> validity;
  schema::Field<bool> rotate_private_key;
  schema::Field<bool> revoke_on_destroy;
};

// The same attributes as outputs.
std::vector<schema::Attribute> AsOutputs(std::vector<schema::Attribute> attributes);

}  // namespace resources

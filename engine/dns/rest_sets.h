// SPDX-License-Identifier: MPL-2.0
// A DNS provider over a REST API in which all TXT values of a name are one set, replaced without any condition (replaced_sets.h),
// described as data. What does not fit implements ReplacedSetApi itself.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "engine/connections/rest_api.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_api.h"

namespace engine::dns {

// In paths, {zone} is the zone's name and {name} that of the set. Places in answers are as for connections::FindAt.
struct RestSets {
  std::string_view list_path;              // of the zone's sets: "/domains/{zone}/records"
  std::string_view query;                  // of a page of them: "rrset_type=TXT&per_page=500"
  std::string_view page{};                 // the parameter that numbers pages; empty: one answer has all
  std::size_t page_size = 500;             // as the query asks for it
  std::string_view list_place{};           // where in the answer the sets are
  std::string_view set_path;               // of one set of TXT: "/domains/{zone}/records/{name}/TXT"
  std::string_view create_method = "PUT";  // of a set that is new; of others it is PUT
  std::string_view name_member;
  std::string_view type_member;
  std::string_view ttl_member;
  std::string_view values_member;
  std::string_view value_member{};  // a value is an object with a list of one text in this member; empty: it is the text
  NameSpelling names = NameSpelling::kRelative;
  std::string_view apex{};         // how the zone's own name is spelled
  bool quotes_values = false;      // whether values are sent as in zone files; both spellings are read
  bool writes_whole_sets = false;  // a set is written with its name and type; else the path says them
  bool one_at_a_time = false;      // a change of a zone waits for the one before
  std::chrono::seconds shortest_ttl{60};
  std::string_view permissions;  // for errors
};

// `layout` is borrowed; outlives the provider. Errors: that of `api`, as MakeRestApi returned it.
base::Result<std::unique_ptr<Provider>> MakeRestSetProvider(const RestSets& layout, base::Result<connections::RestApi> api,
                                                            const connections::Deps& deps);

}  // namespace engine::dns

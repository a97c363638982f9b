// SPDX-License-Identifier: MPL-2.0
// A DNS provider over a REST API in which each TXT value is a record with an id, described as data: paths, the names of members,
// how pages are turned. What does not fit implements RecordApi itself.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "engine/connections/rest_api.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_api.h"

namespace engine::dns {

// In paths and the filter, {zone} is the zone's id, or its name where zones have no ids, {name} the zone's name without the final
// dot, and {record} the id of a record. Places in answers are as for connections::FindAt.
struct RestZones {
  std::string_view list{};        // path of the zones of that name; empty: zones have no id besides their name
  std::string_view filter{};      // value of the header X-Filter of that request; empty: none is sent
  std::string_view list_place{};  // where in the answer the zones are
  std::string_view one{};         // path of one zone
  std::string_view one_place{};   // where in the answer the zone is
  std::string_view id_member = "id";
  std::string_view name_member = "name";
};

struct RestRecords {
  RestZones zones{};
  std::string_view path;           // of the zone's records: "/domains/{zone}/records"
  std::string_view list_path{};    // where they are listed; empty: there, too
  std::string_view delete_path{};  // of one of them; empty: "{record}" below `path`
  std::string_view list_method = "GET";
  std::string_view create_method = "POST";
  std::string_view delete_method = "DELETE";
  std::string_view query{};          // of a page of TXT records: "type=TXT&per_page=100"
  std::string_view page{};           // the parameter that numbers pages; empty: pages have cursors
  std::string_view cursor_place{};   // where an answer has the next cursor, sent as the parameter `cursor`
  std::size_t page_size = 100;       // as the query asks for it
  std::string_view list_place;       // where in the answer the records are
  std::string_view created_place{};  // where in the answer to a creation the record is
  std::string_view id_member = "id";
  std::string_view name_member = "name";
  std::string_view value_member = "content";
  std::string_view ttl_member = "ttl";
  std::string_view type_member = "type";
  std::int64_t type_number = 0;  // that stands for TXT; 0: types go by their names
  NameSpelling written_names = NameSpelling::kRelative;
  NameSpelling read_names = NameSpelling::kRelative;
  bool creates_lists = false;  // a creation takes a list of records
  std::string_view apex{};     // how the zone's own name is spelled
  bool quotes_values = false;  // whether values are sent as in zone files; both spellings are read
  std::chrono::seconds shortest_ttl{60};
  std::string_view permissions;  // for errors: "the scope domains:read_write"
};

// `layout` is borrowed; outlives the provider. Errors: that of `api`, as MakeRestApi returned it.
base::Result<std::unique_ptr<Provider>> MakeRestRecordProvider(const RestRecords& layout, base::Result<connections::RestApi> api);

}  // namespace engine::dns

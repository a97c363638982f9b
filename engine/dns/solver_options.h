// SPDX-License-Identifier: MPL-2.0
// What a DNS-01 solver is made from: the connections of a CA, and how to wait for the records.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/connections/connection.h"
#include "engine/dns/provider.h"

namespace engine::dns {

struct DnsConnection {
  connections::Connection connection;
  std::string zone;       // a zone's name, or the vendor's id for one; empty: found by asking
  std::string zone_id{};  // beside a name: the vendor's id that it belongs to
};

class RecordJournal;  // record_journal.h

enum class WaitFor { kAll, kMajority };

struct PropagationOptions {
  std::vector<std::string> nameservers{};  // "host:port" or "host": asked instead of the zone's own servers; empty: the NS set
  std::vector<std::string> resolvers{};    // recursive servers for zones, CNAMEs and addresses; empty: /etc/resolv.conf
  std::chrono::milliseconds timeout{std::chrono::minutes(2)};
  WaitFor wait_for = WaitFor::kAll;    // of the servers that can be reached
  std::chrono::milliseconds delay{0};  // on top, once the records are visible, or with `disable` once they are placed
  bool disable = false;                // ask no server whether they are visible
  std::uint16_t nameserver_port = 53;  // of the zone's own servers; another one only in tests
};

struct SolverDeps {
  connections::Deps providers;           // what the DNS providers reach the outside with
  FindProvider find_provider = nullptr;  // never null where there are connections
};

struct SolverOptions {
  // The one with the longest zone that holds the record is taken. Empty: nothing can be placed, for names that the CA has
  // validated in advance.
  std::vector<DnsConnection> connections;
  PropagationOptions propagation;
  SolverDeps deps;
  RecordJournal* journal = nullptr;  // borrowed, outlives the solver; may be null
};

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
// acme::Solver over the DNS providers of a CA: finds each record's zone, follows CNAMEs, places all values of a zone in one
// change, waits for the zone's own servers, removes by exact value.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/acme/solver.h"
#include "engine/connections/connection.h"

namespace engine::dns {

struct DnsConnection {
  connections::Connection connection;
  std::string zone;       // a zone's name, or the vendor's id for one; empty: found by asking
  std::string zone_id{};  // beside a name: the vendor's id that it belongs to
};

class RecordMemory;  // record_memory.h

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

struct SolverOptions {
  // The one with the longest zone that holds the record is taken. Empty: nothing can be placed, for names that the CA has
  // validated in advance.
  std::vector<DnsConnection> connections;
  PropagationOptions propagation;
  connections::Deps deps;
  RecordMemory* memory = nullptr;  // borrowed, outlives the solver; null: nothing is written down
};

// One solver serves one issuance. Values that several issuances of the process share are counted and removed by the last.
// Errors: kInvalid (a connection of an unknown kind, an unparsable server address).
base::Result<std::unique_ptr<acme::Solver>> MakeDns01Solver(SolverOptions options);

// "host", "host:port", "[v6]:port"; the port is 53 when absent. Errors: kInvalid.
base::Result<void> CheckServerAddress(std::string_view text);

}  // namespace engine::dns

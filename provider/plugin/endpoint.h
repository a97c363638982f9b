// SPDX-License-Identifier: MPL-2.0
// Where a host finds the plugin's server, in go-plugin's terms.
#pragma once

#include <string>
#include <string_view>

namespace provider::plugin {

// go-plugin's own servers listen on a Unix socket, and on Windows on TCP. Hosts connect to either on every system.
enum class Network { kUnix, kTcp };

// As Go's package net spells it: "unix", "tcp".
std::string_view NameOf(Network network);

struct Endpoint {
  Network network = Network::kUnix;
  std::string address;  // the path of the socket; an IPv4 address and a port ("127.0.0.1:10000")
};

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
// go-plugin's handshake: what the host says in the environment, and the one line that answers it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "provider/plugin/endpoint.h"

namespace provider::plugin {

struct PortRange {
  std::uint16_t first = 10'000;  // the defaults are those of go-plugin's hosts
  std::uint16_t last = 25'000;
};

struct HostOffer {
  bool has_cookie = false;                  // false: no host, a person
  std::string client_certificate{};         // PEM; empty: the host wants no TLS
  std::vector<std::string> socket_folders;  // where a socket may be made, best first; never empty
  PortRange ports{};                        // where a server on TCP may listen
  bool asks_for_multiplexing = false;       // the host then expects to be told that there is none
};

HostOffer ReadHostOffer();

// "1|6|<network>|<address>|grpc|<certificate>" and a line end: version of the handshake, of the protocol (the host complains in
// good words when it speaks another), endpoint, transport, and our certificate as base64 without padding (Go's RawStdEncoding),
// empty without TLS.
std::string HandshakeLine(const Endpoint& endpoint, std::string_view certificate_der, bool asks_for_multiplexing);

// The setting that makes Terraform and OpenTofu use a process that already runs: TF_REATTACH_PROVIDERS='{...}' and a line end.
std::string ReattachLine(const Endpoint& endpoint, int pid);

}  // namespace provider::plugin

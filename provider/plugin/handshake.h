// SPDX-License-Identifier: MPL-2.0
// go-plugin's handshake: what the host says in the environment, and the one line that answers it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace provider::plugin {

struct HostOffer {
  bool has_cookie = false;                  // false: no host, a person
  std::string client_certificate{};         // PEM; empty: the host wants no TLS
  std::vector<std::string> socket_folders;  // where a socket may be made, best first; never empty
  bool asks_for_multiplexing = false;       // the host then expects to be told that there is none
};

HostOffer ReadHostOffer();

// "1|6|unix|<socket>|grpc|<certificate>" and a line end: version of the handshake, of the protocol (the host complains in good
// words when it speaks another), address, transport, and our certificate as base64 without padding (Go's RawStdEncoding), empty
// without TLS.
std::string HandshakeLine(std::string_view socket, std::string_view certificate_der, bool asks_for_multiplexing);

// The setting that makes Terraform and OpenTofu use a process that already runs: TF_REATTACH_PROVIDERS='{...}' and a line end.
std::string ReattachLine(std::string_view socket, int pid);

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/handshake.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/environment.h"
#include "base/text.h"

namespace provider::plugin {
namespace {

// Terraform's constant; it keeps people from starting plugins by hand and guards nothing.
constexpr std::string_view kCookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

constexpr std::array kAddresses = {"registry.terraform.io/certwright/certwright", "registry.opentofu.org/certwright/certwright"};

std::uint16_t PortFromEnvironment(const char* name, std::uint16_t unset) {
  const std::string text = base::Environment(name).value_or("");
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port != 0 ? port : unset;
}

}  // namespace

HostOffer ReadHostOffer() {
  HostOffer offer;
  offer.has_cookie = base::Environment("TF_PLUGIN_MAGIC_COOKIE") == kCookie;
  offer.client_certificate = base::Environment("PLUGIN_CLIENT_CERT").value_or("");
  offer.asks_for_multiplexing = base::Environment("PLUGIN_MULTIPLEX_GRPC").has_value();
  offer.ports = {.first = PortFromEnvironment("PLUGIN_MIN_PORT", offer.ports.first),
                 .last = PortFromEnvironment("PLUGIN_MAX_PORT", offer.ports.last)};
  for (const char* name : {"PLUGIN_UNIX_SOCKET_DIR", "TMPDIR"}) {
    if (auto folder = base::Environment(name)) offer.socket_folders.push_back(*std::move(folder));
  }
  offer.socket_folders.emplace_back("/tmp");
  return offer;
}

std::string HandshakeLine(const Endpoint& endpoint, std::string_view certificate_der, bool asks_for_multiplexing) {
  std::string certificate = base::Base64(certificate_der);
  while (certificate.ends_with('=')) certificate.pop_back();
  return base::Cat("1|6|", NameOf(endpoint.network), "|", endpoint.address, "|grpc|", certificate,
                   asks_for_multiplexing ? "|false" : "", "\n");
}

std::string ReattachLine(const Endpoint& endpoint, int pid) {
  // Test: true means "do not stop this process"; false makes Terraform 1.11.4 panic.
  const nlohmann::json reattach = {{"Protocol", "grpc"},
                                   {"ProtocolVersion", 6},
                                   {"Pid", pid},
                                   {"Test", true},
                                   {"Addr", {{"Network", NameOf(endpoint.network)}, {"String", endpoint.address}}}};
  nlohmann::json all;
  for (const char* address : kAddresses) all[address] = reattach;
  return base::Cat("TF_REATTACH_PROVIDERS='", all.dump(), "'\n");
}

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/server.h"

#include <grpc/support/time.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <thread>

#include "base/os/descriptor.h"
#include "base/os/signals.h"
#include "base/os/this_process.h"
#include "base/text.h"
#include "provider/plugin/auto_mtls.h"
#include "provider/plugin/broker.h"
#include "provider/plugin/controller.h"
#include "provider/plugin/grpc_server.h"
#include "provider/plugin/socket_folder.h"
#include "provider/plugin/stdio.h"

namespace provider::plugin {
namespace {

constexpr std::chrono::seconds kEndOfTokens{1};
// The host kills two seconds after Shutdown. An orphan has time to remove what a call placed, and to see an order through.
constexpr std::chrono::milliseconds kEndOfCalls{1500};
constexpr std::chrono::seconds kEndOfCallsOfOrphan{60};
constexpr std::chrono::milliseconds kEndOfStreams{200};

constexpr std::array<std::string_view, 3> kEndNames = {"shutdown", "interrupted", "orphaned"};

// Of the kinds of time that gRPC takes, the one that no change of the date reaches.
gpr_timespec SteadyDeadline(std::chrono::milliseconds limit) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(limit.count(), GPR_TIMESPAN));
}

// The thread lives as long as the process.
void WatchSignals(Lifetime& lifetime) {
  std::thread([&lifetime] {
    base::os::WaitForInterrupt();
    lifetime.Interrupt();
  }).detach();
}

using Services = std::span<grpc::Service* const>;

struct Listener {
  Endpoint endpoint;
  std::optional<SocketFolder> folder;
  std::unique_ptr<grpc::Server> server;
};

base::Result<Listener> ListenOnUnixSocket(const HostOffer& offer, const ServerIdentity& identity, Services services) {
  auto folder = SocketFolder::Make(offer.socket_folders);
  if (!folder) return std::move(folder).error();
  Endpoint endpoint{.network = Network::kUnix, .address = folder->socket()};
  auto server = StartGrpcServer(endpoint, identity.credentials, services);
  if (!server) return std::move(server).error();
  return Listener{.endpoint = std::move(endpoint), .folder = *std::move(folder), .server = *std::move(server)};
}

// On the first free port of the range that the host offers, as go-plugin's own servers do.
base::Result<Listener> ListenOnTcp(const HostOffer& offer, const ServerIdentity& identity, Services services) {
  for (int port = offer.ports.first; port <= offer.ports.last; ++port) {
    Endpoint endpoint{.network = Network::kTcp, .address = base::Cat("127.0.0.1:", port)};
    auto server = StartGrpcServer(endpoint, identity.credentials, services);
    if (server) return Listener{.endpoint = std::move(endpoint), .folder = std::nullopt, .server = *std::move(server)};
  }
  return base::Error{base::ErrorKind::kInternal,
                     base::Cat("no port from ", offer.ports.first, " to ", offer.ports.last, " is free on 127.0.0.1")};
}

bool Announce(const ServerParts& parts, const Endpoint& endpoint, const std::string& certificate_der) {
  if (parts.mode == Mode::kPlugin) {
    return base::os::WriteAll(parts.outputs.out, HandshakeLine(endpoint, certificate_der, parts.offer.asks_for_multiplexing));
  }
  base::os::WriteAll(parts.outputs.err,
                     "Serving until interrupted. To use this process, give terraform or tofu this in its environment:\n");
  return base::os::WriteAll(parts.outputs.out, ReattachLine(endpoint, base::os::ProcessId()));
}

}  // namespace

void SetSignals(Mode mode) {
  base::os::IgnoreBrokenPipes();
  mode == Mode::kPlugin ? base::os::IgnoreInterrupts() : base::os::HoldInterrupts();
}

base::Error Serve(const ServerParts& parts, rpc::Service& service) {
  const bool is_plugin = parts.mode == Mode::kPlugin;
  auto identity = MakeServerIdentity(is_plugin ? parts.offer.client_certificate : "", parts.clock, parts.random);
  if (!identity) return std::move(identity).error().While("making the server's certificate");

  Lifetime lifetime(is_plugin ? Lifetime::Watchdog::kOn : Lifetime::Watchdog::kOff);
  Controller controller(lifetime);
  Broker broker(lifetime);
  Stdio stdio(parts.outputs);
  const std::array<grpc::Service*, 4> services = {&service, &controller, &broker, &stdio};
  const auto listen = parts.network == Network::kUnix ? ListenOnUnixSocket : ListenOnTcp;
  auto listener = listen(parts.offer, *identity, services);
  if (!listener) return std::move(listener).error();
  if (!is_plugin) WatchSignals(lifetime);
  if (!Announce(parts, listener->endpoint, identity->certificate_der)) {
    return base::Error{base::ErrorKind::kInternal, "cannot write the handshake to the standard output"};
  }

  const Lifetime::End end = lifetime.Wait();
  parts.log.Debug("ending", {{base::key::kCode, kEndNames.at(static_cast<std::size_t>(end))}});
  stdio.Stop();
  if (end == Lifetime::End::kOrphaned) service.HostIsGone();
  const bool idle = service.StopAndWait(end == Lifetime::End::kOrphaned ? kEndOfCallsOfOrphan : kEndOfCalls);
  if (idle) listener->server->Shutdown(SteadyDeadline(kEndOfStreams));
  if (idle) service.End(kEndOfTokens);
  if (listener->folder) listener->folder->Remove();
  // Not by returning: a call that did not end must not see its objects destroyed, and nobody waits for the destructors of
  // libraries.
  std::_Exit(EXIT_SUCCESS);
}

}  // namespace provider::plugin

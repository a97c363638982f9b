// SPDX-License-Identifier: MPL-2.0
// The plugin server: a gRPC server for one host, from the handshake to the end of the process.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/os/standard_outputs.h"
#include "base/random.h"
#include "provider/plugin/handshake.h"
#include "provider/plugin/lifetime.h"
#include "provider/rpc/service.h"

namespace provider::plugin {

// kPlugin: started by Terraform, for one of its phases. kDebug: started by a person; Terraform attaches to it again and again.
enum class Mode { kPlugin, kDebug };

struct ServerParts {
  Mode mode = Mode::kPlugin;
  Network network = Network::kUnix;
  HostOffer offer;
  base::os::StandardOutputs outputs;
  base::Clock& clock;  // all borrowed; outlive the server
  base::Random& random;
  base::Log log;
};

// SIGPIPE is a write's error. As a plugin: a terminal's Ctrl-C, or a runner's SIGTERM, reaches the whole process group, but it is
// Terraform that decides what it means, and says so by StopProvider. In debug mode both wait for Serve. To be called before any
// thread starts.
void SetSignals(Mode mode);

// Serves until the host asks to stop, dies, or (debug) a signal comes, then ends the process. Returns only when it cannot start,
// with the reason.
base::Error Serve(const ServerParts& parts, rpc::Service& service);

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/program.h"

#include <cstdlib>
#include <memory>

#include "base/clock.h"
#include "base/environment.h"
#include "base/os/descriptor.h"
#include "base/os/standard_outputs.h"
#include "base/os/this_process.h"
#include "base/random.h"
#include "provider/plugin/command_line.h"
#include "provider/plugin/grpc_library.h"
#include "provider/plugin/handshake.h"
#include "provider/plugin/hclog_sink.h"
#include "provider/plugin/server.h"
#include "provider/rpc/service.h"
#include "schema/diagnostics.h"

namespace provider::plugin {
namespace {

using base::os::StandardOutputs;
using base::os::WriteAll;

int Refuse(std::string_view text) {
  WriteAll(StandardOutputs{}.err, text);
  return EXIT_FAILURE;
}

int Print(std::string_view text) { return WriteAll(StandardOutputs{}.out, text) ? EXIT_SUCCESS : EXIT_FAILURE; }

int ServeAs(Mode mode, const ProviderProgram& program) {
  const HostOffer offer = ReadHostOffer();
  if (mode == Mode::kPlugin && !offer.has_cookie) return Refuse(StartedByHandText());
  SetSignals(mode);
  ClearGrpcEnvironment();
  base::RemoveEnvironment("SSLKEYLOGFILE");
  if (mode == Mode::kPlugin) base::os::HideMemory();
  // For a host the outputs carry a protocol, so whatever a library prints must not get there.
  const base::Result<StandardOutputs> outputs = mode == Mode::kPlugin ? base::os::CaptureStandardOutputs() : StandardOutputs{};
  if (!outputs) return Refuse(schema::Describe(outputs.error()) + "\n");

  const LogThreshold threshold = LogThresholdFromEnvironment(mode == Mode::kPlugin ? base::Level::kError : base::Level::kInfo);
  const base::Log log(std::make_shared<HclogSink>(outputs->err, threshold, base::RealClock()));
  log.Info("started", {{base::key::kVersion, std::string(program.version)}});
  RouteGrpcLog(log);
  rpc::Service service(program.make_service(log));
  const base::Error failure = Serve({.mode = mode,
                                     .network = program.network,
                                     .offer = offer,
                                     .outputs = *outputs,
                                     .clock = base::RealClock(),
                                     .random = base::SystemRandom(),
                                     .log = log},
                                    service);
  WriteAll(outputs->err, "[ERROR] " + schema::Describe(failure) + "\n");
  return EXIT_FAILURE;
}

}  // namespace

int Run(const ProviderProgram& program, std::span<const char* const> arguments) {
  switch (ParseCommandLine(arguments)) {
    case Command::kServe:
      return ServeAs(Mode::kPlugin, program);
    case Command::kDebug:
      return ServeAs(Mode::kDebug, program);
    case Command::kHelp:
      return Print(HelpText());
    case Command::kVersion:
      return Print(VersionText(program.version));
    case Command::kUnknown:
      break;
  }
  return Refuse(HelpText());
}

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
// The program around a service: command line, environment, log, server.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/log.h"
#include "provider/plugin/endpoint.h"
#include "provider/rpc/service_parts.h"

namespace provider::plugin {

struct ProviderProgram {
  std::string_view version;
  // Called once, when there is a host to serve.
  std::function<rpc::ServiceParts(const base::Log& log)> make_service;
  // TCP without TLS, which a host of its own or -debug gets, is open to every user of the machine.
  Network network = Network::kUnix;
};

// The process's exit code: 1 when the command line is wrong, when a person started it by hand, or when it cannot serve.
// `arguments`: without the program's name. A process that served ends in here.
int Run(const ProviderProgram& program, std::span<const char* const> arguments);

}  // namespace provider::plugin

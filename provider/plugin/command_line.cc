// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/command_line.h"

#include "base/text.h"

namespace provider::plugin {

Command ParseCommandLine(std::span<const char* const> arguments) {
  if (arguments.empty()) return Command::kServe;
  if (arguments.size() > 1) return Command::kUnknown;
  std::string_view argument = arguments.front();
  if (argument.starts_with("--")) argument.remove_prefix(1);
  if (argument == "-debug") return Command::kDebug;
  if (argument == "-help" || argument == "-h") return Command::kHelp;
  if (argument == "-version") return Command::kVersion;
  return Command::kUnknown;
}

std::string HelpText() {
  return R"(Certwright: a Terraform and OpenTofu provider that issues certificates by ACME and deploys them.

Usage: terraform-provider-certwright [-debug | -version | -help]

Terraform starts this program by itself; there is nothing to run by hand. In a configuration:

  terraform {
    required_providers { certwright = { source = "certwright/certwright" } }
  }

  -debug     serve until interrupted, and print the TF_REATTACH_PROVIDERS setting that makes Terraform use
             this process (for debuggers)
  -version   print the version
  -help      print this text

Environment: CERTWRIGHT_SEALING_KEY (32 random bytes in base64, seals secrets in the state);
TF_LOG, TF_LOG_PROVIDER, TF_LOG_PROVIDER_CERTWRIGHT (trace, debug, info, warn, error, off).
)";
}

std::string VersionText(std::string_view version) { return base::Cat("terraform-provider-certwright ", version, '\n'); }

std::string StartedByHandText() {
  return "This is a Terraform and OpenTofu plugin: they start it by themselves, and it does nothing when it is started by hand.\n"
         "Name it in required_providers of a configuration and run `terraform init`. See --help.\n";
}

}  // namespace provider::plugin

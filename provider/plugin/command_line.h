// SPDX-License-Identifier: MPL-2.0
// What the program was asked for on its command line, and what it says to a person.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace provider::plugin {

enum class Command { kServe, kDebug, kHelp, kVersion, kUnknown };

// One argument at most; "-debug" and "--debug" are the same. kUnknown for anything else.
Command ParseCommandLine(std::span<const char* const> arguments);

std::string HelpText();
std::string VersionText(std::string_view version);
// For somebody who started the program without a host.
std::string StartedByHandText();

}  // namespace provider::plugin

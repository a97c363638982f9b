// SPDX-License-Identifier: MPL-2.0
// What a certificate remembers in its private data: who issued it, when to ask about its renewal, and whether Read found it due.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace resources::certificate {

struct PrivateState {
  std::string directory_url{};
  std::string account_url{};
  bool due = false;
  std::optional<base::TimePoint> ask_after{};  // the CA is not asked about the renewal before; empty: at any time
};

std::string ToText(const PrivateState& memory);
// Anything unreadable reads as empty: the next plan then treats the CA as another one.
PrivateState ParsePrivateState(const std::string& private_data);

}  // namespace resources::certificate

// SPDX-License-Identifier: MPL-2.0
// DNS UPDATE (RFC 2136): TXT values of one zone in and out, all in one message. No prerequisites: adding a value that is there
// and removing one that is not are no errors, so a repeat is harmless.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace base::dns {

enum class Change { kAdd, kRemove };

struct TxtChange {
  Change change = Change::kAdd;
  std::string name;
  std::string value;
  std::chrono::seconds ttl{0};  // of an added value
};

// The wire form. Other values of the same names stay as they are (sections 2.5.1 and 2.5.4).
// Errors: kInvalid (not a domain name; more than 65535 octets).
Result<std::string> BuildUpdate(std::uint16_t id, const std::string& zone, std::span<const TxtChange> changes);

}  // namespace base::dns

// SPDX-License-Identifier: MPL-2.0
// A DNS provider over an API in which all TXT values of a name are one set, which is replaced without any condition. What another
// client writes between the reading and the replacing is lost to such an API, so the sets are read right before and right after,
// one change per zone is under way in this process, and what another client overwrote is written again, once more before the CA
// is told to look. The vendor's file says how sets are read and written.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/connections/rest_api.h"
#include "engine/dns/provider.h"

namespace engine::dns {

struct TxtSet {
  std::string fqdn;
  std::chrono::seconds ttl{0};
  std::vector<std::string> values{};  // unquoted
  bool is_new = true;                 // the vendor has no such set
};

// Zones go by their names. Safe from many threads.
class ReplacedSetApi {
 public:
  virtual ~ReplacedSetApi() = default;
  // The TXT sets of these names, in the same order; without values where there is none. Errors: kNotFound (no such zone).
  virtual base::Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone,
                                                 std::span<const std::string> fqdns) const = 0;
  // Makes the sets what they are here; deletes those without values. The same call again does no harm. Errors: kConflict (a set
  // came or went since it was read, or by a lost answer to this very call): they are read again.
  virtual base::Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const = 0;
  virtual const connections::RestApi& api() const = 0;
  virtual std::chrono::seconds shortest_ttl() const = 0;
  virtual std::string_view permissions() const = 0;  // for errors
};

std::unique_ptr<Provider> MakeReplacedSetProvider(std::unique_ptr<ReplacedSetApi> api, const connections::Deps& deps);

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
// Route 53's API, version 2013-04-01 (docs.aws.amazon.com/Route53/latest/APIReference), as far as TXT records need it. It works
// with a policy of GetChange, ListHostedZonesByName, ListResourceRecordSets and ChangeResourceRecordSets.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/session.h"

namespace engine::vendors::aws {

// Of an account. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
inline constexpr base::http::Rate kRoute53Rate{5, std::chrono::seconds(1)};

struct HostedZone {
  std::string id;    // "Z0123456789"
  std::string name;  // "example.test."
  bool is_private = false;
};

// All TXT values at one name.
struct TxtRecordSet {
  std::string name;  // with the final dot, unescaped
  std::int64_t ttl = 0;
  std::vector<std::string> values{};  // as Route 53 spells them, quoted
  bool is_plain = true;               // false: an alias, or one of several sets with a routing policy

  friend bool operator==(const TxtRecordSet&, const TxtRecordSet&) = default;
};

struct TxtSetChange {
  enum class Action { kCreate, kDelete };
  Action action;
  TxtRecordSet set;

  friend bool operator==(const TxtSetChange&, const TxtSetChange&) = default;
};

class Route53Api {
 public:
  // `transport` is borrowed; outlives this.
  Route53Api(std::shared_ptr<AwsSession> session, base::http::Transport& transport,
             std::shared_ptr<base::http::RateLimiter> limiter)
      : session_(std::move(session)), transport_(&transport), limiter_(std::move(limiter)) {}

  // Those of exactly this name.
  base::Result<std::vector<HostedZone>> FindZones(const base::Call& call, std::string_view name) const;
  // The zone's own name, "example.test.". It is that of the first record set, which is at the apex.
  base::Result<std::string> FindZoneName(const base::Call& call, std::string_view zone_id) const;
  // The sets at these names, and others' that came along. Route 53's answer holds what was changed a moment ago. One request for
  // up to 300 sets that lie between the names.
  base::Result<std::vector<TxtRecordSet>> ListTxt(const base::Call& call, std::string_view zone_id,
                                                  std::vector<std::string> names) const;
  // All of them or none. A set that is to be deleted must be as given, and one that is to be created must not be there: else
  // kInvalid with the code InvalidChangeBatch. May be sent again after a lost answer. The id of the change.
  base::Result<std::string> Change(const base::Call& call, std::string_view zone_id, std::span<const TxtSetChange> changes) const;
  // True once every server of Route 53 has the change.
  base::Result<bool> IsInSync(const base::Call& call, std::string_view change_id) const;

 private:
  base::Result<std::string> Send(const base::Call& call, base::http::Request request, std::string_view action) const;

  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  base::http::Transport* transport_;
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

}  // namespace engine::vendors::aws

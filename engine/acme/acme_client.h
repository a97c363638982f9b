// SPDX-License-Identifier: MPL-2.0
// The inside of client.h's Client, for the files of this folder alone.
#pragma once

#include <utility>
#include <vector>

#include "base/http/client.h"
#include "base/key_locks.h"
#include "engine/acme/certificate.h"
#include "engine/acme/client.h"
#include "engine/acme/directory.h"
#include "engine/acme/nonces.h"
#include "engine/acme/order_limiter.h"
#include "engine/acme/renewal_info.h"

namespace engine::acme {

class Client {
 public:
  explicit Client(ClientOptions wanted) : options(std::move(wanted)) {}

  const ClientOptions options;
  DirectoryCache directory;
  NoncePool nonces;
  OrderLimiter order_limiter;
  TrustedTops trusted_tops;
  base::KeyLocks orders;  // by account, names and profile: a CA may answer newOrder with the order that exists (certbot#8301)
  RenewalInfoOutage renewal_outage;
};

// What every request to a CA carries (RFC 8555 section 6.1), besides the transport's User-Agent.
std::vector<base::http::Header> CommonHeaders();
base::http::RetryPolicy RetryPolicyOf(const ClientOptions& options, Patience patience = Patience::kBrief);

}  // namespace engine::acme

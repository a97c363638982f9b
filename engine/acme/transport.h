// SPDX-License-Identifier: MPL-2.0
// Signed requests (RFC 8555 section 6.2 to 6.7): JWS, nonces, badNonce, and what is sent again after a failure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/request.h"
#include "base/result.h"
#include "engine/acme/client.h"
#include "engine/acme/jws.h"

namespace engine::acme {

struct Post {
  std::string url;
  std::string payload{};  // JSON; "" is POST-as-GET (section 6.3)
  base::http::Idempotency idempotency = base::http::Idempotency::kSafe;
  std::string accept{};  // empty: whatever the CA likes
  Patience patience = Patience::kBrief;
  bool starts_order = false;  // takes its turn in the account's pace (OrderLimiter)
};

// The 2xx response. Each rejected nonce costs one more request, with the nonce of the rejection; at most twenty in a row.
// Errors: as the CA's problem document says, or the transport's. A kOnce request of which it is not known whether the CA acted on
// it fails with kUnavailable and no code, or with the 5xx answer's.
// A Retry-After of up to a minute holds back every request of the account (at newOrder: every new order).
base::Result<base::http::Response> SendSigned(const base::Call& call, Client& client, const Signer& signer, const Post& post);

// SendSigned to a resource of the directory; a 404 there means that the directory has changed: it is fetched again, once.
base::Result<base::http::Response> SendToDirectory(const base::Call& call, Client& client, const Signer& signer,
                                                   std::string Directory::*resource, const std::string& payload,
                                                   base::http::Idempotency idempotency = base::http::Idempotency::kSafe,
                                                   Patience patience = Patience::kBrief);

// POST-as-GET.
base::Result<base::http::Response> Get(const base::Call& call, Client& client, const Signer& signer, const std::string& url,
                                       Patience patience = Patience::kHandedOut);

// How long to wait before a request is made again that the CA did not act on: its Retry-After, else longer after each attempt
// (the first is 1). Empty if that is past the deadline or another attempt would not help.
std::optional<std::chrono::milliseconds> PauseAfterFailure(const base::Call& call, const Client& client,
                                                           const base::Error& failure, int attempt);

// The response's Location as an absolute URL. Errors: kProtocol (there is none).
base::Result<std::string> LocationOf(const base::http::Response& response, std::string_view request_url);

}  // namespace engine::acme

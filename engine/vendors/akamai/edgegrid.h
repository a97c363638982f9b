// SPDX-License-Identifier: MPL-2.0
// EdgeGrid, Akamai's way to sign requests: https://techdocs.akamai.com/developer/docs/authenticate-with-edgegrid
#pragma once

#include <string>
#include <utility>

#include "base/http/transport.h"
#include "base/random.h"
#include "base/secret.h"

namespace engine::vendors::akamai {

struct EdgeGridClient {
  base::Secret client_token;
  base::Secret access_token;
  base::Secret client_secret;
};

// The value of the header Authorization. `timestamp`: "20140321T19:34:21+0000". Pure.
std::string SignRequest(const base::http::Request& request, const EdgeGridClient& client, const std::string& timestamp,
                        const std::string& nonce);

// Signs each attempt anew: a timestamp is good for 30 seconds, and a nonce for one request.
class EdgeGridTransport final : public base::http::Transport {
 public:
  // `inner` and `random` are borrowed; outlive this.
  EdgeGridTransport(base::http::Transport& inner, base::Random& random, EdgeGridClient client)
      : inner_(&inner), random_(&random), client_(std::move(client)) {}

  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override;

 private:
  base::http::Transport* inner_;
  base::Random* random_;
  EdgeGridClient client_;
};

}  // namespace engine::vendors::akamai

// SPDX-License-Identifier: MPL-2.0
// Client: one ACME server as seen by this process: its directory, nonces and connections, shared by all accounts and orders.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/crypto/key.h"
#include "base/http/transport.h"
#include "base/random.h"
#include "base/result.h"

namespace engine::acme {

// How long a request that failed is repeated.
enum class Patience {
  kBrief,      // five attempts: the server may not be there at all
  kOrder,      // until the deadline for 5xx, lost answers, and rate limits that say when they end: an order is under way
  kHandedOut,  // as kOrder, and 20 s for a 404: replicas lag behind what the CA has just handed out (lego#674, boulder#6549)
};

// RFC 8555 section 7.1.1.
struct Directory {
  std::string new_nonce, new_account, new_order, revoke_cert, key_change;
  std::string renewal_info{};  // RFC 9773; empty when the CA has none
  std::string terms_of_service{};
  std::vector<std::string> caa_identities{};
  std::vector<std::string> profiles{};  // names of meta.profiles
  // draft-ietf-acme-dns-persist-02 sections 3.2 and 4.1; empty when the CA has none.
  std::vector<std::string> issuer_domain_names{};
  std::string account_hash_prefix{};
  bool external_account_required = false;
};

class Client;  // opaque; engine/acme/transport.h (JWS POST) and the flow use its inside

struct ClientOptions {
  std::string directory_url;                         // used to the letter, query string included
  std::shared_ptr<base::http::Transport> transport;  // shared: one connection pool per CA
  base::Random* random = nullptr;                    // borrowed; outlives the client
  std::string trusted_roots_pem{};                   // that chains may end at, besides the system's roots
};
std::shared_ptr<Client> MakeClient(ClientOptions options);

// Fetched once per client and kept; concurrent callers share one request. A failed fetch is not kept. A server that cannot be
// reached is given up after five attempts, whatever the patience.
base::Result<Directory> FetchDirectory(const base::Call& call, Client& client, Patience patience = Patience::kBrief);

}  // namespace engine::acme

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

// RFC 8555 section 7.1.1.
struct Directory {
  std::string new_nonce, new_account, new_order, revoke_cert, key_change;
  std::string renewal_info{};  // RFC 9773; empty when the CA has none
  std::string terms_of_service{};
  std::vector<std::string> caa_identities{};
  std::vector<std::string> profiles{};  // names of meta.profiles
  bool external_account_required = false;
};

class Client;  // opaque; engine/acme/transport.h (JWS POST) and the flow use its inside

struct ClientOptions {
  std::string directory_url;                         // used to the letter, query string included
  std::shared_ptr<base::http::Transport> transport;  // shared: one connection pool per CA
  base::Random* random = nullptr;                    // borrowed; outlives the client
};
std::shared_ptr<Client> MakeClient(ClientOptions options);

// Fetched once per client and kept; concurrent callers share one request. A failed fetch is not kept.
base::Result<Directory> FetchDirectory(const base::Call& call, Client& client);

}  // namespace engine::acme

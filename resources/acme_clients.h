// SPDX-License-Identifier: MPL-2.0
// One acme::Client per CA and process: its directory, nonces and connections are shared by all resources.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/crypto/key.h"
#include "base/http/transport.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/acme/client.h"

namespace resources {

class AcmeClients {
 public:
  using MakeTransport = std::function<base::Result<std::shared_ptr<base::http::Transport>>(const base::http::TransportOptions&)>;

  // `random`: borrowed, outlives this.
  AcmeClients(base::Random& random, MakeTransport make_transport) : random_(random), make_transport_(std::move(make_transport)) {}

  // The client for the directory URL, to the letter, and the extra roots. Safe from many threads; makes no request.
  // Errors: kInvalid (trusted_roots_pem holds no certificate).
  base::Result<std::shared_ptr<engine::acme::Client>> Get(const std::string& directory_url, const std::string& trusted_roots_pem);
  // ParsePrivateKey, once for each key: OpenSSL 3.0 takes longer to read one than to sign ten requests with it. Safe from many
  // threads.
  base::Result<base::crypto::PrivateKey> ReadAccountKey(const base::Secret& pem);

 private:
  base::Random& random_;
  const MakeTransport make_transport_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<engine::acme::Client>> clients_;  // shared with running calls
  std::map<std::string, base::crypto::PrivateKey> account_keys_;                                  // by the SHA-256 of their PEM
  std::map<std::string, std::shared_ptr<base::http::Transport>> transports_;  // by roots, for all CAs that have them
};

}  // namespace resources

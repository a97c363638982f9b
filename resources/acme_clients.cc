// SPDX-License-Identifier: MPL-2.0
#include "resources/acme_clients.h"

#include "base/crypto/digest.h"

namespace resources {

base::Result<std::shared_ptr<engine::acme::Client>> AcmeClients::Get(const std::string& directory_url,
                                                                     const std::string& trusted_roots_pem) {
  std::lock_guard lock(mutex_);
  auto& client = clients_[{directory_url, trusted_roots_pem}];
  if (client) return client;
  auto& transport = transports_[trusted_roots_pem];
  if (!transport) {
    auto made = make_transport_({.extra_roots_pem = trusted_roots_pem});
    if (!made) return std::move(made).error().While("reading trusted_roots_pem");
    transport = *std::move(made);
  }
  client = engine::acme::MakeClient(
      {.directory_url = directory_url, .transport = transport, .random = &random_, .trusted_roots_pem = trusted_roots_pem});
  return client;
}

base::Result<base::crypto::PrivateKey> AcmeClients::ReadAccountKey(const base::Secret& pem) {
  const std::string digest = base::crypto::Sha256(pem.Reveal());
  std::lock_guard lock(mutex_);
  if (const auto known = account_keys_.find(digest); known != account_keys_.end()) return known->second;
  auto key = base::crypto::ParsePrivateKey(pem);
  if (key) account_keys_.emplace(digest, *key);
  return key;
}

}  // namespace resources

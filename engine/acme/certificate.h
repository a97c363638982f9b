// SPDX-License-Identifier: MPL-2.0
// The issued certificate (RFC 8555 sections 7.4.2 and 9.1): downloaded, and compared with what was asked for.
#pragma once

#include <string>
#include <vector>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "base/crypto/key.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/client.h"

namespace engine::acme {

// The chain, leaf first. Errors: kProtocol (no PEM chain).
base::Result<std::vector<base::crypto::Certificate>> DownloadChain(const base::Call& call, Client& client, const Account& account,
                                                                   const std::string& url);

// kProtocol unless the leaf is for this key and exactly these names, and its dates hold `now`. Pure.
base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, const base::crypto::PrivateKey& key,
                             std::vector<std::string> dns_names, base::TimePoint now);

}  // namespace engine::acme

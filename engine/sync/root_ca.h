// SPDX-License-Identifier: MPL-2.0
// The root above a chain. ACME CAs leave it out of what they serve (RFC 8555 section 7.4.2); some destinations want it.
#pragma once

#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "base/http/transport.h"
#include "base/result.h"

namespace engine::sync {

// What is missing above the last certificate of `chain`, up to and with the root; empty when the chain ends in its root. Each
// issuer comes from `bundle_pem` (the roots that this machine trusts), else from where the certificate says that it can be
// fetched, and its signature is verified. Blocks for those fetches; safe from many threads. Errors: kNotFound (no way up), as the
// fetch.
base::Result<std::vector<base::crypto::Certificate>> FindMissingIssuers(const base::Call& call, base::http::Transport& http,
                                                                        const std::vector<base::crypto::Certificate>& chain,
                                                                        std::string_view bundle_pem);

}  // namespace engine::sync

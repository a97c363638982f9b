// SPDX-License-Identifier: MPL-2.0
// The whole issuance (RFC 8555 section 7.4): order, authorizations, challenges, finalize, download, verify.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/crypto/certificate.h"
#include "base/crypto/csr.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/certificate.h"
#include "engine/acme/checkpoints.h"
#include "engine/acme/client.h"
#include "engine/acme/order.h"
#include "engine/acme/solver.h"

namespace engine::acme {

// An order that an earlier run left, with the same key.
struct LeftOrder {
  std::string url{};          // empty: none
  bool is_finalized = false;  // it may have become a certificate
  bool was_missing = false;   // the CA did not find it in an earlier run
};

struct IssueRequest {
  std::vector<std::string> dns_names;  // lower case A-labels, wildcards as "*.", no duplicates
  std::optional<std::string> common_name{};
  std::optional<base::crypto::PrivateKey> key{};  // the certificate's key; not with `csr`
  std::optional<std::string> profile{};
  std::optional<std::string> replaces{};  // RFC 9773 certificate id, of the same CA and account
  std::optional<base::TimePoint> not_after{};
  std::optional<PreferredChain> preferred_chain{};
  std::optional<base::crypto::Csr> csr{};  // made by somebody else, for exactly dns_names
  LeftOrder left_order{};
  Checkpoints* checkpoints = nullptr;  // borrowed; null: nothing is written down
};

struct Issued {
  std::vector<base::crypto::Certificate>
      chain;  // leaf first, verified: key and names fit the request, each issued the one before
  std::string certificate_url;
  std::vector<std::string> warnings{};      // what did not matter enough to fail: a TXT record that is left, each a line
  std::vector<std::string> other_chains{};  // when the preferred chain was not offered: what was (Download::offered)
  std::string lost_order{};                 // URL of a finalized order that the CA has lost; this certificate takes its place
  std::string unknown_root{};               // where the chain ends when that is not trusted here: an issuer's name
};

// Orders and returns the certificate. Places every challenge at once, polls the order alone, and removes the records whether it
// succeeds, fails or is cancelled, under a deadline of its own.
// Orders of an account for the same names and profile follow one another: a CA may answer newOrder with the order that exists.
// Resumes a left order, whatever its status (section 7.1.6). If it is unusable, places a new one; but an order that was finalized
// is given up only when it is invalid, its certificate is another key's or has expired, or the CA did not find it in two runs.
// A stop request ends it within 100 ms before finalize; past finalize it is seen through for at most 30 s, since the certificate
// would be lost. On failure pending authorizations are deactivated (a CA limits them), unless a later run can go on with them.
// Errors: as the CA's problem document says, with every subproblem in details ("example.test: CAA forbids issuance").
base::Result<Issued> Issue(const base::Call& call, Client& client, const Account& account, const IssueRequest& request,
                           Solver& solver);

// Gives up an order that nobody will go on with: its pending authorizations are deactivated. Returns what its status was; one
// that is processing or valid is left as it is. Errors: those of looking at it.
base::Result<OrderStatus> AbandonOrder(const base::Call& call, Client& client, const Account& account, const std::string& url);

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/revoke.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/json.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;

struct Reason {
  std::string_view name;
  int code;
  bool is_offered = true;  // the others are for CAs, or for lists that web CAs do not keep
};
constexpr std::array<Reason, 10> kReasons = {{
    {"unspecified", 0},
    {"keyCompromise", 1},
    {"cACompromise", 2, false},
    {"affiliationChanged", 3},
    {"superseded", 4},
    {"cessationOfOperation", 5},
    {"certificateHold", 6, false},
    {"removeFromCRL", 8, false},
    {"privilegeWithdrawn", 9, false},
    {"aACompromise", 10, false},
}};

constexpr int kKeyCompromise = 1;

base::Result<void> Send(const Call& call, Client& client, const Signer& signer, const Revocation& wanted) {
  base::Json payload = {{"certificate", base::Base64Url(wanted.certificate_der)}};
  if (wanted.reason) payload["reason"] = *wanted.reason;
  auto response = SendToDirectory(call, client, signer, &Directory::revoke_cert, base::DumpJson(payload));
  if (response || IsProblem(response.error(), "alreadyRevoked")) return {};
  return std::move(response).error();
}

// The account is not, or no longer, one that may revoke this certificate.
bool IsRefusalOfAccount(const Error& error) { return error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kNotFound; }

}  // namespace

std::vector<std::string> RevocationReasons() {
  std::vector<std::string> names;
  for (const Reason& reason : kReasons) {
    if (reason.is_offered) names.emplace_back(reason.name);
  }
  return names;
}

std::optional<int> RevocationCode(std::string_view reason) {
  const auto found = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& one) { return one.name == reason; });
  if (found == kReasons.end()) return std::nullopt;
  return found->code;
}

base::Result<void> RevokeCertificate(const Call& call, Client& client, const Revocation& wanted) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error().While("revoking the certificate");
  if (directory->revoke_cert.empty()) return Error{ErrorKind::kInvalid, "the CA's directory offers no revocation"};
  base::Result<void> done =
      Error{ErrorKind::kInvalid, "neither the account's nor the certificate's key is at hand to revoke with"};
  const bool key_first = wanted.reason == kKeyCompromise && wanted.certificate_key;
  if (key_first) {
    done = Send(call, client, {.key = *wanted.certificate_key}, wanted);
    if (done || !wanted.account) return done ? done : std::move(done).error().While("revoking the certificate");
    call.log.Info("the CA refused the certificate's key; the account signs", {{base::key::kError, done.error().message}});
  }
  if (wanted.account) {
    done = Send(call, client, {wanted.account->key, wanted.account->url}, wanted);
    if (done || key_first || !wanted.certificate_key || !IsRefusalOfAccount(done.error())) {
      return done ? done : std::move(done).error().While("revoking the certificate");
    }
    call.log.Info("the account may not revoke; the certificate's key signs", {{base::key::kError, done.error().message}});
  }
  if (wanted.certificate_key) {
    auto by_key = Send(call, client, {.key = *wanted.certificate_key}, wanted);
    if (by_key || !wanted.account) done = std::move(by_key);
  }
  if (done) return done;
  return std::move(done).error().While("revoking the certificate");
}

}  // namespace engine::acme

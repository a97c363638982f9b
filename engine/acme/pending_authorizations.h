// SPDX-License-Identifier: MPL-2.0
// PendingAuthorizations: looks at what a pending order waits for. A challenge that stays pending with an error waits to be
// answered again (RFC 8555 section 8.2; step-ca and ZeroSSL leave it so after a failure of their resolver).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "engine/acme/authorization.h"
#include "engine/acme/order.h"

namespace engine::acme {

// For one order and one thread.
class PendingAuthorizations {
 public:
  // Answers again what is due: at most six answers per challenge, with growing pauses. An error reply to such an answer says
  // nothing new and is ignored. Errors: kInvalid and others when an authorization has failed; those of reading them.
  base::Result<void> Look(const base::Call& call, Client& client, const Account& account, const Order& order);

  // What the CA said last about each name that is not validated: "example.test: the CA refused: SERVFAIL … (dns)".
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct Answers {
    int count = 1;  // the one that was given before the wait
    base::SteadyTime next{};
  };
  bool IsDue(const base::Call& call, const Authorization& authorization, const Challenge& challenge);

  std::map<std::string, Answers> answers_;  // by the authorization's URL; those with an error
  std::vector<std::string> complaints_;
};

}  // namespace engine::acme

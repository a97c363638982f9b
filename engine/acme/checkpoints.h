// SPDX-License-Identifier: MPL-2.0
// Checkpoints: what an issuance has written down as it goes, so that a later run can go on where this one was killed.
#pragma once

#include <string>

#include "base/call.h"

namespace engine::acme {

class Checkpoints {
 public:
  virtual ~Checkpoints() = default;
  // The CA has the order: IssueRequest::left_order of a later run. Returns once that will outlive the process; a failure to
  // write it down is the implementation's to tell, since the issuance goes on without.
  virtual void OrderPlaced(const base::Call& call, const std::string& order_url) = 0;
  // From now on the order may become a certificate (LeftOrder::is_finalized). Returns once that will outlive the process.
  virtual void FinalizeBegun(const base::Call& call) = 0;
  // The CA does not find an order that was finalized, or its certificate, for as long as its replicas may lag
  // (LeftOrder::was_missing).
  virtual void OrderMissing(const base::Call& call) = 0;
  // The order is of no use any more: nothing of it needs to be kept.
  virtual void OrderAbandoned(const base::Call& call) = 0;
};

}  // namespace engine::acme

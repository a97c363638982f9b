// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/request_budget.h"

#include "base/text.h"

namespace engine::acme {

base::Result<void> RequestBudget::Spend() {
  std::size_t left = left_;
  while (left != 0 && !left_.compare_exchange_weak(left, left - 1)) {
  }
  if (left != 0) return {};
  return base::Error{base::ErrorKind::kProtocol,
                     base::Cat("the CA takes more than ", limit_, " requests for one order; the order was given up")};
}

}  // namespace engine::acme

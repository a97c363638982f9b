// SPDX-License-Identifier: MPL-2.0
#include "base/http/status_kind.h"

#include <algorithm>
#include <array>

namespace base::http {
namespace {

struct StatusKind {
  int status;
  ErrorKind kind;
};

// Sorted by status.
constexpr std::array kKinds{
    StatusKind{401, ErrorKind::kDenied},   StatusKind{403, ErrorKind::kDenied},
    StatusKind{404, ErrorKind::kNotFound}, StatusKind{408, ErrorKind::kUnavailable},
    StatusKind{409, ErrorKind::kConflict}, StatusKind{410, ErrorKind::kNotFound},
    StatusKind{412, ErrorKind::kConflict}, StatusKind{429, ErrorKind::kRateLimited},
    StatusKind{501, ErrorKind::kInvalid},  // the method: it is of no use to try again
};

}  // namespace

ErrorKind KindOfStatus(int status) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const StatusKind& one) { return one.status == status; });
  if (found != kKinds.end()) return found->kind;
  if (status >= 500 && status < 600) return ErrorKind::kUnavailable;
  return status >= 400 && status < 500 ? ErrorKind::kInvalid : ErrorKind::kProtocol;
}

}  // namespace base::http

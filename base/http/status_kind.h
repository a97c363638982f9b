// SPDX-License-Identifier: MPL-2.0
// What a status that is not a success means to a caller (RFC 9110 section 15).
#pragma once

#include "base/result.h"

namespace base::http {

// 401 and 403 kDenied, 404 and 410 kNotFound, 409 and 412 kConflict, 429 kRateLimited, 408 and 5xx kUnavailable, 501 and other
// 4xx kInvalid, anything else kProtocol.
ErrorKind KindOfStatus(int status);

}  // namespace base::http

// SPDX-License-Identifier: MPL-2.0
// What vendors' HTTP APIs have in common: the meaning of a status, the address of an API, and errors made of the fields in which
// a vendor tells what is wrong, never of whole bodies.
#pragma once

#include <string>
#include <string_view>

#include "base/http/request.h"
#include "base/result.h"

namespace base::http {

// As the vendor's answer names them; empty where it does not.
struct Complaint {
  std::string code;
  std::string message;
};

// The kind is the status's: 401 and 403 kDenied, 404 and 410 kNotFound, 409 and 412 kConflict, 429 kRateLimited, 408 and 5xx
// kUnavailable, other 4xx kInvalid, anything else kProtocol. retry_after as the answer says. error.code is the complaint's.
Error MakeApiError(std::string_view vendor, const Response& response, const Complaint& complaint, TimePoint now);

// True when what was asked for may have been done although this error came back.
bool MayHaveActed(const Error& error);

// The URL of an API without final slashes. Errors: kInvalid (no http or https URL, or one with a query string).
Result<std::string> ParseApiUrl(std::string_view text);

// A credential as it goes into a header, without the line end that a file leaves behind it. Errors: kInvalid (empty, or with
// spaces, control characters or letters outside ASCII).
Result<std::string> ParseHeaderSecret(std::string_view text);

}  // namespace base::http

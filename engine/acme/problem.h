// SPDX-License-Identifier: MPL-2.0
// Problem documents (RFC 7807, RFC 8555 section 6.7): what a CA says when it refuses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http/request.h"
#include "base/json.h"
#include "base/result.h"

namespace engine::acme {

// The objects that an ACME error may blame.
inline constexpr base::Subject kCaSubject{"CA"};
inline constexpr base::Subject kCertificateSubject{"certificate"};

inline constexpr std::string_view kProblemPrefix = "urn:ietf:params:acme:error:";

// The error that a problem document describes. `status`: the HTTP status, which decides the kind for types that are not known; 0
// when there is none (an authorization's own problem). Error::code is the full type; each subproblem is a line of details with
// its identifier: "example.test: CAA forbids issuance".
base::Error ProblemError(const base::Json& document, int status);

// The error of a reply that is not 2xx: its problem document, or, where a proxy answered with a page, the status and the first
// line. Retry-After is kept in retry_after.
base::Error ReplyError(const base::http::Response& response, base::TimePoint now);

// True when the error is the ACME problem "urn:ietf:params:acme:error:<type>".
bool IsProblem(const base::Error& error, std::string_view type);

}  // namespace engine::acme

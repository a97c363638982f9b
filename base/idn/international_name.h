// SPDX-License-Identifier: MPL-2.0
// International domain names: from what people write ("bücher.example") to what certificates and DNS contain
// ("xn--bcher-kva.example"), by UTS 46 with libidn2.
#pragma once

#include <string>
#include <string_view>

#include "base/domain_name.h"
#include "base/result.h"

namespace base::idn {

// The name that `text` stands for, as ParseDnsName returns it. Labels with letters outside ASCII become A-labels by UTS 46,
// non-transitional: "straße" is not "strasse". Labels that begin with "xn--" must decode (RFC 3492) and are kept otherwise: which
// characters it registers is up to the registry, and some register more than IDNA2008 allows.
// Errors: those of ParseDnsName; kInvalid for an "xn--" that does not decode and for what UTS 46 does not allow in a label.
// Pure.
Result<std::string> ParseInternationalName(std::string_view text, Wildcard wildcard);

}  // namespace base::idn

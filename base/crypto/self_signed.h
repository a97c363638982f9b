// SPDX-License-Identifier: MPL-2.0
// A self-signed certificate for one TLS server that lives as long as a process: P-256, because RSA keys take half a second.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace base::crypto {

struct SelfSigned {
  Secret key_pem;
  std::string certificate_pem;
  std::string certificate_der;
};

// For `dns_name`, valid from a minute before `now` (clocks differ) for a year, as its own authority. Errors: kInternal.
Result<SelfSigned> MakeSelfSigned(std::string_view dns_name, TimePoint now, Random& random);

}  // namespace base::crypto

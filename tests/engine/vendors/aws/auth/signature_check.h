// SPDX-License-Identifier: MPL-2.0
// How AWS looks at a signature, for fakes.
#pragma once

#include <string>

#include "base/http/request.h"

namespace tests {

struct AwsSigner {
  std::string key_id;
  std::string secret;
  std::string region;
  std::string service;
};

// AWS's code for what is wrong; empty when the request is signed by this one. Signed again with the secret, it must come out the
// same.
std::string CheckAwsSignature(const base::http::Request& request, const AwsSigner& signer);

}  // namespace tests

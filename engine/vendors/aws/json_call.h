// SPDX-License-Identifier: MPL-2.0
// One request of AWS's JSON protocol (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/aws/session.h"

namespace engine::vendors::aws {

struct AwsJsonCall {
  std::string_view service;  // that the signature names: "acm"
  std::string_view region;   // empty: that of the session
  std::string target;        // "CertificateManager.ImportCertificate"
  const base::Json& body;
  std::string_view doing;  // for errors: "the import of the certificate"
  base::http::Idempotency idempotency = base::http::Idempotency::kSafe;
};

// The answer, an empty object where there is none. Errors: those of AwsSession::Send; kProtocol (not JSON).
base::Result<base::Json> SendAwsJson(const base::Call& call, AwsSession& session, base::http::Transport& transport,
                                     const AwsJsonCall& request);

}  // namespace engine::vendors::aws

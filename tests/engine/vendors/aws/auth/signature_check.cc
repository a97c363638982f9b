// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/aws/auth/signature_check.h"

#include "base/text.h"
#include "base/time_format.h"
#include "engine/vendors/aws/auth/sigv4.h"

namespace tests {

std::string CheckAwsSignature(const base::http::Request& request, const AwsSigner& signer) {
  base::http::Request bare = request;
  std::string time;
  std::string authorization;
  std::erase_if(bare.headers, [&](const base::http::Header& header) {
    if (header.name == "X-Amz-Date") time = header.value;
    if (header.name == "Authorization") authorization = header.value;
    return header.name == "X-Amz-Date" || header.name == "Authorization";
  });
  if (authorization.empty() || time.size() != 16) return "MissingAuthenticationToken";
  if (authorization.find(base::Cat("Credential=", signer.key_id, '/')) == std::string::npos) return "InvalidClientTokenId";
  for (const std::size_t at : {4U, 7U}) time.insert(at, "-");
  for (const std::size_t at : {13U, 16U}) time.insert(at, ":");
  const auto again = engine::vendors::aws::auth::SignAws(
      bare, {.access_key_id = signer.key_id, .secret_access_key = base::Secret(signer.secret)},
      {.region = signer.region, .service = signer.service}, base::ParseRfc3339(time).value_or(base::TimePoint()));
  return again && again->headers.back().value == authorization ? "" : "SignatureDoesNotMatch";
}

}  // namespace tests

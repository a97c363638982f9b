// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/json_call.h"

#include "base/text.h"

namespace base::cloud {

Result<Json> SendAwsJson(const Call& call, AwsSession& session, http::Transport& transport, const AwsJsonCall& request) {
  http::Request post{.method = "POST",
                     .url = "/",
                     .headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", request.target}},
                     .body = DumpJson(request.body),
                     .idempotency = request.idempotency};
  const auto response = session.Send(call, transport, request.service, request.region, std::move(post), request.doing);
  if (!response) return response.error();
  return Trim(response->body).empty() ? Result<Json>(Json::object()) : ParseJsonObject(response->body);
}

}  // namespace base::cloud

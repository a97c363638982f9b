// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/json_call.h"

#include "base/text.h"

namespace engine::vendors::aws {

base::Result<base::Json> SendAwsJson(const base::Call& call, AwsSession& session, base::http::Transport& transport,
                                     const AwsJsonCall& request) {
  base::http::Request post{.method = "POST",
                           .url = "/",
                           .headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", request.target}},
                           .body = base::DumpJson(request.body),
                           .idempotency = request.idempotency};
  const auto response = session.Send(call, transport, request.service, request.region, std::move(post), request.doing);
  if (!response) return response.error();
  return base::Trim(response->body).empty() ? base::Result<base::Json>(base::Json::object())
                                            : base::ParseJsonObject(response->body);
}

}  // namespace engine::vendors::aws

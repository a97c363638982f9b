// SPDX-License-Identifier: MPL-2.0
// The webhook connection: a server of the user's own that speaks the httpreq protocol (present and cleanup, as lego's), or keeps
// certificates (the protocol of engine/sync/user_store_protocol.h).
#pragma once

#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"

namespace engine::vendors::webhook {

class Webhook {
 public:
  // `authorization`: the header's value; empty without credentials. `http` is borrowed; outlives this.
  Webhook(base::http::Transport& http, std::string url, base::Secret authorization)
      : http_(&http), url_(std::move(url)), authorization_(std::move(authorization)) {}

  // Any status from 200 to 299 is success; the answer's body says nothing. A POST is sent once: nothing is known of what the
  // server does with a second one. `path` begins with a slash or is empty.
  base::Result<void> Send(const base::Call& call, std::string_view method, std::string_view path,
                          const base::Json& body = {}) const;

  // With the credentials, for an answer in JSON; the body of a POST is JSON.
  base::http::Request MakeRequest(std::string_view method, std::string_view path) const;
  base::Result<base::http::Response> SendOnce(const base::Call& call, const base::http::Request& request) const;

 private:
  base::http::Transport* http_;
  std::string url_;
  base::Secret authorization_;
};

// Errors: kInvalid, which blames the field.
base::Result<Webhook> MakeWebhook(const connections::Connection& connection, const connections::Deps& deps);

}  // namespace engine::vendors::webhook

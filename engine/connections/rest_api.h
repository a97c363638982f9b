// SPDX-License-Identifier: MPL-2.0
// RestApi: a vendor's API of JSON over HTTP whose requests carry one token in a header. What differs between such vendors is
// data.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/http/paced_transport.h"
#include "base/http/rate_limiter.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/connections/connection.h"

namespace engine::connections {

// One constant per vendor, with the source of its facts beside it.
struct RestVendor {
  std::string_view name;      // in errors: "Linode"
  std::string_view url;       // of the public API, with the path that all requests share
  std::string_view variable;  // the environment variable in which the vendor's own tools expect the token
  base::http::Rate rate;      // as published
  std::string_view token_header = "Authorization";
  std::string_view token_prefix = "Bearer ";
  std::string_view second_header{};                            // of a second secret; empty: there is none
  std::string_view error_code{};                               // where an answer has them, as for FindAt; empty: nowhere
  std::string_view error_message{};                            //
  base::http::PacedTransport::FindPause find_pause = nullptr;  // the vendor's own way to say "too fast"; null: Retry-After
  // The vendor's own way to refuse: the kind of the error that an answer is, empty where its status says it. Null: it has none.
  std::optional<base::ErrorKind> (*find_refusal)(const base::http::Response& response, const base::Json& answer) = nullptr;
};

// The value at a path of members and positions, "errors/0/reason"; the value itself for an empty path. Null when it is absent.
const base::Json* FindAt(const base::Json& value, std::string_view path);
// The text there, or a whole number as text; empty when there is neither.
std::string TextAt(const base::Json& value, std::string_view path);

// Safe from many threads.
class RestApi {
 public:
  // `vendor` and `transport` are borrowed; outlive this. `second`: what goes into vendor.second_header, where it has one.
  RestApi(const RestVendor& vendor, base::http::Transport& transport, std::string url, base::Secret token,
          std::shared_ptr<base::http::RateLimiter> limiter, base::Secret second = {})
      : vendor_(&vendor),
        transport_(&transport),
        url_(std::move(url)),
        token_(std::move(token)),
        second_(std::move(second)),
        limiter_(std::move(limiter)) {}

  // The answer's object or array; null for an empty one. `path` begins with a slash; a null `body` is none. What is kOnce is sent
  // once: a second one could create a second record. Errors have the vendor's code as error.code.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path, const base::Json& body,
                                const std::vector<base::http::Header>& headers, base::http::Idempotency idempotency) const;
  // A POST is kOnce, all else kSafe.
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {}, const std::vector<base::http::Header>& headers = {}) const;

  const RestVendor& vendor() const { return *vendor_; }
  // The same for all copies that work with the same account; compared, never dereferenced.
  const void* account() const { return limiter_.get(); }

 private:
  const RestVendor* vendor_;
  base::http::Transport* transport_;
  std::string url_;
  base::Secret token_;
  base::Secret second_;
  std::shared_ptr<base::http::RateLimiter> limiter_;  // shared by all users of the account
};

// With the fields `api_token` and `endpoint_url` of the connection. `path`: what all requests share behind that URL, such as an
// account; empty, or beginning with a slash. Errors: kInvalid, which blames the field.
base::Result<RestApi> MakeRestApi(const RestVendor& vendor, const Connection& connection, const Deps& deps,
                                  std::string_view path = {});

}  // namespace engine::connections

// SPDX-License-Identifier: MPL-2.0
// HTTP requests and responses as values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.h"

namespace base::http {

struct Header {
  std::string name;
  std::string value;
};

// May the request be sent again when it is not known whether the server has acted on it?
enum class Idempotency { kSafe, kOnce };

// By way of the proxies that the environment names, or never: a cloud's metadata service answers only the machine that asks.
enum class Proxies { kHonoured, kBypassed };

// Where a request may go without TLS. https may go anywhere.
enum class PlainHttp {
  kLoopback,  // to this machine, and to the metadata services of clouds (base/http/plain_http.h)
  kPrivate,   // besides, to private and link-local addresses: for a connection whose user allows it
  kPublic,    // anywhere: nothing in the request is secret, and the answer is verified by what it holds
};

struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<Header> headers{};
  std::string body{};
  Idempotency idempotency = Idempotency::kSafe;
  Proxies proxies = Proxies::kHonoured;
  PlainHttp plain_http = PlainHttp::kLoopback;
};

struct Response {
  int status = 0;
  std::vector<Header> headers{};
  std::string body{};

  // The first header of that name, in any case; empty when there is none.
  std::optional<std::string_view> Find(std::string_view name) const;
  std::vector<std::string_view> FindAll(std::string_view name) const;
};

}  // namespace base::http

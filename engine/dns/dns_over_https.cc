// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/dns_over_https.h"

#include <utility>

#include "base/http/client.h"
#include "base/text.h"

namespace engine::dns {
namespace {

constexpr const char* kMediaType = "application/dns-message";

}  // namespace

bool IsDnsOverHttps(std::string_view resolver) { return resolver.starts_with("https://"); }

base::dns::Carrier MakeDnsOverHttps(base::http::Transport& transport, std::string url) {
  return [&transport, url = std::move(url)](const base::Call& call, const std::string& message) -> base::Result<std::string> {
    const base::http::Request request{
        .method = "POST", .url = url, .headers = {{"Content-Type", kMediaType}, {"Accept", kMediaType}}, .body = message};
    auto response = base::http::Fetch(call, transport, request);
    if (!response) return std::move(response).error();
    if (response->status == 200) return std::move(response->body);
    return base::Error{base::ErrorKind::kUnavailable, base::Cat(url, ": HTTP status ", response->status)};
  };
}

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
// Link headers (RFC 8288) and the URLs in them: what is found is an absolute URL that resolves to itself.
#include <string>

#include "base/url.h"
#include "engine/acme/link.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

constexpr std::string_view kRequest = "https://ca.example.test/acme/certificate/1?a=b";

void CheckUrl(std::string_view text) {
  const auto url = base::ParseUrl(text);
  if (!url) return fuzz::RequireUtf8(url.error().message, "the message of a refusal is UTF-8");
  const std::string written = url->Origin() + url->path + (url->query.empty() ? "" : "?" + url->query);
  const auto again = base::ParseUrl(written);
  Require(again && again->Origin() == url->Origin() && again->path == url->path && again->query == url->query,
          "a URL is written and read again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  CheckUrl(text);
  const base::http::Response response{.status = 200, .headers = {{"Link", std::string(text)}}, .body = {}};
  const auto links = engine::acme::LinksOf(response, "alternate", kRequest);
  Require(links.empty() || text.find('<') != std::string_view::npos, "a link has a target");
  for (const auto& link : links) {
    Require(base::ParseUrl(link).ok(), "a link is an absolute URL");
    const auto resolved = base::ResolveUrl(kRequest, link);
    Require(resolved && *resolved == link, "an absolute URL resolves to itself");
  }
  if (const auto resolved = base::ResolveUrl(kRequest, text)) {
    Require(base::ParseUrl(*resolved).ok(), "what a reference resolves to is an absolute URL");
  }
  return 0;
}

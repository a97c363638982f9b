// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/ca_url.h"

#include "base/text.h"

namespace engine::acme {

base::Error NotHttps(const base::Url& url) {
  return {base::ErrorKind::kProtocol,
          base::Cat("the CA names the URL ", base::Printable(url.Origin(), 200), ", which is not https")};
}

base::Result<std::string> ResolveCaUrl(std::string_view from, std::string_view reference) {
  auto resolved = base::ResolveUrl(from, reference);
  if (!resolved || !from.starts_with("https:")) return resolved;
  const auto url = base::ParseUrl(*resolved);
  if (!url) return url.error();
  if (url->scheme != "https") return NotHttps(*url);
  return resolved;
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/ca_url.h"

#include "base/text.h"
#include "base/url.h"

namespace engine::acme {
namespace {

constexpr std::size_t kLongestUrl = 200;  // in a message

}  // namespace

base::Result<std::string> ResolveCaUrl(std::string_view from, std::string_view reference) {
  auto resolved = base::ResolveUrl(from, reference);
  if (!resolved || !from.starts_with("https:") || resolved->starts_with("https:")) return resolved;
  return base::Error{base::ErrorKind::kProtocol,
                     base::Cat("the CA hands out a URL that is not https: ", base::Printable(*resolved, kLongestUrl))};
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/link.h"

#include <algorithm>

#include "base/text.h"
#include "engine/acme/ca_url.h"

namespace engine::acme {
namespace {

// The value of the first `rel` parameter of `parameters` (";rel=\"alternate index\";title=x"); without quotes.
std::string_view RelOf(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t equals = parameters.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string_view name = base::Trim(parameters.substr(0, equals));
    std::string_view rest = base::Trim(parameters.substr(equals + 1));
    const bool quoted = rest.starts_with('"');
    if (quoted) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find(quoted ? '"' : ';'), rest.size());
    if (base::EqualsIgnoreCase(base::Trim(name.substr(name.rfind(';') + 1)), "rel")) return base::Trim(rest.substr(0, end));
    parameters = rest.substr(std::min(end + 1, rest.size()));
  }
  return {};
}

bool HasRelation(std::string_view rels, std::string_view wanted) {
  const auto words = base::Split(rels, ' ');
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return base::EqualsIgnoreCase(word, wanted); });
}

// One header may hold several links: "<a>;rel=x, <b>;rel=y".
void AddLinks(std::string_view header, std::string_view rel, std::string_view request_url, std::vector<std::string>& found) {
  for (auto begin = header.find('<'); begin != std::string_view::npos;) {
    const auto end = header.find('>', begin);
    if (end == std::string_view::npos) return;
    const auto next = header.find('<', end);
    std::string_view parameters = base::Trim(header.substr(end + 1, next == std::string_view::npos ? next : next - end - 1));
    if (parameters.ends_with(',')) parameters.remove_suffix(1);
    if (HasRelation(RelOf(parameters), rel)) {
      if (auto url = ResolveCaUrl(request_url, header.substr(begin + 1, end - begin - 1))) found.push_back(*std::move(url));
    }
    begin = next;
  }
}

}  // namespace

std::vector<std::string> LinksOf(const base::http::Response& response, std::string_view rel, std::string_view request_url) {
  std::vector<std::string> found;
  for (const std::string_view header : response.FindAll("link")) AddLinks(header, rel, request_url, found);
  return found;
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "base/url.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kMaxQuoted = 120;  // of the user's text in a message

Error Problem(std::string_view text, std::string_view what) {
  // What stands before an @ may be a password.
  if (text.find('@') != std::string_view::npos) return Error{ErrorKind::kInvalid, Cat("the URL ", what)};
  return Error{ErrorKind::kInvalid, Cat("the URL \"", Printable(WithoutQuery(text), kMaxQuoted), "\" ", what)};
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

bool HasForeignCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7F;
  });
}

std::uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

std::optional<std::uint16_t> ParsePort(std::string_view digits) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = failure == std::errc{} && end == digits.data() + digits.size();
  if (!whole || port == 0 || port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

bool IsHost(std::string_view host) { return !host.empty() && std::all_of(host.begin(), host.end(), IsUnreserved); }

bool IsIpv6(std::string_view host) {
  return host.find(':') != std::string_view::npos && host.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

// Host and port of "host", "host:port" or "[v6]:port" into `url`. What is wrong, empty when it is fine.
std::string_view ReadAuthority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) return "carries credentials; they do not belong into a URL";
  std::string_view host = authority;
  std::string_view after;
  const bool bracketed = authority.starts_with('[');
  if (bracketed) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return "has a bracket that is not closed";
    host = authority.substr(1, end - 1);
    after = authority.substr(end + 1);
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    after = authority.substr(colon);
  }
  url.host = ToLower(host);
  if (url.host.empty()) return "has no host";
  if (bracketed ? !IsIpv6(url.host) : !IsHost(url.host)) return "has a host that is neither a name nor an address";
  if (after.empty()) return {};
  const auto port = after.starts_with(':') ? ParsePort(after.substr(1)) : std::nullopt;
  if (!port) return "has a port that is not a number from 1 to 65535";
  url.port = *port;
  return {};
}

// RFC 3986 section 5.2.4 for an absolute path.
std::string RemoveDotSegments(std::string_view path) {
  auto pieces = Split(path.substr(1), '/');
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool last = i + 1 == pieces.size();
    const bool up = pieces[i] == "..";
    if (up && !kept.empty()) kept.pop_back();
    if (!up && pieces[i] != ".")
      kept.push_back(std::move(pieces[i]));
    else if (last)
      kept.emplace_back();
  }
  return "/" + Join(kept, "/");
}

bool HasScheme(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?#");
}

// How much of what follows the "://" of a URL in some text is user name and password, with their '@'.
std::size_t UserinfoLength(std::string_view rest) {
  constexpr std::size_t kFarthest = 512;
  const std::string_view line = rest.substr(0, std::min(rest.find_first_of("\"'`<>\r\n"), kFarthest));
  const std::string_view authority = line.substr(0, line.find_first_of("/?# \t"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) return at + 1;
  // "user:pa/ss@proxy:3128": what stands behind the colon is no port.
  const auto colon = authority.find(':');
  const bool has_port = colon == std::string_view::npos || authority.starts_with('[') || ParsePort(authority.substr(colon + 1));
  if (has_port) return 0;
  const auto at = line.rfind('@');
  return at == std::string_view::npos ? 0 : at + 1;
}

}  // namespace

std::string Url::Origin() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string origin = Cat(scheme, "://", ipv6 ? "[" : "", host, ipv6 ? "]" : "");
  return port == DefaultPort(scheme) ? origin : Cat(origin, ':', port);
}

Result<Url> ParseUrl(std::string_view text) {
  if (text.empty()) return Error{ErrorKind::kInvalid, "the URL is empty"};
  if (HasForeignCharacter(text))
    return Problem(text, "holds a space, a control character or one outside ASCII; percent-encode it");
  const auto separator = text.find("://");
  if (separator == std::string_view::npos) return Problem(text, "has no scheme; write it as https://host/path");
  Url url;
  url.scheme = ToLower(text.substr(0, separator));
  if (url.scheme != "https" && url.scheme != "http") return Problem(text, "has a scheme other than https and http");
  if (text.find('#') != std::string_view::npos) return Problem(text, "has a fragment (#…); remove it");
  url.port = DefaultPort(url.scheme);
  std::string_view rest = text.substr(separator + 3);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (const auto wrong = ReadAuthority(rest.substr(0, end), url); !wrong.empty()) return Problem(text, wrong);
  rest.remove_prefix(end);
  const auto question = rest.find('?');
  url.path = rest.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = rest.substr(question + 1);
  return url;
}

Result<std::string> ResolveUrl(std::string_view base_url, std::string_view reference) {
  const auto parsed = ParseUrl(base_url);
  if (!parsed) return parsed.error();
  std::string resolved;
  const auto question = std::min(reference.find('?'), reference.size());
  const std::string_view path = reference.substr(0, question);
  const std::string_view query = reference.substr(question);
  if (HasScheme(reference)) {
    resolved = reference;
  } else if (reference.starts_with("//")) {
    resolved = Cat(parsed->scheme, ':', reference);
  } else if (path.starts_with('/')) {
    resolved = Cat(parsed->Origin(), RemoveDotSegments(path), query);
  } else if (path.empty()) {
    const std::string kept = query.empty() && !parsed->query.empty() ? "?" + parsed->query : std::string(query);
    resolved = Cat(parsed->Origin(), parsed->path, kept);
  } else {
    const std::string folder = parsed->path.substr(0, parsed->path.rfind('/') + 1);
    resolved = Cat(parsed->Origin(), RemoveDotSegments(folder + std::string(path)), query);
  }
  if (auto fine = ParseUrl(resolved); !fine) return std::move(fine).error();
  return resolved;
}

std::string WithoutQuery(std::string_view url) { return std::string(url.substr(0, url.find('?'))); }

std::string WithoutUserinfo(std::string_view text) {
  std::string out;
  for (auto separator = text.find("://"); separator != std::string_view::npos; separator = text.find("://")) {
    const std::size_t begin = separator + 3;
    out.append(text.substr(0, begin));
    text.remove_prefix(begin);
    text.remove_prefix(UserinfoLength(text));
  }
  return out.append(text);
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append({'%', kDigits[byte >> 4], kDigits[byte & 0x0F]});
  }
  return out;
}

}  // namespace base

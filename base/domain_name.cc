// SPDX-License-Identifier: MPL-2.0
#include "base/domain_name.h"

#include <algorithm>

#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kMaxName = 253;   // RFC 1035 section 2.3.4: 255 octets on the wire
constexpr std::size_t kMaxLabel = 63;   // the same
constexpr std::size_t kMaxQuoted = 80;  // of the user's text in a message

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || IsDigit(c); }

Error Problem(std::string_view text, std::string_view what) {
  return Error{ErrorKind::kInvalid, Cat('"', Printable(text, kMaxQuoted), "\" ", what)};
}

bool IsIpv4Address(std::string_view name) {
  const auto parts = Split(name, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && part.size() <= 3 && std::all_of(part.begin(), part.end(), IsDigit);
         });
}

bool IsIpv6Address(std::string_view name) {
  const bool foreign = name.find_first_not_of("0123456789abcdef:.[]") != std::string_view::npos;
  return !foreign && std::count(name.begin(), name.end(), ':') >= 2;
}

// What is wrong with one label of `text`; empty when it is fine.
std::optional<Error> LabelProblem(std::string_view text, std::string_view label) {
  if (label.empty()) return Problem(text, "has an empty label: two dots follow each other, or a dot comes first");
  if (label.size() > kMaxLabel) {
    return Problem(text, Cat("has a label of ", label.size(), " characters, the limit is 63: \"", label.substr(0, 20), "…\""));
  }
  for (const char c : label) {
    if (IsLetterOrDigit(c) || c == '-') continue;
    if (c == '*')
      return Problem(text, "has a star in the wrong place: a wildcard is the whole first label, as in \"*.example.com\"");
    if (c == '_') return Problem(text, "holds an underscore, which no certificate authority accepts in a host name");
    return Problem(text, Cat("holds the character \"", Printable(std::string_view(&c, 1), 4),
                             "\"; only letters, digits and dashes are allowed"));
  }
  if (label.front() == '-' || label.back() == '-') {
    return Problem(text, Cat("has a label that begins or ends with a dash: \"", label, '"'));
  }
  return std::nullopt;
}

// Mistakes that deserve a better answer than "character not allowed".
std::optional<Error> CommonMistake(std::string_view text, std::string_view name) {
  if (name.empty()) return Error{ErrorKind::kInvalid, "the domain name is empty"};
  if (Trim(text).size() != text.size()) return Problem(text, "begins or ends with white space; remove it");
  if (name.find("://") != std::string_view::npos) return Problem(text, "is a URL; write the host name alone");
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return Problem(text, "holds letters outside ASCII; write the name in its ASCII form (xn--…), as \"idn2 <name>\" prints it");
  }
  if (IsIpv4Address(name) || IsIpv6Address(name))
    return Problem(text, "is an IP address; only domain names can be validated through DNS");
  if (name.size() > kMaxName) return Problem(text, Cat("is ", name.size(), " characters long, the limit is 253"));
  return std::nullopt;
}

std::string_view WithoutFinalDot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

Result<std::string> ParseDnsName(std::string_view text, Wildcard wildcard) {
  std::string name = ToLower(WithoutFinalDot(text));
  if (auto mistake = CommonMistake(text, name)) return *std::move(mistake);
  const std::string_view host = WithoutWildcard(name);
  if (host.size() != name.size() && wildcard == Wildcard::kRefused) {
    return Problem(text, "is a wildcard, which is not possible here; write a single name");
  }
  const auto labels = Split(host, '.');
  for (const std::string& label : labels) {
    if (auto problem = LabelProblem(text, label)) return *std::move(problem);
  }
  if (labels.size() < 2 && host.size() != name.size())
    return Problem(text, "covers a whole top-level domain; no authority issues that");
  if (labels.size() < 2) return Problem(text, "is a single label; write the full name, as in \"www.example.com\"");
  // RFC 3696 section 2: a last label of digits alone would be read as an address.
  if (std::all_of(labels.back().begin(), labels.back().end(), IsDigit)) {
    return Problem(text, Cat("ends with \"", labels.back(), "\": a top-level domain is not a number"));
  }
  return name;
}

std::string_view WithoutWildcard(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  return name;
}

std::string Absolute(std::string_view name) {
  while (name.ends_with('.')) name.remove_suffix(1);
  return ToLower(name).append(".");
}

bool IsInZone(std::string_view name, std::string_view zone) {
  name = WithoutFinalDot(name);
  zone = WithoutFinalDot(zone);
  if (zone.empty()) return true;  // everything lies below the root
  if (name.size() < zone.size() || !EqualsIgnoreCase(name.substr(name.size() - zone.size()), zone)) return false;
  return name.size() == zone.size() || name[name.size() - zone.size() - 1] == '.';
}

}  // namespace base

// SPDX-License-Identifier: MPL-2.0
#include "schema/validators.h"

#include <algorithm>
#include <array>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace schema {
namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kLongestSlug = 64;
constexpr std::size_t kLongestLocalPart = 64;      // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kLongestEmailAddress = 254;  // RFC 5321 section 4.5.3.1.3, as corrected by erratum 1690

// Validators do not know whether their attribute is sensitive, so that no message of theirs repeats the value. Terraform shows
// the source line beside it.
void Refuse(const cty::Path& path, std::string_view rule, Diagnostics& diagnostics) {
  diagnostics.Error(base::Cat("Invalid value for ", path.ToText()), base::Cat(path.ToText(), " ", rule), path);
}

std::string QuotedList(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text.append(i + 1 == items.size() ? " or " : ", ");
    text.append(base::Cat('"', items[i], '"'));
  }
  return text;
}

std::string Range(std::string_view least, std::string_view most, std::string_view unit) {
  if (least == most) return base::Cat(least, " ", unit);
  return base::Cat("between ", least, " and ", most, " ", unit);
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "::1") return true;
  const auto of_address = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  return host.starts_with("127.") && std::all_of(host.begin(), host.end(), of_address);
}

// A dot-atom (RFC 5322 section 3.2.3) without what a mailto URL has to encode: CAs parse both.
bool IsPlainLocalPart(std::string_view local) {
  constexpr std::string_view kForeign = "()<>[]:;@\\,\"?#%/";
  const auto fits = [&](char c) { return c > ' ' && c < 0x7F && kForeign.find(c) == std::string_view::npos; };
  const bool has_empty_atom = local.starts_with('.') || local.ends_with('.') || local.find("..") != std::string_view::npos;
  return !local.empty() && local.size() <= kLongestLocalPart && !has_empty_atom && std::all_of(local.begin(), local.end(), fits);
}

}  // namespace

Validator OneOf(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    if (std::find(allowed.begin(), allowed.end(), value.AsString()) != allowed.end()) return;
    Refuse(path, base::Cat("must be ", QuotedList(allowed), "."), diagnostics);
  };
}

Validator IntegerBetween(std::int64_t least, std::int64_t most) {
  return [least, most](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const auto number = value.AsNumber().ToInt64();
    if (number && *number >= least && *number <= most) return;
    Refuse(path, base::Cat("must be a whole number between ", least, " and ", most, "."), diagnostics);
  };
}

Validator LengthBetween(std::size_t least, std::size_t most) {
  return [least, most](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const std::size_t length = value.AsString().size();
    if (length >= least && length <= most) return;
    Refuse(path,
           length == 0
               ? std::string("must not be empty.")
               : base::Cat("must be ", Range(base::Cat(least), base::Cat(most), "characters"), " long; it has ", length, "."),
           diagnostics);
  };
}

Validator ElementsBetween(std::size_t least, std::size_t most) {
  return [least, most](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const bool map = value.type().kind() == cty::Kind::kMap;
    const std::size_t count = map ? value.AsMembers().size() : value.AsElements().size();
    // Unknown elements of a set may turn out to be equal, so that it shrinks.
    const bool may_shrink = value.type().kind() == cty::Kind::kSet && !value.is_wholly_known();
    if (count >= least && (count <= most || may_shrink)) return;
    Refuse(path,
           count == 0 ? std::string("must not be empty.")
                      : base::Cat("must have ", Range(base::Cat(least), base::Cat(most), "elements"), "; it has ", count, "."),
           diagnostics);
  };
}

Validator IsDuration() {
  return [](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    if (base::ParseDuration(value.AsString())) return;
    Refuse(path, "must be a duration such as \"90s\", \"2m\" or \"1h30m\".", diagnostics);
  };
}

Validator IsHttpsUrl() {
  return [](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const auto url = base::ParseUrl(value.AsString());
    if (!url) {
      return diagnostics.Error(base::Cat("Invalid value for ", path.ToText()), url.error(),
                               base::Cat(path.ToText(), " must be a URL such as \"https://ca.example.com/directory\"."), path);
    }
    if (url->scheme == "https" || IsLoopback(url->host)) return;
    Refuse(path, "must start with \"https://\". Plain http is allowed for this machine only (localhost, 127.0.0.1, ::1).",
           diagnostics);
  };
}

Validator IsEmailAddress() {
  return [](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const std::string& address = value.AsString();
    const std::size_t at = address.rfind('@');
    const bool fits = at != std::string::npos && address.size() <= kLongestEmailAddress &&
                      IsPlainLocalPart(address.substr(0, at)) &&
                      base::ParseDnsName(address.substr(at + 1), base::Wildcard::kRefused);
    if (fits) return;
    Refuse(path, "must be one email address such as \"ops@example.com\", without \"mailto:\" and without a display name.",
           diagnostics);
  };
}

Validator IsFileContent() {
  return [](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const std::string_view text = value.AsString();
    const auto first = text.substr(0, text.find('/'));
    const bool is_rooted = first.empty() || first == "." || first == ".." || first.starts_with('~');
    constexpr std::array<std::string_view, 8> kEndings = {".pem", ".crt", ".cer", ".key", ".csr", ".json", ".yaml", ".yml"};
    const bool has_ending = std::any_of(kEndings.begin(), kEndings.end(), [&](auto one) { return text.ends_with(one); });
    const bool is_path = text.size() <= kLongestPath && text.find('\n') == std::string_view::npos &&
                         text.find('{') == std::string_view::npos && (has_ending || (is_rooted && text.size() > first.size()));
    if (!is_path) return;
    Refuse(path, "takes the content of a file, and this is a path. Write `file(\"…\")` around it.", diagnostics);
  };
}

Validator IsSlug() {
  return [](const cty::Value& value, const cty::Path& path, Diagnostics& diagnostics) {
    const std::string& slug = value.AsString();
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (!slug.empty() && slug.size() <= kLongestSlug && std::all_of(slug.begin(), slug.end(), fits)) return;
    Refuse(path, "must be 1 to 64 lower-case letters, digits and dashes, such as \"lets-encrypt-production\".", diagnostics);
  };
}

}  // namespace schema

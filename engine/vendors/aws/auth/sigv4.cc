// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/auth/sigv4.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace engine::vendors::aws::auth {
namespace {

using base::Cat;
using base::FormatRfc3339;
using base::FromHex;
using base::Hex;
using base::Join;
using base::ParseUrl;
using base::PercentEncode;
using base::Result;
using base::Secret;
using base::Split;
using base::TimePoint;
using base::ToLower;
using base::Trim;
using base::Url;
using base::crypto::Hash;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::array<std::string_view, 6> kUnsigned = {"authorization",     "connection", "expect",
                                                       "transfer-encoding", "user-agent", "x-amzn-trace-id"};

// 20150830T123600Z
std::string BasicTime(TimePoint when) {
  std::string text = FormatRfc3339(when);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

// The path is encoded once for the URL, and once more for the signature; dot segments and empty ones are taken out before.
std::string CanonicalPath(std::string_view path) {
  std::vector<std::string> kept;
  for (std::string& piece : Split(path, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece != "..") {
      kept.push_back(PercentEncode(piece));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  return kept.empty() ? "/" : Cat('/', Join(kept, "/"), path.ends_with('/') ? "/" : "");
}

// Decoded, so that each query has one encoding however it was written.
std::string PercentDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? FromHex(text.substr(i + 1, 2)) : std::nullopt;
    decoded.append(byte ? *byte : std::string(1, text[i]));
    if (byte) i += 2;
  }
  return decoded;
}

std::string CanonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string& parameter : Split(query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = std::string_view(parameter).substr(std::min(equals + 1, parameter.size()));
    parameters.emplace_back(PercentEncode(PercentDecode(std::string_view(parameter).substr(0, equals))),
                            PercentEncode(PercentDecode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::vector<std::string> pairs;
  for (const auto& [name, value] : parameters) pairs.push_back(Cat(name, '=', value));
  return Join(pairs, "&");
}

// Without spaces at both ends, runs of spaces inside as one.
std::string CanonicalValue(std::string_view value) {
  std::string out;
  for (const char c : Trim(value)) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space) {
      out.push_back(c);
    } else if (!out.ends_with(' ')) {
      out.push_back(' ');
    }
  }
  return out;
}

// Lower-case names, sorted; values of one name joined by commas.
std::map<std::string, std::string> CanonicalHeaders(const base::http::Request& request, const Url& url) {
  std::map<std::string, std::string> headers{{"host", url.Origin().substr(url.scheme.size() + 3)}};
  for (const base::http::Header& header : request.headers) {
    const std::string name = ToLower(header.name);
    if (name == "host" || std::find(kUnsigned.begin(), kUnsigned.end(), name) != kUnsigned.end()) continue;
    const auto [entry, is_new] = headers.try_emplace(name, CanonicalValue(header.value));
    if (!is_new) entry->second.append(Cat(',', CanonicalValue(header.value)));
  }
  return headers;
}

Secret SigningKey(const AwsCredentials& credentials, const AwsScope& scope, std::string_view day) {
  Secret key(Cat("AWS4", credentials.secret_access_key.Reveal()));
  for (const std::string_view part :
       {day, std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
    key = Secret(base::crypto::Hmac(Hash::kSha256, key, part));
  }
  return key;
}

}  // namespace

Result<base::http::Request> SignAws(base::http::Request request, const AwsCredentials& credentials, const AwsScope& scope,
                                    TimePoint now) {
  const auto url = ParseUrl(request.url);
  if (!url) return url.error();
  const std::string time = BasicTime(now);
  const std::string day = time.substr(0, 8);
  request.headers.push_back({"X-Amz-Date", time});
  if (!credentials.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", std::string(credentials.session_token.Reveal())});
  }
  std::string names;
  std::string lines;
  for (const auto& [name, value] : CanonicalHeaders(request, *url)) {
    names.append(Cat(names.empty() ? "" : ";", name));
    lines.append(Cat(name, ':', value, '\n'));
  }
  const std::string canonical = Cat(request.method, '\n', CanonicalPath(url->path), '\n', CanonicalQuery(url->query), '\n', lines,
                                    '\n', names, '\n', Hex(base::crypto::Sha256(request.body)));
  const std::string credential = Cat(day, '/', scope.region, '/', scope.service, "/aws4_request");
  const std::string to_sign = Cat(kAlgorithm, '\n', time, '\n', credential, '\n', Hex(base::crypto::Sha256(canonical)));
  const std::string signature = Hex(base::crypto::Hmac(Hash::kSha256, SigningKey(credentials, scope, day), to_sign));
  request.headers.push_back({"Authorization", Cat(kAlgorithm, " Credential=", credentials.access_key_id, '/', credential,
                                                  ", SignedHeaders=", names, ", Signature=", signature)});
  return request;
}

}  // namespace engine::vendors::aws::auth

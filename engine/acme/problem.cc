// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/problem.h"

#include <algorithm>
#include <array>

#include "base/http/client.h"
#include "base/http/status_kind.h"
#include "base/text.h"
#include "engine/acme/link.h"

namespace engine::acme {
namespace {

using base::Error;
using base::ErrorKind;
using base::http::KindOfStatus;

struct KnownType {
  std::string_view type;
  ErrorKind kind;
};

// RFC 8555 section 6.7, RFC 9773 section 7.4 (alreadyReplaced), draft-ietf-acme-profiles (invalidProfile).
constexpr std::array<KnownType, 26> kKnownTypes = {{
    {"accountDoesNotExist", ErrorKind::kNotFound},
    {"alreadyReplaced", ErrorKind::kConflict},
    {"alreadyRevoked", ErrorKind::kConflict},
    {"badCSR", ErrorKind::kInvalid},
    {"badNonce", ErrorKind::kUnavailable},
    {"badPublicKey", ErrorKind::kInvalid},
    {"badRevocationReason", ErrorKind::kInvalid},
    {"badSignatureAlgorithm", ErrorKind::kInvalid},
    {"caa", ErrorKind::kDenied},
    {"compound", ErrorKind::kInvalid},
    {"connection", ErrorKind::kUnavailable},
    {"dns", ErrorKind::kUnavailable},
    {"externalAccountRequired", ErrorKind::kInvalid},
    {"incorrectResponse", ErrorKind::kDenied},
    {"invalidContact", ErrorKind::kInvalid},
    {"invalidProfile", ErrorKind::kInvalid},
    {"malformed", ErrorKind::kInvalid},
    {"orderNotReady", ErrorKind::kConflict},
    {"rateLimited", ErrorKind::kRateLimited},
    {"rejectedIdentifier", ErrorKind::kInvalid},
    {"serverInternal", ErrorKind::kUnavailable},
    {"tls", ErrorKind::kUnavailable},
    {"unauthorized", ErrorKind::kDenied},
    {"unsupportedContact", ErrorKind::kInvalid},
    {"unsupportedIdentifier", ErrorKind::kInvalid},
    {"userActionRequired", ErrorKind::kDenied},
}};
constexpr std::size_t kLongestDetail = 500;
constexpr std::size_t kLongestWithUrl = 4096;  // Let's Encrypt's links to resume a paused account are longer than 500
constexpr std::size_t kLongestPage = 200;
constexpr std::size_t kMostSubproblems = 200;

std::string_view ShortType(std::string_view type) {
  return type.starts_with(kProblemPrefix) ? type.substr(kProblemPrefix.size()) : type;
}

ErrorKind KindOf(std::string_view type, int status) {
  // Boulder's and Pebble's word for a URL of which they know nothing.
  if (status == 404 && ShortType(type) == "malformed") return ErrorKind::kNotFound;
  const auto known =
      std::find_if(kKnownTypes.begin(), kKnownTypes.end(), [&](const KnownType& one) { return one.type == ShortType(type); });
  return known != kKnownTypes.end() ? known->kind : KindOfStatus(status);
}

// "the text of the detail (caa)".
std::string Sentence(const base::Json& document) {
  const std::string type = base::Printable(ShortType(base::FindString(document, "type").value_or("")), 100);
  const std::string text = base::FindString(document, "detail").value_or("");
  std::string detail = base::Printable(text, text.find("https://") == std::string::npos ? kLongestDetail : kLongestWithUrl);
  if (detail.empty()) detail = base::Printable(base::FindString(document, "title").value_or("no reason given"), kLongestDetail);
  return type.empty() || type == "about:blank" ? detail : base::Cat(detail, " (", type, ")");
}

std::string SubproblemLine(const base::Json& subproblem) {
  const base::Json* identifier = base::FindMember(subproblem, "identifier");
  const auto name = identifier != nullptr ? base::FindString(*identifier, "value") : std::nullopt;
  return name ? base::Cat(base::Printable(*name, 255), ": ", Sentence(subproblem)) : Sentence(subproblem);
}

// The first line that says something, without its HTML tags.
std::string FirstLine(std::string_view body) {
  for (const std::string& line : base::Split(body.substr(0, 4096), '\n')) {
    std::string text;
    bool inside_tag = false;
    for (const char c : line) {
      if (c == '<') inside_tag = true;
      if (!inside_tag) text.push_back(c);
      if (c == '>') inside_tag = false;
    }
    if (const auto trimmed = base::Trim(text); !trimmed.empty()) return base::Printable(trimmed, kLongestPage);
  }
  return {};
}

}  // namespace

Error ProblemError(const base::Json& document, int status) {
  const std::string type = base::FindString(document, "type").value_or("");
  Error error{KindOf(type, status), base::Cat("the CA refused: ", Sentence(document))};
  error.code = base::Printable(type, 200);
  if (const base::Json* subproblems = base::FindMember(document, "subproblems");
      subproblems != nullptr && subproblems->is_array()) {
    for (const base::Json& subproblem : *subproblems) {
      if (error.details.size() < kMostSubproblems) error.details.push_back(SubproblemLine(subproblem));
    }
  }
  // userActionRequired: where the user is to act (RFC 8555 section 7.3.3).
  const auto instance = base::FindString(document, "instance");
  if (instance && instance->starts_with("https://"))
    error.details.push_back(base::Cat("See ", base::Printable(*instance, kLongestWithUrl)));
  return error;
}

Error ReplyError(const base::http::Response& response, base::TimePoint now) {
  const auto document = base::ParseJsonObject(response.body);
  Error error;
  if (document && (base::FindString(*document, "type") || base::FindString(*document, "detail"))) {
    error = ProblemError(*document, response.status);
    if (IsProblem(error, "userActionRequired")) {
      for (const std::string& link : LinksOf(response, "terms-of-service", "https://localhost/"))
        error.details.push_back(base::Cat("Terms of service: ", base::Printable(link, kLongestWithUrl)));
    }
  } else {
    const std::string line = FirstLine(response.body);
    error = Error{KindOfStatus(response.status), base::Cat("the CA answered ", response.status, line.empty() ? "" : ": ", line)};
  }
  error.retry_after = base::http::RetryAfter(response, now);
  return error;
}

bool IsProblem(const Error& error, std::string_view type) {
  return error.code.starts_with(kProblemPrefix) && ShortType(error.code) == type;
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "base/http/api_error.h"

#include <algorithm>

#include "base/http/client.h"
#include "base/http/status_kind.h"
#include "base/text.h"
#include "base/url.h"

namespace base::http {
namespace {

constexpr std::size_t kLongestComplaint = 300;

}  // namespace

Error MakeApiError(std::string_view vendor, const Response& response, const Complaint& complaint, TimePoint now) {
  std::string message = Cat(vendor, " answered ", response.status);
  if (!complaint.message.empty()) message.append(Cat(": ", Printable(complaint.message, kLongestComplaint)));
  if (!complaint.code.empty()) message.append(Cat(" (", Printable(complaint.code, kLongestComplaint), ")"));
  return Error{.kind = KindOfStatus(response.status),
               .message = std::move(message),
               .retry_after = RetryAfter(response, now),
               .code = complaint.code};
}

bool MayHaveActed(const Error& error) {
  const bool is_open = error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kTimeout ||
                       error.kind == ErrorKind::kCancelled || error.kind == ErrorKind::kProtocol;
  return is_open && error.delivery != Delivery::kNotSent;
}

Result<std::string> ParseApiUrl(std::string_view text) {
  const auto url = ParseUrl(text);
  if (!url) return url.error();
  if (!url->query.empty()) return Error{ErrorKind::kInvalid, "the URL of an API has no query string"};
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

Result<std::string> ParseHeaderSecret(std::string_view text) {
  text = Trim(text);
  if (text.empty()) return Error{ErrorKind::kInvalid, "it is empty"};
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char one) { return one > ' ' && one < '\x7f'; });
  if (!is_plain) return Error{ErrorKind::kInvalid, "it holds a space or another character that no such credential has"};
  return std::string(text);
}

}  // namespace base::http

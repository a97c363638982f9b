// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/renewal_info.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/http/client.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/problem.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;
using base::TimePoint;
using Found = std::optional<RenewalInfo>;

constexpr std::chrono::minutes kShortestRetryAfter{1};
constexpr std::chrono::hours kLongestRetryAfter{24};
constexpr std::chrono::hours kUsualRetryAfter{6};  // RFC 9773 section 4.3.3
constexpr std::chrono::minutes kOutage{5};

std::string UrlOf(std::string base_url, const std::string& renewal_id) {
  if (!base_url.ends_with('/')) base_url.push_back('/');
  return base_url + renewal_id;
}

// Speaks the failure of the CA, or of this one certificate?
bool IsOutage(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kTimeout || error.kind == ErrorKind::kRateLimited ||
         error.kind == ErrorKind::kUntrusted;
}

base::Result<Found> Ask(const Call& call, Client& client, const std::string& renewal_id) {
  auto directory = FetchDirectory(call, client);
  if (!directory) return std::move(directory).error();
  if (directory->renewal_info.empty()) return Found();
  const base::http::Request request{.url = UrlOf(directory->renewal_info, renewal_id), .headers = CommonHeaders()};
  auto response = base::http::FetchOnce(call, *client.options.transport, request);
  if (!response) return std::move(response).error();
  if (response->status != 200) return ReplyError(*response, call.Now());
  auto info = ParseRenewalInfo(response->body);
  if (!info) return std::move(info).error();
  const TimePoint now = call.Now();
  info->check_after = std::clamp(base::http::RetryAfter(*response, now).value_or(now + kUsualRetryAfter),
                                 now + kShortestRetryAfter, now + kLongestRetryAfter);
  return Found(*std::move(info));
}

}  // namespace

std::optional<std::string> RenewalId(const base::crypto::Certificate& leaf) {
  const auto serial = base::FromHex(leaf.serial_number);
  if (leaf.authority_key_id.empty() || !serial || serial->empty()) return std::nullopt;
  return base::Cat(base::Base64Url(leaf.authority_key_id), '.', base::Base64Url(*serial));
}

base::Result<RenewalInfo> ParseRenewalInfo(std::string_view text) {
  const auto document = base::ParseJsonObject(text);
  const base::Json* window = document ? base::FindMember(*document, "suggestedWindow") : nullptr;
  if (window == nullptr) return Error{ErrorKind::kProtocol, "the CA's renewal information has no suggestedWindow"};
  const auto start = base::ParseRfc3339(base::FindString(*window, "start").value_or(""));
  const auto end = base::ParseRfc3339(base::FindString(*window, "end").value_or(""));
  if (!start || !end || *end <= *start) {
    return Error{ErrorKind::kProtocol, "the CA's renewal information has no window that ends after it starts"};
  }
  return RenewalInfo{.window_start = *start,
                     .window_end = *end,
                     .explanation_url = base::Printable(base::FindString(*document, "explanationURL").value_or(""), 2000)};
}

base::Result<Found> FetchRenewalInfo(const Call& call, Client& client, const std::string& renewal_id) {
  if (auto failure = client.renewal_outage.Present(call.Now())) return *std::move(failure);
  auto found = Ask(call, client, renewal_id);
  if (found) return found;
  const Error& error = found.error();
  if (IsOutage(error) && client.renewal_outage.Note(error, call.Now())) {
    call.log.Warn("the CA gives no renewal information now; renewals go by the lifetime",
                  {{base::key::kCa, client.options.directory_url}, {base::key::kError, error.message}});
  }
  return std::move(found).error().While("asking the CA for renewal information");
}

std::optional<Error> RenewalInfoOutage::Present(TimePoint now) const {
  std::lock_guard lock(mutex_);
  return now < until_ ? failure_ : std::nullopt;
}

bool RenewalInfoOutage::Note(const Error& failure, TimePoint now) {
  std::lock_guard lock(mutex_);
  const bool is_news = now >= until_;
  failure_ = failure;
  until_ = std::max(now + kOutage, failure.retry_after.value_or(now));
  return is_news;
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/dns_made_easy/api.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/http/paced_transport.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/connections/field_checks.h"

namespace engine::vendors::dns_made_easy {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindStrings;
using base::FormatDuration;
using base::FormatHttpDate;
using base::Hex;
using base::Join;
using base::Json;
using base::ParseHttpDate;
using base::ParseJson;
using base::ParseJsonObject;
using base::Result;
using base::TimePoint;
using base::ToLower;
using base::Trim;
using base::http::MakeApiError;
using base::http::PacedTransport;

// 150 requests in any five minutes: a minute later a fifth of them may be free again.
constexpr std::chrono::seconds kPause{60};
constexpr int kAttempts = 7;
// How far a request's date may be off.
constexpr std::chrono::seconds kTolerance{30};

// Signs each attempt anew: after a pause the old date would not be taken any more.
class SigningTransport final : public base::http::Transport {
 public:
  SigningTransport(base::http::Transport& inner, const DnsMadeEasyKey& key) : inner_(&inner), key_(&key) {}

  Result<base::http::Response> Send(const Call& call, const base::http::Request& request) override {
    base::http::Request dated = request;
    const std::string date = FormatHttpDate(call.Now());
    dated.headers.push_back({"x-dnsme-apiKey", key_->api_key});
    dated.headers.push_back({"x-dnsme-requestDate", date});
    dated.headers.push_back({"x-dnsme-hmac", Hex(base::crypto::Hmac(base::crypto::Hash::kSha1, key_->secret_key, date))});
    return inner_->Send(call, dated);
  }

 private:
  base::http::Transport* inner_;
  const DnsMadeEasyKey* key_;
};

std::string ReadComplaint(const base::http::Response& response) {
  const auto answer = ParseJsonObject(response.body);
  return answer ? Join(FindStrings(*answer, "error"), "; ") : std::string();
}

bool IsAboutEqualRecord(std::string_view complaint) { return complaint.find("already exists") != std::string_view::npos; }

// Too fast is 400, and so is much else. The last request that was allowed also leaves none remaining.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, TimePoint) {
  const bool is_last = response.Find("x-dnsme-requestsRemaining") == "0";
  if (response.status != 400) return is_last && response.status < 300 ? std::optional(kPause) : std::nullopt;
  const std::string complaint = ReadComplaint(response);
  const bool is_used_up = is_last && !IsAboutEqualRecord(complaint);
  const bool is_told = ToLower(complaint).find("rate limit") != std::string::npos;
  return is_used_up || is_told ? std::optional(kPause) : std::nullopt;
}

}  // namespace

Result<Json> DnsMadeEasyApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method), .url = Cat(url_, path), .headers = {{"Accept", "application/json"}}};
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  SigningTransport signing(*transport_, key_);
  PacedTransport paced(signing, *limiter_, FindPause);
  const auto response = base::http::Fetch(call, paced, request, {.attempts = kAttempts});
  if (!response) return response.error();
  if (response->status < 200 || response->status >= 300) return ToError(*response, call.Now());
  if (Trim(response->body).empty()) return Json();
  auto answer = ParseJson(response->body);
  if (!answer) return std::move(answer).error().While("reading DNS Made Easy's answer");
  return answer;
}

Error DnsMadeEasyApi::ToError(const base::http::Response& response, TimePoint now) const {
  const std::string complaint = ReadComplaint(response);
  Error error = MakeApiError("DNS Made Easy", response, {.code = {}, .message = complaint}, now);
  if (IsAboutEqualRecord(complaint)) error.kind = ErrorKind::kConflict;
  const auto date = response.Find("date");
  const auto theirs = date ? ParseHttpDate(*date) : std::nullopt;
  const auto ahead = theirs ? std::chrono::floor<std::chrono::seconds>(now - *theirs) : std::chrono::seconds(0);
  if (error.kind != ErrorKind::kDenied || std::chrono::abs(ahead) <= kTolerance) {
    return connections::BlameCredentials(std::move(error), "secret_key");
  }
  error.message.append(Cat("; this machine's clock is ", FormatDuration(std::chrono::abs(ahead)),
                           ahead.count() > 0 ? " ahead of" : " behind", " DNS Made Easy's, which takes requests at most ",
                           FormatDuration(kTolerance), " off: set the clock"));
  return error;
}

}  // namespace engine::vendors::dns_made_easy

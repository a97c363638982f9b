// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/cloudflare/api.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/http/api_error.h"
#include "base/http/client.h"
#include "base/http/paced_transport.h"
#include "base/text.h"

namespace engine::vendors::cloudflare {
namespace {

using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindBool;
using base::FindInteger;
using base::FindMember;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::Result;
using base::Split;
using base::TimePoint;
using base::Trim;
using base::http::Complaint;
using base::http::MakeApiError;
using base::http::PacedTransport;

// Cloudflare's numbers say more than its statuses: a wrong token is 400, 401 or 403, an unknown zone may be 400.
struct Meaning {
  std::int64_t code;
  ErrorKind kind;
};
constexpr std::array kMeanings{
    Meaning{1000, ErrorKind::kDenied},     // invalid API token
    Meaning{1001, ErrorKind::kNotFound},   // invalid zone identifier
    Meaning{6003, ErrorKind::kDenied},     // invalid request headers: a credential of a wrong form
    Meaning{7000, ErrorKind::kNotFound},   // no route for that URI
    Meaning{7003, ErrorKind::kNotFound},   // could not route: no such identifier
    Meaning{9103, ErrorKind::kDenied},     // unknown X-Auth-Key or X-Auth-Email
    Meaning{9106, ErrorKind::kDenied},     // missing credentials
    Meaning{9107, ErrorKind::kDenied},     // missing credentials
    Meaning{9109, ErrorKind::kDenied},     // invalid access token, or one without access to the resource
    Meaning{10000, ErrorKind::kDenied},    // authentication error
    Meaning{10001, ErrorKind::kDenied},    // unable to authenticate
    Meaning{81044, ErrorKind::kNotFound},  // no such record
    Meaning{81057, ErrorKind::kConflict},  // the record exists
    Meaning{81058, ErrorKind::kConflict},  // an identical record exists
};

// Of all errors the one whose number has a meaning here, else the first.
Complaint ReadComplaint(const Json& envelope, std::optional<ErrorKind>& kind) {
  Complaint complaint;
  const Json* errors = FindMember(envelope, "errors");
  if (errors == nullptr || !errors->is_array()) return complaint;
  for (const Json& error : *errors) {
    const auto code = FindInteger(error, "code");
    const auto known = std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& one) { return one.code == code; });
    if (known == kMeanings.end() && !complaint.code.empty()) continue;
    complaint = {.code = code ? Cat(*code) : "", .message = FindString(error, "message").value_or("")};
    if (known == kMeanings.end()) continue;
    kind = known->kind;
    break;
  }
  return complaint;
}

// "default";r=0;t=30 means that nothing is left of that limit for 30 seconds; several are separated by commas.
std::optional<std::chrono::seconds> FindPause(const base::http::Response& response, TimePoint) {
  std::optional<std::chrono::seconds> pause;
  for (const std::string& limit : Split(response.Find("ratelimit").value_or(""), ',')) {
    const auto parts = Split(limit, ';');
    const auto reset = std::find_if(parts.begin(), parts.end(), [](const auto& part) { return Trim(part).starts_with("t="); });
    const bool is_used_up = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return Trim(part) == "r=0"; });
    if (!is_used_up || reset == parts.end()) continue;
    const std::string_view text = Trim(*reset).substr(2);
    unsigned short seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    pause = std::max(pause.value_or(std::chrono::seconds(1)), std::chrono::seconds(seconds));
  }
  return pause;
}

Error ToError(const base::http::Response& response, const Json& envelope, TimePoint now) {
  std::optional<ErrorKind> kind;
  Error error = MakeApiError("Cloudflare", response, ReadComplaint(envelope, kind), now);
  if (kind && response.status != 429 && response.status < 500) error.kind = *kind;
  return error;
}

}  // namespace

Result<Json> CloudflareApi::Send(const Call& call, std::string_view method, std::string_view path, const Json& body) const {
  base::http::Request request{.method = std::string(method), .url = Cat(url_, path), .headers = {{"Accept", "application/json"}}};
  if (key_.api_token.empty()) {
    request.headers.push_back({"X-Auth-Email", key_.email});
    request.headers.push_back({"X-Auth-Key", std::string(key_.api_key.Reveal())});
  } else {
    request.headers.push_back({"Authorization", Cat("Bearer ", key_.api_token.Reveal())});
  }
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = DumpJson(body);
  }
  PacedTransport paced(*transport_, *limiter_, FindPause);
  const auto response = base::http::Fetch(call, paced, request);
  if (!response) return response.error();
  auto envelope = ParseJsonObject(response->body);
  const bool is_good = response->status >= 200 && response->status < 300;
  if (!is_good) return ToError(*response, envelope ? *envelope : Json(), call.Now());
  if (!envelope) return std::move(envelope).error().While("reading Cloudflare's answer");
  // A success by its status may still be none (seen behind proxies that swallow statuses).
  if (FindBool(*envelope, "success") == false) return ToError(*response, *envelope, call.Now());
  return envelope;
}

}  // namespace engine::vendors::cloudflare

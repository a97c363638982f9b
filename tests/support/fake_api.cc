// SPDX-License-Identifier: MPL-2.0
#include "tests/support/fake_api.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/encoding.h"
#include "base/text.h"
#include "base/url.h"

namespace tests {
namespace {

using base::http::Request;
using base::http::Response;

std::string Decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? base::FromHex(text.substr(i + 1, 2)) : std::nullopt;
    decoded.push_back(byte ? byte->front() : text[i] == '+' ? ' ' : text[i]);
    if (byte) i += 2;
  }
  return decoded;
}

ApiRequest TakeApart(const Request& request) {
  const auto url = base::ParseUrl(request.url.starts_with('/') ? "https://fake.test" + request.url : request.url);
  ApiRequest parts{.method = request.method, .path = url ? Decode(url->path) : "", .query = {}, .whole = &request};
  if (!url || url->query.empty()) return parts;
  for (const std::string& pair : base::Split(url->query, '&')) {
    const auto equals = std::min(pair.find('='), pair.size());
    parts.query.emplace(Decode(pair.substr(0, equals)), Decode(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return parts;
}

}  // namespace

std::string ApiRequest::Query(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

int ApiRequest::QueryNumber(const std::string& name, int fallback) const {
  const std::string text = Query(name);
  return text.empty() ? fallback : std::atoi(text.c_str());
}

std::string ApiRequest::Header(const std::string& name) const {
  for (const auto& header : whole->headers) {
    if (base::EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return "";
}

base::Json ApiRequest::Body() const { return base::Json::parse(whole->body, nullptr, false); }

std::vector<std::string> ApiRequest::Segments() const {
  std::vector<std::string> segments = base::Split(path, '/');
  std::erase(segments, "");
  return segments;
}

base::Result<Response> FakeApi::Send(const base::Call& call, const Request& request) {
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  const bool is_silent_on_changes = request.url.starts_with(kSilentOnChangesUrl) && request.method != "GET";
  if (request.url.starts_with(kSilentUrl) || is_silent_on_changes) {
    {
      std::lock_guard lock(mutex_);
      silent_was_asked_ = true;
    }
    asked_.notify_all();
    auto ended = call.Wait(std::chrono::hours(24));
    return std::move(ended).error();
  }
  bool is_lost = false;
  bool dies = false;
  {
    std::lock_guard lock(mutex_);
    if (is_dead_) return base::Error{base::ErrorKind::kCancelled, "the process was killed"};
    if (request.method != "GET" && MayFail(request)) {
      is_lost = std::exchange(loses_next_, false);
      is_dead_ = writes_left_ > 0 && --writes_left_ == 0;
    }
    dies = is_dead_;
  }
  Response response = Handle(request);
  if (dies) return base::Error{base::ErrorKind::kCancelled, "the process was killed"};
  if (is_lost) return base::Error{base::ErrorKind::kUnavailable, "the connection was reset"};
  return response;
}

Response FakeApi::Handle(const Request& request) {
  std::lock_guard lock(mutex_);
  requests_.push_back(request);
  if (!failures_.empty() && MayFail(request)) {
    Response failure = std::move(failures_.front());
    failures_.pop_front();
    return failure;
  }
  return Answer(TakeApart(request));
}

void FakeApi::FailNext(std::deque<Response> answers) {
  std::lock_guard lock(mutex_);
  failures_ = std::move(answers);
}

void FakeApi::LoseNextAnswer() {
  std::lock_guard lock(mutex_);
  loses_next_ = true;
}

void FakeApi::DieAtWrite(int nth) {
  std::lock_guard lock(mutex_);
  writes_left_ = nth;
}

void FakeApi::Revive() {
  std::lock_guard lock(mutex_);
  writes_left_ = 0;
  is_dead_ = false;
}

void FakeApi::WaitUntilSilentWasAsked() const {
  std::unique_lock lock(mutex_);
  asked_.wait(lock, [this] { return silent_was_asked_; });
}

std::vector<Request> FakeApi::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t FakeApi::CountRequests(const std::string& method) const {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(), [&](const Request& one) { return one.method == method; }));
}

Response JsonAnswer(int status, const base::Json& body, std::vector<base::http::Header> headers) {
  headers.push_back({"Content-Type", "application/json"});
  return {.status = status, .headers = std::move(headers), .body = body.dump()};
}

}  // namespace tests

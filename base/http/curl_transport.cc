// SPDX-License-Identifier: MPL-2.0
// Many callers, one thread with libcurl's multi handle: connections are shared without locks, and a stop request needs no help
// from the server. libcurl repeats a request by itself when a kept-alive connection turns out to be closed before any byte came
// back.
#include <curl/curl.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/http/curl_transfer.h"
#include "base/http/plain_http.h"
#include "base/http/transport.h"
#include "base/url.h"

namespace base::http {
namespace {

constexpr long kConnectionsPerHost = 32;
constexpr long kIdleConnections = 64;
constexpr int kIdlePollMilliseconds = 60'000;

struct Job {
  Job(Request request, Url url, const TransportOptions& options, const TrustStore& trust)
      : transfer(std::move(request), std::move(url), options, trust) {}

  CurlTransfer transfer;
  std::condition_variable_any changed;
  std::optional<Result<Response>> outcome;  // guarded by the transport's mutex, like `abandoned`
  bool abandoned = false;                   // nobody waits for it any more
};
using JobPointer = std::shared_ptr<Job>;  // shared: the caller may leave before the thread lets go of it

class CurlTransport final : public Transport {
 public:
  CurlTransport(TrustStore trust, TransportOptions options)
      : trust_(std::move(trust)), options_(std::move(options)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, kConnectionsPerHost);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kIdleConnections);
  }

  ~CurlTransport() override {
    if (thread_.joinable()) {
      thread_.request_stop();
      curl_multi_wakeup(multi_);
      thread_.join();
    }
    curl_multi_cleanup(multi_);
  }

  Result<Response> Send(const Call& call, const Request& request) override {
    if (auto fine = call.Check(); !fine) return std::move(fine).error();
    auto url = ParseUrl(request.url);
    if (!url) return std::move(url).error();
    if (auto fine = CheckPlainHttp(*url, request.plain_http); !fine) return std::move(fine).error();
    const auto job = std::make_shared<Job>(request, *std::move(url), options_, trust_);
    if (job->transfer.handle() == nullptr) return Error{ErrorKind::kInternal, "no memory for a request"};

    std::unique_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
    incoming_.push_back(job);
    curl_multi_wakeup(multi_);
    const bool done = job->changed.wait_for(lock, call.stop, call.TimeLeft(), [&] { return job->outcome.has_value(); });
    if (done) return *std::move(job->outcome);
    job->abandoned = true;
    curl_multi_wakeup(multi_);
    if (call.stop.stop_requested()) return Error{ErrorKind::kCancelled, "the run was interrupted"};
    return Error{ErrorKind::kTimeout, "the time allowed for this operation has passed"};
  }

 private:
  void Run(const std::stop_token& stop) {
    std::vector<JobPointer> active;
    while (!stop.stop_requested()) {
      try {
        Adopt(active);
        int running = 0;
        curl_multi_perform(multi_, &running);
        Finish(active);
      } catch (const std::exception&) {
        GiveUp(active);
      }
      curl_multi_poll(multi_, nullptr, 0, kIdlePollMilliseconds, nullptr);
    }
    for (const JobPointer& job : active) curl_multi_remove_handle(multi_, job->transfer.handle());
  }

  // Without memory nothing goes on; whoever waits is told in a text that needs none.
  void GiveUp(std::vector<JobPointer>& active) noexcept {
    std::lock_guard lock(mutex_);
    for (std::vector<JobPointer>* jobs : {&active, &incoming_}) {
      for (const JobPointer& job : *jobs) {
        curl_multi_remove_handle(multi_, job->transfer.handle());
        if (!job->outcome) job->outcome = Error{ErrorKind::kInternal, "out of memory"};
        job->changed.notify_all();
      }
      jobs->clear();
    }
  }

  // Takes in new jobs, lets go of abandoned ones.
  void Adopt(std::vector<JobPointer>& active) {
    std::lock_guard lock(mutex_);
    active.reserve(active.size() + incoming_.size());
    for (JobPointer& job : incoming_) {
      curl_multi_add_handle(multi_, job->transfer.handle());
      active.push_back(std::move(job));
    }
    incoming_.clear();
    std::erase_if(active, [&](const JobPointer& job) {
      if (job->abandoned) curl_multi_remove_handle(multi_, job->transfer.handle());
      return job->abandoned;
    });
  }

  void Finish(std::vector<JobPointer>& active) {
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;
      const CURLcode code = message->data.result;
      const auto found =
          std::find_if(active.begin(), active.end(), [&](const JobPointer& job) { return job->transfer.handle() == handle; });
      curl_multi_remove_handle(multi_, handle);
      if (found == active.end()) continue;
      {
        std::lock_guard lock(mutex_);
        (*found)->outcome = (*found)->transfer.Outcome(code);
        (*found)->changed.notify_all();
      }
      active.erase(found);
    }
  }

  TrustStore trust_;
  const TransportOptions options_;
  CURLM* multi_;
  std::mutex mutex_;
  std::vector<JobPointer> incoming_;  // guarded by mutex_
  std::jthread thread_;               // starts with the first request
};

Result<void> CheckLibrary() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) return Error{ErrorKind::kInternal, "libcurl does not start"};
  const char* const tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
  if (tls == nullptr || std::string_view(tls).find("OpenSSL/") == std::string_view::npos) {
    return Error{ErrorKind::kInternal, "libcurl was built without OpenSSL"};
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Transport>> MakeCurlTransport(const TransportOptions& options) {
  if (auto fine = CheckLibrary(); !fine) return std::move(fine).error();
  auto trust = TrustStore::Load(options.extra_roots_pem);
  if (!trust) return std::move(trust).error();
  return std::shared_ptr<Transport>(std::make_shared<CurlTransport>(*std::move(trust), options));
}

}  // namespace base::http

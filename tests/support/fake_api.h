// SPDX-License-Identifier: MPL-2.0
// What the fakes of vendors' HTTP APIs share: a transport in the process that takes a request apart, can be told to fail, to lose
// an answer or to keep silent, and keeps what it was asked. Safe from many threads.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/http/transport.h"
#include "base/json.h"

namespace tests {

struct ApiRequest {
  std::string method;
  std::string path;                               // behind the host, percent-decoded
  std::multimap<std::string, std::string> query;  // decoded
  const base::http::Request* whole = nullptr;

  std::string Query(const std::string& name) const;  // empty when absent
  int QueryNumber(const std::string& name, int fallback) const;
  std::string Header(const std::string& name) const;  // empty when absent
  base::Json Body() const;                            // discarded when it is no JSON
  std::vector<std::string> Segments() const;          // of the path
};

class FakeApi : public base::http::Transport {
 public:
  // A host that takes requests and never answers.
  static constexpr const char* kSilentUrl = "https://silent.test";
  // A host that answers what reads, and takes what changes something without ever answering it.
  static constexpr const char* kSilentOnChangesUrl = "https://silent-on-changes.test";

  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) final;
  // As Send, for a server on loopback that foreign clients speak to.
  base::http::Response Handle(const base::http::Request& request);

  // The next requests get these answers, and are not acted upon.
  void FailNext(std::deque<base::http::Response> answers);
  // The next request that changes something is acted upon, but its answer is lost.
  void LoseNextAnswer();
  // The process dies at the nth request that changes something: it is acted upon, and nothing is answered any more until Revive.
  void DieAtWrite(int nth);
  void Revive();
  void WaitUntilSilentWasAsked() const;
  std::vector<base::http::Request> requests() const;
  std::size_t CountRequests(const std::string& method) const;

 protected:
  // Called by one thread at a time.
  virtual base::http::Response Answer(const ApiRequest& request) = 0;
  // Whether FailNext and LoseNextAnswer mean such a request.
  virtual bool MayFail(const base::http::Request&) const { return true; }

  mutable std::mutex mutex_;

 private:
  mutable std::condition_variable asked_;
  bool silent_was_asked_ = false;
  bool loses_next_ = false;
  int writes_left_ = 0;  // until the process dies; 0: it does not
  bool is_dead_ = false;
  std::deque<base::http::Response> failures_;
  std::vector<base::http::Request> requests_;
};

base::http::Response JsonAnswer(int status, const base::Json& body, std::vector<base::http::Header> headers = {});

}  // namespace tests

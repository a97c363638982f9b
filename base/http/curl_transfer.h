// SPDX-License-Identifier: MPL-2.0
// CurlTransfer: one request as libcurl's easy handle: how it is set up, what comes back, what its failures mean.
// curl_transport.cc runs many of them on one thread.
#pragma once

#include <curl/curl.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/http/request.h"
#include "base/http/transport.h"
#include "base/http/trust_store.h"
#include "base/result.h"
#include "base/url.h"

namespace base::http {

class CurlTransfer {
 public:
  // `url`: the request's, which CheckPlainHttp allows. `options` is borrowed; outlives this.
  CurlTransfer(Request request, Url url, const TransportOptions& options, TrustStore trust);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();

  CURL* handle() const { return handle_; }
  // The response, or what went wrong; called once, when libcurl is done with the handle.
  Result<Response> Outcome(CURLcode code);

 private:
  void SetUp();
  void SetClientCertificate();
  void SetBody();
  void SetHeaders();
  Error Failure(CURLcode code) const;
  std::optional<Error> ProxyTrouble(CURLcode code) const;
  std::optional<std::string> NetworkTrouble(CURLcode code) const;
  std::string Detail(CURLcode code) const;
  std::string ProxyDetail(CURLcode code) const;
  bool WasSent() const;
  bool WasRefused() const;
  bool CalledAnother() const;
  bool NamesServer() const;

  void AddHeader(std::string_view line);
  static std::size_t OnBody(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static CURLcode OnSslContext(CURL* handle, void* ssl_context, void* self);

  Request request_;
  const Url url_;
  const TransportOptions& options_;
  TrustStore trust_;
  Response response_{};
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  std::string socket_failure_{};  // why the last socket could not be opened; empty if none failed
  bool is_refused_ = false;       // an address that a request without TLS must not reach
  CURL* handle_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace base::http

// SPDX-License-Identifier: MPL-2.0
#include "base/http/curl_transfer.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <span>

#include "base/environment.h"
#include "base/http/plain_http.h"
#include "base/http/proxy_code.h"
#include "base/os/socket.h"
#include "base/text.h"

namespace base::http {
namespace {

constexpr std::size_t kLongestBody = 16 * 1024 * 1024;
constexpr std::size_t kLongestHeaders = 1024 * 1024;
constexpr long kConnectSeconds = 15;
constexpr long kStalledSeconds = 60;

std::string ServerOf(const Url& url) { return Cat(url.host, ':', url.port); }

struct Proxy {
  const char* variable;
  std::string url;
};

// As libcurl finds it; it reads HTTP_PROXY in lower case alone, since a web server may set the other from a header.
std::optional<Proxy> FindProxy(const Url& url) {
  const std::array<const char*, 4> of_https{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  const std::array<const char*, 3> of_http{"http_proxy", "all_proxy", "ALL_PROXY"};
  const auto names = url.scheme == "https" ? std::span<const char* const>(of_https) : std::span<const char* const>(of_http);
  for (const char* name : names) {
    if (auto value = Environment(name)) return Proxy{name, *std::move(value)};
  }
  return std::nullopt;
}

// True if the credentials in a proxy's URL cannot be taken for another part of it.
bool IsWellFormed(std::string_view proxy) {
  constexpr std::array<std::string_view, 6> kSchemes = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  const auto separator = proxy.find("://");
  if (separator != std::string_view::npos) {
    const std::string scheme = ToLower(proxy.substr(0, separator));
    if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) return false;
    proxy.remove_prefix(separator + 3);
  }
  const auto at = proxy.rfind('@');
  if (at == std::string_view::npos) return true;  // nothing to hide
  return proxy.substr(0, at).find_first_of("/#?@ \t") == std::string_view::npos && ParseUrl(Cat("http://", proxy.substr(at + 1)));
}

}  // namespace

CurlTransfer::CurlTransfer(Request request, Url url, const TransportOptions& options, TrustStore trust)
    : request_(std::move(request)), url_(std::move(url)), options_(options), trust_(std::move(trust)), handle_(curl_easy_init()) {
  if (handle_ != nullptr) SetUp();
}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(handle_);
  curl_slist_free_all(headers_);
  Wipe(request_.body);
}

void CurlTransfer::SetUp() {
  curl_easy_setopt(handle_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  // Without TLS there is no HTTP/2, and waiting for it would let one request through at a time.
  if (url_.scheme == "https") curl_easy_setopt(handle_, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(handle_, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(handle_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle_, CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  const bool is_plain = url_.scheme != "https";
  const bool is_public = request_.plain_http == PlainHttp::kPublic;
  // A proxy would read what is meant for this machine or this network alone.
  if (request_.proxies == Proxies::kBypassed || (is_plain && !is_public)) curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");
  // A connection that was made to any address is not there for requests that may go to some alone.
  if (is_plain && is_public) curl_easy_setopt(handle_, CURLOPT_FORBID_REUSE, 1L);
  // A cancelled look-up of a name must not hold up the thread until the resolver has answered.
  curl_easy_setopt(handle_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(handle_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, detail_.data());
  if (!options_.user_agent.empty()) curl_easy_setopt(handle_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  // libcurl is told to load no certificates: OnSslContext brings them.
  curl_easy_setopt(handle_, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(handle_, CURLOPT_PROXY_CAINFO, nullptr);
  curl_easy_setopt(handle_, CURLOPT_PROXY_CAPATH, nullptr);
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::OnOpenSocket);
  curl_easy_setopt(handle_, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(handle_, CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::OnSslContext);
  curl_easy_setopt(handle_, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &CurlTransfer::OnBody);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &CurlTransfer::OnHeader);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle_, CURLOPT_PRIVATE, this);
  SetClientCertificate();
  SetBody();
  SetHeaders();
}

void CurlTransfer::SetClientCertificate() {
  if (options_.client_certificate_pem.empty()) return;
  const auto set = [&](CURLoption option, std::string_view pem) {
    curl_blob blob{.data = const_cast<char*>(pem.data()), .len = pem.size(), .flags = CURL_BLOB_NOCOPY};
    curl_easy_setopt(handle_, option, &blob);
  };
  set(CURLOPT_SSLCERT_BLOB, options_.client_certificate_pem);
  set(CURLOPT_SSLKEY_BLOB, options_.client_key_pem.Reveal());
}

void CurlTransfer::SetBody() {
  if (request_.method == "HEAD") {
    curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request_.method == "GET" && request_.body.empty()) return;
  if (request_.method != "DELETE" || !request_.body.empty()) {
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void CurlTransfer::SetHeaders() {
  bool has_type = false;
  for (const Header& header : request_.headers) {
    has_type = has_type || EqualsIgnoreCase(header.name, "content-type");
    // "Name;" is libcurl's way to say a header without a value.
    const std::string line = header.value.empty() ? header.name + ";" : Cat(header.name, ": ", header.value);
    headers_ = curl_slist_append(headers_, line.c_str());
  }
  headers_ = curl_slist_append(headers_, "Expect:");
  if (!has_type) headers_ = curl_slist_append(headers_, "Content-Type:");
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
}

// What is thrown in a callback must not go through libcurl, which is C: no memory ends the transfer.
std::size_t CurlTransfer::OnBody(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::size_t length = size * count;
  transfer.too_large_ = transfer.response_.body.size() + length > kLongestBody;
  if (transfer.too_large_) return 0;
  try {
    transfer.response_.body.append(bytes, length);
  } catch (const std::exception&) {
    return 0;
  }
  return length;
}

std::size_t CurlTransfer::OnHeader(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view line(bytes, size * count);
  transfer.header_bytes_ += line.size();
  transfer.too_large_ = transfer.header_bytes_ > kLongestHeaders;
  if (transfer.too_large_) return 0;
  try {
    transfer.AddHeader(line);
  } catch (const std::exception&) {
    return 0;
  }
  return line.size();
}

void CurlTransfer::AddHeader(std::string_view line) {
  // Interim responses (1xx) have headers too: each status line starts over.
  if (line.starts_with("HTTP/")) response_.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with("HTTP/")) return;
  response_.headers.push_back({std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))});
}

curl_socket_t CurlTransfer::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.is_refused_ = !MayConnectPlain(transfer.url_, transfer.request_.plain_http, &address->addr);
  if (transfer.is_refused_) return CURL_SOCKET_BAD;
  try {
    auto opened = os::Socket::Open(address->family, address->socktype, address->protocol);
    if (opened) return opened->Release();
    if (opened.error().kind == ErrorKind::kUnavailable) transfer.socket_failure_ = opened.error().message;
  } catch (const std::exception&) {
  }
  return CURL_SOCKET_BAD;
}

CURLcode CurlTransfer::OnSslContext(CURL*, void* ssl_context, void* self) {
  try {
    static_cast<CurlTransfer*>(self)->trust_.ApplyTo(ssl_context);
  } catch (const std::exception&) {
    return CURLE_OUT_OF_MEMORY;
  }
  return CURLE_OK;
}

Result<Response> CurlTransfer::Outcome(CURLcode code) {
  if (code != CURLE_OK) return Failure(code);
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

Error CurlTransfer::Failure(CURLcode code) const {
  const std::string server = ServerOf(url_);
  const std::string detail = Detail(code);
  if (is_refused_) {
    return Error{ErrorKind::kInvalid, Cat("the URL ", url_.Origin(),
                                          " has no TLS (https), and its host has a public address: "
                                          "what is sent there must be encrypted")};
  }
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return Error{ErrorKind::kUntrusted, Cat("the certificate of ", server, " is not trusted: ", detail)};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return Error{ErrorKind::kProtocol, Cat(server, " does not answer in HTTP: ", detail)};
    case CURLE_URL_MALFORMAT:
      return Error{ErrorKind::kInvalid, Cat("the request to ", server, " has no usable URL: ", detail)};
    default:
      break;
  }
  if (auto refusal = ProxyTrouble(code)) return *std::move(refusal);
  if (too_large_) return Error{ErrorKind::kProtocol, Cat("the answer of ", server, " is larger than this program accepts")};
  if (auto trouble = NetworkTrouble(code)) {
    return Error{.kind = ErrorKind::kUnavailable,
                 .message = *std::move(trouble),
                 .delivery = WasSent() ? Delivery::kUnknown : Delivery::kNotSent};
  }
  return Error{ErrorKind::kInternal, Cat("the request to ", server, " failed: ", detail)};
}

// Empty when no proxy is at fault.
std::optional<Error> CurlTransfer::ProxyTrouble(CURLcode code) const {
  const std::string server = ServerOf(url_);
  long status = 0;  // of the proxy's answer to CONNECT
  curl_easy_getinfo(handle_, CURLINFO_HTTP_CONNECTCODE, &status);
  Error error{ErrorKind::kDenied, ""};
  error.code = kProxyCode;
  error.delivery = Delivery::kNotSent;
  if (status == 407) {
    error.message = Cat("the proxy for ", server, " asks for credentials (407)");
  } else if (status == 403) {
    error.message = Cat("the proxy for ", server, " does not allow it (403)");
  } else if (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY || (code == CURLE_COULDNT_CONNECT && CalledAnother())) {
    error.kind = ErrorKind::kUnavailable;
    error.message = Cat("the proxy for ", server, " cannot be reached: ", Detail(code));
  } else {
    return std::nullopt;
  }
  return error;
}

// Empty when the failure is of another sort.
std::optional<std::string> CurlTransfer::NetworkTrouble(CURLcode code) const {
  const std::string server = ServerOf(url_);
  const std::string detail = Detail(code);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Cat("the name ", url_.host, " cannot be resolved");
    case CURLE_COULDNT_CONNECT:
      if (!socket_failure_.empty()) return Cat("no connection to ", server, ": ", socket_failure_);
      return WasRefused() ? Cat("connection refused by ", server) : Cat("no connection to ", server, ": ", detail);
    case CURLE_SSL_CONNECT_ERROR:
      return Cat("the TLS handshake with ", server, " failed: ", detail);
    case CURLE_OPERATION_TIMEDOUT:
      return Cat(server, WasSent() ? " stopped answering" : " cannot be reached: no answer in time");
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return Cat("the connection to ", server, " broke: ", detail);
    default:
      return std::nullopt;
  }
}

std::string CurlTransfer::Detail(CURLcode code) const {
  if (std::string detail = ProxyDetail(code); !detail.empty()) return detail;
  return Printable(detail_[0] != '\0' ? detail_.data() : curl_easy_strerror(code), 200);
}

// With a proxy's URL that is malformed, libcurl's own words may quote its password: it takes a "/" in there for the URL's path,
// and what stands before it for the port. Empty if there is no such proxy.
std::string CurlTransfer::ProxyDetail(CURLcode code) const {
  const bool is_used =
      request_.proxies == Proxies::kHonoured && (url_.scheme == "https" || request_.plain_http == PlainHttp::kPublic);
  const auto proxy = is_used ? FindProxy(url_) : std::nullopt;
  if (!proxy || IsWellFormed(proxy->url)) return {};
  return Cat(curl_easy_strerror(code), " (the URL of the proxy in ", proxy->variable,
             " is malformed: percent-encode the special characters of its user name and password)");
}

bool CurlTransfer::WasSent() const {
  curl_off_t until_sent = 0;
  curl_easy_getinfo(handle_, CURLINFO_PRETRANSFER_TIME_T, &until_sent);
  return until_sent != 0;
}

// By the server itself.
bool CurlTransfer::WasRefused() const {
  long reason = 0;
  curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &reason);
  return reason == ECONNREFUSED && NamesServer();
}

// libcurl's text names whom it called.
bool CurlTransfer::CalledAnother() const {
  return std::string_view(detail_.data()).find("Failed to connect to ") != std::string_view::npos && !NamesServer();
}

bool CurlTransfer::NamesServer() const {
  return std::string_view(detail_.data()).find(Cat(' ', url_.host, " port ", url_.port)) != std::string_view::npos;
}

}  // namespace base::http

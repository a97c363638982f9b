// SPDX-License-Identifier: MPL-2.0
#include "tests/support/loopback_http.h"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "base/text.h"

namespace tests {
namespace {

SSL_CTX* MakeContext(const KeyAndCertificate& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  BIO* bio = BIO_new_mem_buf(identity.certificate_pem.data(), static_cast<int>(identity.certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  bio = BIO_new_mem_buf(identity.key_pem.data(), static_cast<int>(identity.key_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

sockaddr_in LoopbackAddress() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int BoundSocket(int& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = LoopbackAddress();
  socklen_t length = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error("no port on loopback");
  }
  port = ntohs(address.sin_port);
  return listener;
}

const char* Reason(int status) { return status < 300 ? "OK" : status < 500 ? "Refused" : "Trouble"; }

}  // namespace

struct LoopbackServer::Stream {
  int socket;
  SSL* tls = nullptr;
  std::string received{};

  bool Fill() {
    char bytes[16384];
    const auto count =
        tls != nullptr ? SSL_read(tls, bytes, sizeof bytes) : static_cast<int>(recv(socket, bytes, sizeof bytes, 0));
    if (count <= 0) return false;
    received.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  void Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const int size = static_cast<int>(bytes.size());
      const auto count = tls != nullptr ? SSL_write(tls, bytes.data(), size)
                                        : static_cast<int>(send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
};

Reply Answer(int status, std::string body, std::vector<base::http::Header> headers) {
  return Answer(base::http::Response{.status = status, .headers = std::move(headers), .body = std::move(body)});
}

Reply Answer(const base::http::Response& response) {
  std::string text = base::Cat("HTTP/1.1 ", response.status, ' ', Reason(response.status), "\r\n");
  for (const auto& header : response.headers) text += base::Cat(header.name, ": ", header.value, "\r\n");
  if (response.status != 204) text += base::Cat("Content-Length: ", response.body.size(), "\r\n");
  return {base::Cat(text, "\r\n", response.body)};
}

LoopbackServer::LoopbackServer(Handler handler, std::optional<KeyAndCertificate> tls) : handler_(std::move(handler)) {
  if (tls) tls_ = MakeContext(*tls);
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  listener_ = BoundSocket(port_);
  listen(listener_, 64);
  acceptor_ = std::thread([this] { Accept(); });
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  {
    std::lock_guard lock(mutex_);
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
  SSL_CTX_free(static_cast<SSL_CTX*>(tls_));
}

std::string LoopbackServer::Url(const std::string& path, const std::string& host) const {
  return base::Cat(tls_ != nullptr ? "https://" : "http://", host, ':', port_, path);
}

std::vector<base::http::Request> LoopbackServer::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

void LoopbackServer::Accept() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    ++connections_;
    std::lock_guard lock(mutex_);
    open_.push_back(socket);
    workers_.emplace_back([this, socket] { Serve(socket); });
  }
}

void LoopbackServer::Serve(int socket) {
  Stream stream{.socket = socket};
  bool fine = true;
  if (tls_ != nullptr) {
    stream.tls = SSL_new(static_cast<SSL_CTX*>(tls_));
    SSL_set_fd(stream.tls, socket);
    fine = SSL_accept(stream.tls) == 1;
  }
  while (fine && AnswerOne(stream)) {
  }
  SSL_free(stream.tls);
  std::lock_guard lock(mutex_);
  std::erase(open_, socket);
  close(socket);
}

// False when the connection is over.
bool LoopbackServer::AnswerOne(Stream& stream) {
  std::size_t end = 0;
  while ((end = stream.received.find("\r\n\r\n")) == std::string::npos) {
    if (!stream.Fill()) return false;
    if (stream.received[0] == '\x16') {  // a TLS hello: say so as real servers do
      stream.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
      return false;
    }
  }
  base::http::Request request;
  const auto lines = base::Split(std::string_view(stream.received).substr(0, end), '\n');
  const auto words = base::Split(lines[0], ' ');
  request.method = words[0];
  request.url = words.size() > 1 ? words[1] : "";
  std::size_t length = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto colon = lines[i].find(':');
    request.headers.push_back({lines[i].substr(0, colon), std::string(base::Trim(lines[i].substr(colon + 1)))});
    if (base::EqualsIgnoreCase(request.headers.back().name, "content-length")) length = std::stoul(request.headers.back().value);
  }
  while (stream.received.size() < end + 4 + length) {
    if (!stream.Fill()) return false;
  }
  request.body = stream.received.substr(end + 4, length);
  stream.received.erase(0, end + 4 + length);
  {
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  Reply reply = handler_(request);
  if (request.method == "HEAD") reply.bytes.erase(std::min(reply.bytes.size(), reply.bytes.find("\r\n\r\n") + 4));
  stream.Send(reply.bytes);
  if (reply.after == After::kHold) {
    while (stream.Fill()) {
    }
  }
  if (reply.after == After::kReset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(stream.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  return reply.after == After::kKeep;
}

int ClosedPort() {
  int port = 0;
  close(BoundSocket(port));
  return port;
}

}  // namespace tests

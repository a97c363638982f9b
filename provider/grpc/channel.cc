// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/crypto/openssl_handle.h"

namespace provider::grpc {
namespace {

constexpr std::size_t kChunk = 64 << 10;

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(int socket) : socket_(socket) {}
  ~PlainChannel() override { close(socket_); }

  State Read(std::string& into) override {
    std::array<char, kChunk> chunk;
    const ssize_t got = recv(socket_, chunk.data(), chunk.size(), 0);
    if (got > 0) into.append(chunk.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && WouldBlock()) ? State::kOpen : State::kGone;
  }

  State Write(std::string_view& bytes) override {
    waits_to_write_ = false;
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) {
        waits_to_write_ = WouldBlock();
        return waits_to_write_ ? State::kOpen : State::kGone;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return State::kOpen;
  }

  bool waits_to_write() const override { return waits_to_write_; }
  int descriptor() const override { return socket_; }

 private:
  const int socket_;
  bool waits_to_write_ = false;
};

class TlsChannel final : public Channel {
 public:
  TlsChannel(int socket, SSL_CTX* context) : socket_(socket), ssl_(SSL_new(context), &SSL_free) {
    base::crypto::Require(ssl_ != nullptr && SSL_set_fd(ssl_.get(), socket) == 1);
    SSL_set_accept_state(ssl_.get());
  }
  // Without a word of TLS: who closes has said so in HTTP/2.
  ~TlsChannel() override { close(socket_); }

  State Read(std::string& into) override {
    ERR_clear_error();  // calls that are answered in this thread use OpenSSL too, and SSL_get_error looks at the queue
    std::array<char, SSL3_RT_MAX_PLAIN_LENGTH> record;
    do {
      const int got = SSL_read(ssl_.get(), record.data(), static_cast<int>(record.size()));
      if (got <= 0) return StateAfter(got);
      into.append(record.data(), static_cast<std::size_t>(got));
    } while (SSL_has_pending(ssl_.get()) == 1);
    return State::kOpen;
  }

  State Write(std::string_view& bytes) override {
    ERR_clear_error();
    while (!bytes.empty()) {
      const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (sent <= 0) return StateAfter(sent);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return State::kOpen;
  }

  bool waits_to_write() const override { return SSL_want_write(ssl_.get()); }
  int descriptor() const override { return socket_; }

 private:
  State StateAfter(int result) {
    const int why = SSL_get_error(ssl_.get(), result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? State::kOpen : State::kGone;
  }

  const int socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
};

}  // namespace

std::unique_ptr<Channel> MakeChannel(int socket, const TlsIdentity* identity) {
  if (identity == nullptr) return std::make_unique<PlainChannel>(socket);
  return std::make_unique<TlsChannel>(socket, identity->context());
}

}  // namespace provider::grpc

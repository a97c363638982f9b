// SPDX-License-Identifier: MPL-2.0
// Channel: the bytes of one accepted connection, in clear or through TLS. Nothing blocks.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provider/grpc/tls_identity.h"

namespace provider::grpc {

class Channel {
 public:
  enum class State { kOpen, kGone };

  Channel() = default;
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Appends what has arrived. kGone: the peer has closed, or broke the rules of TLS; what is appended then is still good.
  virtual State Read(std::string& into) = 0;
  // Sends as much as goes, and takes it off `bytes`. Empty `bytes` are nothing to send.
  virtual State Write(std::string_view& bytes) = 0;
  // Whether Write is worth trying again only when the descriptor can be written to.
  virtual bool waits_to_write() const = 0;
  virtual int descriptor() const = 0;
};

// Takes over a connected, non-blocking socket. Without `identity`: in clear.
std::unique_ptr<Channel> MakeChannel(int socket, const TlsIdentity* identity);

}  // namespace provider::grpc

// SPDX-License-Identifier: MPL-2.0
// Connection: gRPC calls over one HTTP/2 connection (RFC 9113; gRPC over HTTP/2). nghttp2 speaks HTTP/2, this says what the
// streams mean.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "provider/grpc/channel.h"
#include "provider/grpc/method.h"
#include "provider/grpc/outbox.h"
#include "provider/grpc/threads.h"

using nghttp2_session = struct nghttp2_session;

namespace provider::grpc {

// What all connections of a server share; outlives them.
struct Served {
  const Methods& methods;
  Threads& threads;
  Outbox& outbox;
};

// For one thread. Calls are served by others, and answer by the outbox.
class Connection {
 public:
  Connection(std::uint64_t id, std::unique_ptr<Channel> channel, const Served& served);
  // Streams that are still open see that their peer is gone.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Reads (when there is something to read), understands and sends as much as goes without waiting. False: the connection is
  // over.
  bool Move(bool readable);
  // Takes what a call answers; Move sends it. A stream that is no more is ignored.
  void Put(Output output);
  // Tells the peer to begin no more calls; the connection is over when those under way are.
  void GoAway();

  int descriptor() const { return channel_->descriptor(); }
  bool waits_to_write() const { return channel_->waits_to_write(); }

 private:
  struct Stream;
  struct Callbacks;  // nghttp2's, in the source

  bool Receive();
  bool Send();
  void Begin(Stream& stream);
  void Requested(Stream& stream);
  void End(Stream& stream, Status status);
  void Refuse(Stream& stream, const char* http_status);

  const std::uint64_t id_;
  const std::unique_ptr<Channel> channel_;
  const Served served_;
  std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)> session_;
  std::map<std::int32_t, std::unique_ptr<Stream>> streams_;
  std::string received_;
  std::string sending_;
  std::size_t sent_ = 0;  // of sending_
  bool going_away_ = false;
};

}  // namespace provider::grpc

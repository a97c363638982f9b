// SPDX-License-Identifier: MPL-2.0
#include "provider/grpc/connection.h"

#include <nghttp2/nghttp2.h>

#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace provider::grpc {
namespace {

// A state of thousands of resources comes in many small messages at once: the host need never wait for room.
constexpr std::int32_t kWindow = 16 << 20;
// What is collected before a write: the header, data and trailer of several replies.
constexpr std::size_t kBatch = 64 << 10;
// protobuf's own limit.
constexpr std::size_t kMostOfARequest = std::numeric_limits<int>::max();

std::uint8_t* Bytes(std::string_view text) {
  // nghttp2 copies names and values, and takes them as not const.
  return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));  // NOLINT(*-const-cast)
}

nghttp2_nv Header(std::string_view name, std::string_view value) {
  return {Bytes(name), Bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string_view Text(const std::uint8_t* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

}  // namespace

struct Connection::Stream {
  std::int32_t id = 0;
  std::string path{};
  std::string content_type{};
  std::string request{};
  const std::variant<Unary, Streaming>* method = nullptr;  // null until all headers are here, and for unknown paths
  std::shared_ptr<Exchange> exchange{};                    // of a stream that was begun; shared with its thread
  bool answering = false;                                  // headers are sent
  std::string body{};                                      // to be sent
  std::size_t sent = 0;                                    // of body
  std::optional<Status> end{};                             // set: comes after the body
};

// They may not throw: nghttp2 is C.
struct Connection::Callbacks {
  static Connection& Of(void* user) { return *static_cast<Connection*>(user); }

  static Stream* Find(nghttp2_session* session, std::int32_t id) {
    return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session, id));
  }

  static int BeginHeaders(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    auto stream = std::make_unique<Stream>();
    stream->id = frame->hd.stream_id;
    nghttp2_session_set_stream_user_data(session, stream->id, stream.get());
    Of(user).streams_[stream->id] = std::move(stream);
    return 0;
  }

  static int OnHeader(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                      const std::uint8_t* value, std::size_t value_size, std::uint8_t, void*) {
    Stream* stream = Find(session, frame->hd.stream_id);
    if (stream == nullptr) return 0;
    const std::string_view header = Text(name, name_size);
    if (header == ":path") stream->path = Text(value, value_size);
    if (header == "content-type") stream->content_type = Text(value, value_size);
    return 0;
  }

  static int OnData(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size, void*) {
    Stream* stream = Find(session, id);
    if (stream == nullptr || stream->exchange || stream->end) return 0;
    if (stream->request.size() + size > kMostOfARequest) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    stream->request.append(Text(data, size));
    return 0;
  }

  static int OnFrame(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    Stream* stream = Find(session, frame->hd.stream_id);
    if (stream == nullptr) return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) Of(user).Begin(*stream);
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) Of(user).Requested(*stream);
    return 0;
  }

  static int OnStreamClose(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    auto& streams = Of(user).streams_;
    const auto found = streams.find(id);
    if (found == streams.end()) return 0;
    if (found->second->exchange) found->second->exchange->PeerGone();
    streams.erase(found);
    return 0;
  }

  static ssize_t ReadBody(nghttp2_session* session, std::int32_t id, std::uint8_t* buffer, std::size_t size, std::uint32_t* flags,
                          nghttp2_data_source* source, void*) {
    Stream& stream = *static_cast<Stream*>(source->ptr);
    const std::size_t taken = stream.body.copy(reinterpret_cast<char*>(buffer), size, stream.sent);
    stream.sent += taken;
    if (stream.sent == stream.body.size()) {
      stream.body.clear();
      stream.sent = 0;
      if (stream.exchange && taken > 0) stream.exchange->Taken();
      if (!stream.end && taken == 0) return NGHTTP2_ERR_DEFERRED;
      if (!stream.end) return static_cast<ssize_t>(taken);
      *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
      SubmitTrailer(session, id, *stream.end);
    }
    return static_cast<ssize_t>(taken);
  }

  static void SubmitTrailer(nghttp2_session* session, std::int32_t id, const Status& status) {
    const std::string code = std::to_string(static_cast<int>(status.code));
    const std::string message = EncodeMessage(status.message);
    const std::array trailer = {Header("grpc-status", code), Header("grpc-message", message)};
    nghttp2_submit_trailer(session, id, trailer.data(), message.empty() ? 1 : 2);
  }

  static nghttp2_session* NewSession(Connection* connection) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &BeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &OnHeader);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &OnData);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &OnFrame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &OnStreamClose);
    // Otherwise every stream that ever was is kept, for the priorities of RFC 7540.
    nghttp2_option* options = nullptr;
    nghttp2_option_new(&options);
    nghttp2_option_set_no_closed_streams(options, 1);
    nghttp2_session* session = nullptr;
    nghttp2_session_server_new2(&session, callbacks, connection, options);
    nghttp2_option_del(options);
    nghttp2_session_callbacks_del(callbacks);
    return session;
  }
};

Connection::Connection(std::uint64_t id, std::unique_ptr<Channel> channel, const Served& served)
    : id_(id), channel_(std::move(channel)), served_(served), session_(Callbacks::NewSession(this), &nghttp2_session_del) {
  const nghttp2_settings_entry window = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindow};
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, &window, 1);
  nghttp2_session_set_local_window_size(session_.get(), NGHTTP2_FLAG_NONE, 0, kWindow);
}

Connection::~Connection() {
  for (const auto& [id, stream] : streams_) {
    if (stream->exchange) stream->exchange->PeerGone();
  }
}

bool Connection::Move(bool readable) {
  const bool open = !readable || Receive();
  const bool sent = Send();
  const bool wants = nghttp2_session_want_read(session_.get()) != 0 || nghttp2_session_want_write(session_.get()) != 0;
  const bool finished = going_away_ && streams_.empty() && sending_.empty();
  return open && sent && (wants || !sending_.empty()) && !finished;
}

bool Connection::Receive() {
  received_.clear();
  const Channel::State state = channel_->Read(received_);
  const ssize_t understood = nghttp2_session_mem_recv(session_.get(), Bytes(received_), received_.size());
  return understood >= 0 && state == Channel::State::kOpen;
}

bool Connection::Send() {
  for (;;) {
    const std::uint8_t* data = nullptr;
    while (sending_.size() < kBatch) {
      const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
      if (size < 0) return false;
      if (size == 0) break;
      sending_.append(Text(data, static_cast<std::size_t>(size)));
    }
    if (sending_.empty()) return true;
    std::string_view rest = std::string_view(sending_).substr(sent_);
    const Channel::State state = channel_->Write(rest);
    sent_ = sending_.size() - rest.size();
    if (state == Channel::State::kGone) return false;
    if (!rest.empty()) return true;
    sending_.clear();
    sent_ = 0;
  }
}

void Connection::Begin(Stream& stream) {
  if (!stream.content_type.starts_with("application/grpc")) return Refuse(stream, "415");
  const auto method = served_.methods.find(stream.path);
  if (method == served_.methods.end()) return End(stream, {Code::kUnimplemented, "no method " + stream.path});
  stream.method = &method->second;
  const auto* serve = std::get_if<Streaming>(stream.method);
  if (serve == nullptr) return;
  stream.exchange = std::make_shared<Exchange>(served_.outbox, id_, stream.id);
  const bool runs =
      served_.threads.Run([serve, exchange = stream.exchange, &outbox = served_.outbox, id = id_, stream = stream.id] {
        (*serve)(*exchange);
        outbox.Put({.connection = id, .stream = stream, .end = Status{}});
      });
  if (!runs) End(stream, {Code::kResourceExhausted, "the system gives no thread"});
}

void Connection::Requested(Stream& stream) {
  if (stream.exchange) stream.exchange->PeerEnded();
  const auto* unary = stream.method == nullptr ? nullptr : std::get_if<Unary>(stream.method);
  if (unary == nullptr) return;
  auto answer = [unary, request = std::move(stream.request), id = id_, stream = stream.id] {
    const Unframed message = OneMessage(request);
    Reply reply = message.status.code == Code::kOk ? unary->answer(message.message) : Reply{.status = message.status};
    return Output{.connection = id, .stream = stream, .body = std::move(reply.body), .end = std::move(reply.status)};
  };
  if (unary->place == Place::kLoop) return Put(answer());
  const bool runs = served_.threads.Run([answer = std::move(answer), &outbox = served_.outbox] { outbox.Put(answer()); });
  if (!runs) End(stream, {Code::kResourceExhausted, "the system gives no thread"});
}

void Connection::Put(Output output) {
  const auto found = streams_.find(output.stream);
  if (found == streams_.end()) return;
  Stream& stream = *found->second;
  if (output.body.empty() && output.end && !stream.answering) return End(stream, *std::move(output.end));
  // Nothing is overwritten: an exchange sends a message when the one before is taken.
  if (!output.body.empty()) stream.body = std::move(output.body);
  stream.end = std::move(output.end);
  if (stream.answering) {
    nghttp2_session_resume_data(session_.get(), stream.id);
    return;
  }
  stream.answering = true;
  const std::array headers = {Header(":status", "200"), Header("content-type", "application/grpc")};
  const nghttp2_data_provider body = {{.ptr = &stream}, &Callbacks::ReadBody};
  nghttp2_submit_response(session_.get(), stream.id, headers.data(), headers.size(), &body);
}

// An answer of headers alone.
void Connection::End(Stream& stream, Status status) {
  const std::string code = std::to_string(static_cast<int>(status.code));
  const std::string message = EncodeMessage(status.message);
  const std::array headers = {Header(":status", "200"), Header("content-type", "application/grpc"), Header("grpc-status", code),
                              Header("grpc-message", message)};
  stream.answering = true;
  stream.end = std::move(status);
  nghttp2_submit_response(session_.get(), stream.id, headers.data(), message.empty() ? 3 : 4, nullptr);
}

void Connection::Refuse(Stream& stream, const char* http_status) {
  const std::array headers = {Header(":status", http_status)};
  stream.answering = true;
  stream.end = Status{};
  nghttp2_submit_response(session_.get(), stream.id, headers.data(), headers.size(), nullptr);
}

void Connection::GoAway() {
  going_away_ = true;
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_.get()),
                        NGHTTP2_NO_ERROR, nullptr, 0);
}

}  // namespace provider::grpc

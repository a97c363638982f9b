// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/stdio.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>

namespace provider::plugin {
namespace {

using ::plugin::StdioData;

// A stream that one thread writes to. Deletes itself when the stream has ended, as gRPC's reactors do.
class StdioStream final : public grpc::ServerWriteReactor<StdioData> {
 public:
  // Blocks until the message is on its way. False if the host is gone.
  bool Write(const StdioData& data) {
    std::unique_lock lock(mutex_);
    is_writing_ = true;
    lock.unlock();
    StartWrite(&data);
    lock.lock();
    written_.wait(lock, [this] { return !is_writing_; });
    return is_written_;
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    is_writing_ = false;
    is_written_ = ok;
    written_.notify_one();
  }
  void OnDone() override { delete this; }

 private:
  std::mutex mutex_;
  std::condition_variable written_;
  bool is_writing_ = false;
  bool is_written_ = false;
};

// What is in the pipe, at most one chunk; empty if there is nothing.
std::string ReadChunk(int descriptor) {
  std::string chunk(4096, '\0');
  const ssize_t got = read(descriptor, chunk.data(), chunk.size());
  chunk.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return chunk;
}

// Blocks until the host is gone, or `stop` can be read.
void Forward(const Outputs& outputs, int stop, StdioStream& stream) {
  std::array<pollfd, 3> wait = {{{stop, POLLIN, 0}, {outputs.captured_out, POLLIN, 0}, {outputs.captured_err, POLLIN, 0}}};
  for (;;) {
    // No time limit: a host that dies also closes the broker's stream, and Lifetime ends the process.
    if (poll(wait.data(), wait.size(), -1) < 0) continue;
    if (wait[0].revents != 0) return;
    for (const auto& [source, channel] : {std::pair{wait[1], StdioData::STDOUT}, std::pair{wait[2], StdioData::STDERR}}) {
      StdioData data;
      data.set_channel(channel);
      if (source.revents != 0) data.set_data(ReadChunk(source.fd));
      if (!data.data().empty() && !stream.Write(data)) return;
    }
  }
}

}  // namespace

Stdio::Stdio(const Outputs& outputs, rpc::CallThreads& threads)
    : outputs_(outputs), threads_(threads), stop_(eventfd(0, EFD_CLOEXEC)) {}

Stdio::~Stdio() { close(stop_); }

void Stdio::Stop() { eventfd_write(stop_, 1); }

grpc::ServerWriteReactor<StdioData>* Stdio::StreamStdio(grpc::CallbackServerContext*, const ::plugin::Empty*) {
  auto* stream = new StdioStream;
  if (outputs_.captured_out < 0) {
    stream->Finish(grpc::Status::OK);
    return stream;
  }
  const bool started = threads_.Run([this, stream] {
    Forward(outputs_, stop_, *stream);
    stream->Finish(grpc::Status::OK);
  });
  if (!started) stream->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "the system has no thread left for this stream"});
  return stream;
}

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/stdio.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <string>

namespace provider::plugin {
namespace {

// What is in the pipe, at most one chunk; empty if there is nothing.
std::string ReadChunk(int descriptor) {
  std::string chunk(4096, '\0');
  const ssize_t got = read(descriptor, chunk.data(), chunk.size());
  chunk.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return chunk;
}

}  // namespace

Stdio::Stdio(const Outputs& outputs) : outputs_(outputs), stop_(eventfd(0, EFD_CLOEXEC)) {}

Stdio::~Stdio() { close(stop_); }

void Stdio::Stop() { eventfd_write(stop_, 1); }

grpc::Status Stdio::StreamStdio(grpc::ServerContext*, const ::plugin::Empty*, grpc::ServerWriter<::plugin::StdioData>* writer) {
  using ::plugin::StdioData;
  if (outputs_.captured_out < 0) return grpc::Status::OK;
  std::array<pollfd, 3> wait = {{{stop_, POLLIN, 0}, {outputs_.captured_out, POLLIN, 0}, {outputs_.captured_err, POLLIN, 0}}};
  for (;;) {
    // No time limit: a host that dies also closes the broker's stream, and Lifetime ends the process.
    if (poll(wait.data(), wait.size(), -1) < 0) continue;
    if (wait[0].revents != 0) return grpc::Status::OK;
    for (const auto& [source, channel] : {std::pair{wait[1], StdioData::STDOUT}, std::pair{wait[2], StdioData::STDERR}}) {
      StdioData data;
      data.set_channel(channel);
      if (source.revents != 0) data.set_data(ReadChunk(source.fd));
      if (!data.data().empty() && !writer->Write(data)) return grpc::Status::OK;
    }
  }
}

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/stdio.h"

#include <array>
#include <chrono>

#include "base/os/descriptor.h"
#include "base/os/poll.h"

namespace provider::plugin {

grpc::Status Stdio::StreamStdio(grpc::ServerContext*, const ::plugin::Empty*, grpc::ServerWriter<::plugin::StdioData>* writer) {
  using ::plugin::StdioData;
  if (outputs_.captured_out < 0) return grpc::Status::OK;
  std::array<base::os::Polled, 3> wait = {
      {{.number = stop_.number()}, {.number = outputs_.captured_out}, {.number = outputs_.captured_err}}};
  for (;;) {
    // However long it takes: a host that dies also closes the broker's stream, and Lifetime ends the process.
    base::os::Poll(wait, std::chrono::hours(1));
    if (wait[0].is_ready) return grpc::Status::OK;
    for (const auto& [source, channel] : {std::pair{wait[1], StdioData::STDOUT}, std::pair{wait[2], StdioData::STDERR}}) {
      StdioData data;
      data.set_channel(channel);
      if (source.is_ready) data.set_data(base::os::ReadChunk(source.number));
      if (!data.data().empty() && !writer->Write(data)) return grpc::Status::OK;
    }
  }
}

}  // namespace provider::plugin

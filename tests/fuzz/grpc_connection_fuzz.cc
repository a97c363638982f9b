// SPDX-License-Identifier: MPL-2.0
// What a client sends to the plugin's server: whatever it is, whole HTTP/2 frames come back (RFC 9113 section 4.1), and a
// connection that is over stays over.
#include <memory>
#include <string>
#include <utility>

#include "provider/grpc/connection.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;
using provider::grpc::Channel;
using provider::grpc::Connection;
using provider::grpc::Methods;
using provider::grpc::Outbox;
using provider::grpc::Place;
using provider::grpc::Reply;
using provider::grpc::Threads;
using provider::grpc::Unary;

// Gives `input` in pieces of the size that its first byte says.
class MemoryChannel final : public Channel {
 public:
  MemoryChannel(std::string_view input, std::string& output)
      : piece_(input.empty() ? 1 : static_cast<unsigned char>(input.front()) + std::size_t{1}),
        input_(input.substr(input.empty() ? 0 : 1)),
        output_(output) {}

  State Read(std::string& into) override {
    const std::string_view piece = input_.substr(0, piece_);
    input_.remove_prefix(piece.size());
    into.append(piece);
    return piece.empty() ? State::kGone : State::kOpen;
  }
  State Write(std::string_view& bytes) override {
    output_.append(std::exchange(bytes, {}));
    return State::kOpen;
  }
  bool waits_to_write() const override { return false; }
  int descriptor() const override { return -1; }

 private:
  const std::size_t piece_;
  std::string_view input_;
  std::string& output_;
};

Reply Echo(std::string_view message) {
  std::string body(provider::grpc::kPrefixSize, '\0');
  body += message;
  provider::grpc::FillPrefix(body);
  return {.body = std::move(body)};
}

void RequireWholeFrames(std::string_view output) {
  constexpr std::size_t kHeader = 9;
  constexpr char kSettings = 4;
  Require(output.empty() || (output.size() >= kHeader && output[3] == kSettings), "settings come first");
  while (!output.empty()) {
    Require(output.size() >= kHeader, "a frame has a header");
    std::size_t length = 0;
    for (const char c : output.substr(0, 3)) length = length << 8U | static_cast<unsigned char>(c);
    Require(output.size() >= kHeader + length, "a frame is whole");
    output.remove_prefix(kHeader + length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Methods methods = {{"/a", Unary{&Echo, Place::kLoop}}};
  static Threads threads;
  static Outbox outbox;
  std::string output;
  Connection connection(1, std::make_unique<MemoryChannel>(fuzz::Text(data, size), output), {methods, threads, outbox});
  while (connection.Move(true)) {
  }
  RequireWholeFrames(output);
  return 0;
}

// SPDX-License-Identifier: MPL-2.0
// Method: what the server does when a path is called. A call with one message and one reply is a function of bytes; a stream is
// served by a thread for as long as it takes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "provider/grpc/exchange.h"
#include "provider/grpc/framing.h"
#include "provider/grpc/status.h"

namespace provider::grpc {

struct Reply {
  Status status{};
  std::string body{};  // framed; empty with any other status than kOk
};

// A call that waits for anything (a file, a server, a lock that somebody keeps) has a thread for itself. One that only computes
// is answered by the thread of the connections, which saves two changes of thread.
enum class Place { kThread, kLoop };

struct Unary {
  std::function<Reply(std::string_view message)> answer;  // from many threads at once
  Place place = Place::kThread;
};

using Streaming = std::function<void(Exchange& exchange)>;  // may block; from many threads at once

// By path, such as "/tfplugin6.Provider/ReadResource".
using Methods = std::map<std::string, std::variant<Unary, Streaming>, std::less<>>;

// A protobuf message, framed. A message is smaller than 2 GiB, which is protobuf's limit too.
template <typename Message>
std::string Framed(const Message& message) {
  std::string framed(kPrefixSize, '\0');
  message.AppendToString(&framed);
  FillPrefix(framed);
  return framed;
}

// A function of protobuf messages as one of bytes: Status(const Request&, Response&). `answer` may not throw.
template <typename Request, typename Response, typename Answer>
Unary UnaryOf(Answer answer, Place place = Place::kThread) {
  const auto of_bytes = [answer](std::string_view message) -> Reply {
    Request request;
    if (!request.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
      return {.status = {Code::kInternal, "the request's message cannot be read"}};
    }
    Response response;
    const Status status = answer(request, response);
    if (status.code != Code::kOk) return {.status = status};
    return {.body = Framed(response)};
  };
  return {of_bytes, place};
}

}  // namespace provider::grpc

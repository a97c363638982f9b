// SPDX-License-Identifier: MPL-2.0
// The server in this process, before clients that this project did not write: gRPC's own, and libcurl for what gRPC's never
// sends.
#include "provider/grpc/server.h"

#include <curl/curl.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <future>
#include <latch>
#include <map>
#include <thread>
#include <vector>

#include "base/text.h"
#include "tests/provider/temporary_folder.h"

namespace tests {
namespace {

using provider::grpc::Code;
using provider::grpc::Exchange;
using provider::grpc::Methods;
using provider::grpc::Place;
using provider::grpc::Reply;
using provider::grpc::Server;
using provider::grpc::Unary;

std::string Framed(std::string_view message) {
  std::string framed = base::Cat(std::string(provider::grpc::kPrefixSize, '\0'), message);
  provider::grpc::FillPrefix(framed);
  return framed;
}

Reply Echo(std::string_view message) { return {.body = Framed(message)}; }

// A call that says when it has begun, and answers when it is let. Once.
struct Gate {
  std::promise<void> entered;
  std::promise<void> release;

  Unary Call() {
    return Unary{[this](std::string_view message) {
      entered.set_value();
      release.get_future().wait();
      return Echo(message);
    }};
  }
};

class GrpcServer : public testing::Test {
 protected:
  void Serve(Methods methods) {
    methods["/test/Echo"] = Unary{&Echo};
    auto server = Server::Start(socket_, std::nullopt, std::move(methods));
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = *std::move(server);
  }

  std::shared_ptr<grpc::Channel> Connect() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    return grpc::CreateCustomChannel("unix:" + socket_, grpc::InsecureChannelCredentials(), arguments);
  }

  const TemporaryFolder folder_;
  const std::string socket_ = folder_.path() + "/s";
  std::unique_ptr<Server> server_;
};

struct Answer {
  grpc::Status status;
  std::string message;
};

Answer Ask(const std::shared_ptr<grpc::Channel>& channel, const std::string& path, const std::string& message,
           grpc::ClientContext& context) {
  context.set_wait_for_ready(true);
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const grpc::Slice request(message);
  auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(&request, 1), &queue);
  call->StartCall();
  Answer answer;
  grpc::ByteBuffer reply;
  call->Finish(&reply, &answer.status, nullptr);
  void* tag = nullptr;
  bool fine = false;
  queue.Next(&tag, &fine);
  if (!answer.status.ok()) return answer;
  grpc::Slice slice;
  reply.DumpToSingleSlice(&slice);
  answer.message.assign(slice.begin(), slice.end());
  return answer;
}

Answer Ask(const std::shared_ptr<grpc::Channel>& channel, const std::string& path, const std::string& message = "x") {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  return Ask(channel, path, message, context);
}

TEST_F(GrpcServer, AnswersInAThreadAndInItsLoop) {
  Serve({{"/test/AtOnce", Unary{&Echo, Place::kLoop}}});
  const auto channel = Connect();

  for (const std::string& message : {std::string(), std::string("a"), std::string(100'000, 'b'), std::string(8 << 20, 'c')}) {
    EXPECT_EQ(Ask(channel, "/test/Echo", message).message, message);
    EXPECT_EQ(Ask(channel, "/test/AtOnce", message).message, message);
  }
}

TEST_F(GrpcServer, TellsStatusAndWholeMessage) {
  const std::string text = "50 % of \xC3\xBC\n";
  Serve({{"/test/Fails", Unary{[&](std::string_view) { return Reply{.status = {Code::kNotFound, text}}; }}}});

  const Answer answer = Ask(Connect(), "/test/Fails");

  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(answer.status.error_message(), text);
}

TEST_F(GrpcServer, KnowsWhatItDoesNotServe) {
  Serve({});

  const Answer answer = Ask(Connect(), "/test/Other");

  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_NE(answer.status.error_message().find("/test/Other"), std::string::npos);
}

TEST_F(GrpcServer, RunsAsManyCallsSideBySideAsThereAre) {
  constexpr int kCalls = 64;
  std::latch all(kCalls);
  Serve({{"/test/Meets", Unary{[&](std::string_view message) {
            all.arrive_and_wait();
            return Echo(message);
          }}}});
  const auto channel = Connect();
  std::vector<std::future<Answer>> answers;
  for (int call = 0; call < kCalls; ++call) {
    answers.push_back(std::async(std::launch::async, [&, call] { return Ask(channel, "/test/Meets", std::to_string(call)); }));
  }

  for (int call = 0; call < kCalls; ++call)
    EXPECT_EQ(answers[static_cast<std::size_t>(call)].get().message, std::to_string(call));
}

TEST_F(GrpcServer, ServesOthersWhileACallWaitsOrWasGivenUp) {
  Gate gate;
  Serve({{"/test/Waits", gate.Call()}});
  const auto channel = Connect();
  grpc::ClientContext context;
  auto waiting = std::async(std::launch::async, [&] { return Ask(channel, "/test/Waits", "x", context); });
  gate.entered.get_future().wait();

  EXPECT_EQ(Ask(channel, "/test/Echo", "y").message, "y");
  context.TryCancel();
  EXPECT_EQ(waiting.get().status.error_code(), grpc::StatusCode::CANCELLED);
  gate.release.set_value();
  EXPECT_EQ(Ask(channel, "/test/Echo", "z").message, "z");
}

// Reads a stream to its end.
std::vector<std::string> ReadStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  auto stream = stub.PrepareCall(&context, path, &queue);
  void* tag = nullptr;
  bool fine = false;
  stream->StartCall(nullptr);
  queue.Next(&tag, &fine);
  std::vector<std::string> messages;
  for (;;) {
    grpc::ByteBuffer buffer;
    stream->Read(&buffer, nullptr);
    queue.Next(&tag, &fine);
    if (!fine) break;
    grpc::Slice slice;
    buffer.DumpToSingleSlice(&slice);
    messages.emplace_back(slice.begin(), slice.end());
  }
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &fine);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return messages;
}

TEST_F(GrpcServer, StreamsMessagesInOrder) {
  const std::vector<std::string> messages = {"one", std::string(1 << 20, '2'), "", "three"};
  Serve({{"/test/Streams", [&](Exchange& exchange) {
            for (const std::string& message : messages) EXPECT_TRUE(exchange.Write(Framed(message)));
          }}});

  EXPECT_EQ(ReadStream(Connect(), "/test/Streams"), messages);
}

TEST_F(GrpcServer, TellsAStreamThatItsPeerIsGone) {
  std::promise<void> entered;
  std::promise<bool> written;
  Serve({{"/test/Holds", [&](Exchange& exchange) {
            entered.set_value();
            exchange.WaitForPeer();
            written.set_value(exchange.Write(Framed("x")));
          }}});
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(Connect());
  auto stream = stub.PrepareCall(&context, "/test/Holds", &queue);
  stream->StartCall(nullptr);
  void* tag = nullptr;
  bool fine = false;
  queue.Next(&tag, &fine);  // what moves a connection of gRPC's clients
  entered.get_future().wait();

  context.TryCancel();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &fine);

  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_FALSE(written.get_future().get());
}

TEST_F(GrpcServer, StopsAfterTheAnswersOfCallsUnderWay) {
  Gate gate;
  Serve({{"/test/Waits", gate.Call()}});
  const auto channel = Connect();
  auto waiting = std::async(std::launch::async, [&] { return Ask(channel, "/test/Waits", "answer"); });
  gate.entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(std::chrono::minutes(1)); });

  gate.release.set_value();

  EXPECT_EQ(waiting.get().message, "answer");
  stopped.get();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  EXPECT_FALSE(Ask(Connect(), "/test/Echo", "late", context).status.ok());
}

TEST_F(GrpcServer, StopsWithoutClients) {
  Serve({});

  server_->Stop(std::chrono::minutes(1));  // a test that takes this long has failed
}

// What a client may never send, by libcurl. Headers and trailers by lower-case name.
struct Raw {
  long status = 0;
  std::map<std::string, std::string> headers;
};

Raw Post(const std::string& socket, const std::string& path, const std::string& content_type, const std::string& body) {
  Raw raw;
  CURL* curl = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, ("content-type: " + content_type).c_str());
  curl_easy_setopt(curl, CURLOPT_URL, ("http://localhost" + path).c_str());
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body.c_str());
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &raw);
  curl_easy_setopt(
      curl, CURLOPT_HEADERFUNCTION, +[](char* text, std::size_t size, std::size_t count, void* into) {
        const std::string line(text, size * count);
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos) {
          static_cast<Raw*>(into)->headers[line.substr(0, colon)] = line.substr(colon + 2, line.size() - colon - 4);
        }
        return size * count;
      });
  EXPECT_EQ(curl_easy_perform(curl), CURLE_OK);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &raw.status);
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  return raw;
}

TEST_F(GrpcServer, RefusesWhatIsNoCallOfGrpc) {
  Serve({});

  EXPECT_EQ(Post(socket_, "/test/Echo", "application/json", "{}").status, 415);

  const Raw good = Post(socket_, "/test/Echo", "application/grpc+proto", Framed("x"));
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.headers.at("content-type"), "application/grpc");
  EXPECT_EQ(good.headers.at("grpc-status"), "0");
}

TEST_F(GrpcServer, RefusesWhatIsNotOneWholeMessage) {
  Serve({});
  const std::string whole = Framed("message");
  const std::map<std::string, std::string> statuses = {
      {"", "13"},
      {whole.substr(0, 4), "13"},
      {whole.substr(0, whole.size() - 1), "13"},
      {whole + whole, "13"},
      {std::string("\xFF\xFF\xFF\xFF\xFF", 5), "13"},
      {std::string("\x01\x00\x00\x00\x01x", 6), "12"},
  };

  for (const auto& [body, status] : statuses) {
    const Raw raw = Post(socket_, "/test/Echo", "application/grpc", body);
    EXPECT_EQ(raw.status, 200);
    EXPECT_EQ(raw.headers.at("grpc-status"), status) << testing::PrintToString(body);
    EXPECT_NE(raw.headers.at("grpc-message"), "");
  }
}

TEST_F(GrpcServer, ClosesOnWhatIsNotHttp2AndServesOthers) {
  Serve({});
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xFF\xFF\xFF\x00\x00\x00\x00\x00\x00", 33)}) {
    const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));

    std::array<char, 4096> rest;
    ssize_t got = 0;
    while ((got = recv(client, rest.data(), rest.size(), 0)) > 0) {
    }
    EXPECT_EQ(got, 0) << "not closed in order";
    close(client);
  }
  EXPECT_EQ(Ask(Connect(), "/test/Echo", "x").message, "x");
}

TEST(GrpcServerStart, TellsWhyItCannotListen) {
  const auto missing = Server::Start("/nonexistent/s", std::nullopt, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos) << missing.error().message;

  const auto long_path = Server::Start("/" + std::string(200, 'x'), std::nullopt, {});
  ASSERT_FALSE(long_path.ok());
  EXPECT_NE(long_path.error().message.find("too long"), std::string::npos) << long_path.error().message;
}

}  // namespace
}  // namespace tests

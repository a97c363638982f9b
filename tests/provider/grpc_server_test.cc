// SPDX-License-Identifier: MPL-2.0
// What a host can see of the server, beyond single calls: many calls at once, limits, and clients that misbehave.
#include "provider/plugin/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <future>
#include <latch>
#include <vector>

#include "base/os/descriptor.h"
#include "base/text.h"
#include "tests/provider/plugin_client.h"
#include "tests/provider/service_harness.h"
#include "tests/provider/temporary_folder.h"

namespace tests {
namespace {

using provider::plugin::ServerLimits;
using tfplugin6::Provider;

constexpr std::chrono::seconds kPatience{60};

// Counts the calls that wait, until their stop token ends them.
class CountingClock final : public base::Clock {
 public:
  explicit CountingClock(std::ptrdiff_t calls) : waiting(calls) {}
  base::TimePoint Now() const override { return base::RealClock().Now(); }
  base::SteadyTime SteadyNow() const override { return base::RealClock().SteadyNow(); }
  bool SleepUntil(base::SteadyTime when, const std::stop_token& stop) override {
    waiting.count_down();
    return base::RealClock().SleepUntil(when, stop);
  }
  std::latch waiting;
};

// The trial service behind a server of this process.
class ServedTrial {
 public:
  explicit ServedTrial(base::Clock& clock = base::RealClock(), const ServerLimits& limits = {})
      : service_(TrialParts(clock, {})) {
    const std::array<grpc::Service*, 1> services = {&service_};
    auto server = provider::plugin::StartGrpcServer({.address = socket()}, grpc::InsecureServerCredentials(), services, limits);
    if (!server) throw std::runtime_error(server.error().message);
    server_ = *std::move(server);
  }
  ~ServedTrial() {
    service_.StopAndWait(kPatience);
    server_->Shutdown(std::chrono::system_clock::now());
  }
  ServedTrial(const ServedTrial&) = delete;
  ServedTrial& operator=(const ServedTrial&) = delete;

  std::string socket() const { return folder_.path() + "/s"; }
  std::unique_ptr<Provider::Stub> NewHost() const {
    return Provider::NewStub(Connect(socket(), grpc::InsecureChannelCredentials()));
  }
  grpc::Server& server() { return *server_; }
  provider::rpc::Service& service() { return service_; }

 private:
  const TemporaryFolder folder_;
  provider::rpc::Service service_;
  std::unique_ptr<grpc::Server> server_;
};

void SetPatience(grpc::ClientContext& context, std::chrono::milliseconds patience = kPatience) {
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + patience);
}

grpc::StatusCode AskMetadata(Provider::Stub& host, std::chrono::milliseconds patience = kPatience) {
  grpc::ClientContext context;
  SetPatience(context, patience);
  pb::ProviderMetadata::Response reply;
  return host.GetMetadata(&context, {}, &reply).error_code();
}

void Configure(Provider::Stub& host) {
  grpc::ClientContext context;
  SetPatience(context);
  pb::ConfigureProvider::Request request;
  *request.mutable_config() = Wire(schema::cty::Value::ObjectOf(TrialProviderSchema().ImpliedType(), {}));
  pb::ConfigureProvider::Response reply;
  ASSERT_TRUE(host.ConfigureProvider(&context, request, &reply).ok());
}

void Stop(Provider::Stub& host) {
  grpc::ClientContext context;
  SetPatience(context);
  pb::StopProvider::Response reply;
  EXPECT_TRUE(host.StopProvider(&context, {}, &reply).ok());
}

// An apply that waits until it is told to stop, in a thread of its own.
class BlockedApply {
 public:
  explicit BlockedApply(Provider::Stub& host) {
    SetPatience(context_);
    done_ = std::async(std::launch::async, [this, &host] {
      return host.ApplyResourceChange(&context_, ApplyRequest(NoThing(), Named("blocks")), &reply_);
    });
  }
  grpc::Status Wait() { return done_.get(); }
  void Cancel() { context_.TryCancel(); }
  int diagnostics() const { return reply_.diagnostics_size(); }

 private:
  grpc::ClientContext context_;
  pb::ApplyResourceChange::Response reply_;
  std::future<grpc::Status> done_;
};

TEST(GrpcServer, RunsAsManyCallsSideBySideAsTheHostAsksForAndStopsThemAll) {
  constexpr int kCalls = 200;
  CountingClock clock(kCalls);
  ServedTrial served(clock);
  const auto host = served.NewHost();
  Configure(*host);
  std::vector<std::unique_ptr<BlockedApply>> calls;
  for (int call = 0; call < kCalls; ++call) calls.push_back(std::make_unique<BlockedApply>(*host));
  clock.waiting.wait();

  Stop(*host);

  for (const auto& call : calls) {
    EXPECT_TRUE(call->Wait().ok());
    EXPECT_EQ(call->diagnostics(), 1);
  }
}

TEST(GrpcServer, ServesOthersWhileACallWaitsOrWasGivenUp) {
  CountingClock clock(1);
  ServedTrial served(clock);
  const auto host = served.NewHost();
  Configure(*host);
  BlockedApply call(*host);
  clock.waiting.wait();

  EXPECT_EQ(AskMetadata(*host), grpc::StatusCode::OK);
  call.Cancel();

  EXPECT_EQ(call.Wait().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(AskMetadata(*host), grpc::StatusCode::OK);
}

TEST(GrpcServer, HoldsACallBackWhileItsConnectionHasAsManyAsAllowed) {
  CountingClock clock(1);
  ServedTrial served(clock, {.concurrent_calls = 1});
  const auto host = served.NewHost();
  const auto other = served.NewHost();
  Configure(*host);
  BlockedApply call(*host);
  clock.waiting.wait();

  EXPECT_EQ(AskMetadata(*host, std::chrono::milliseconds(100)), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(AskMetadata(*other), grpc::StatusCode::OK);

  Stop(*other);
  EXPECT_TRUE(call.Wait().ok());
  EXPECT_EQ(AskMetadata(*host), grpc::StatusCode::OK);
}

TEST(GrpcServer, AnswersTheCallsUnderWayWhenItShutsDown) {
  CountingClock clock(1);
  ServedTrial served(clock);
  const auto host = served.NewHost();
  Configure(*host);
  BlockedApply call(*host);
  clock.waiting.wait();
  auto ended = std::async(std::launch::async, [&] { served.server().Shutdown(std::chrono::system_clock::now() + kPatience); });

  EXPECT_TRUE(served.service().StopAndWait(kPatience));

  EXPECT_TRUE(call.Wait().ok());
  ended.get();
}

base::os::Descriptor ConnectRaw(const std::string& path) {
  base::os::Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  EXPECT_EQ(connect(client.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return client;
}

// Blocks until the server closes the connection.
void ReadToEnd(const base::os::Descriptor& client) {
  std::array<char, 4096> rest;
  while (recv(client.number(), rest.data(), rest.size(), 0) > 0) {
  }
}

TEST(GrpcServer, DropsAClientThatNeverStartsToSpeak) {
  ServedTrial served(base::RealClock(), {.handshake = std::chrono::milliseconds(20)});

  const base::os::Descriptor silent = ConnectRaw(served.socket());
  ReadToEnd(silent);

  EXPECT_EQ(AskMetadata(*served.NewHost()), grpc::StatusCode::OK);
}

TEST(GrpcServer, ClosesOnWhatIsNotHttp2AndServesOthers) {
  ServedTrial served;
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xFF\xFF\xFF\x00\x00\x00\x00\x00\x00", 33)}) {
    const base::os::Descriptor client = ConnectRaw(served.socket());
    ASSERT_EQ(send(client.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));

    ReadToEnd(client);
  }
  EXPECT_EQ(AskMetadata(*served.NewHost()), grpc::StatusCode::OK);
}

TEST(GrpcServer, ReportsThatItCannotListen) {
  const std::array<grpc::Service*, 0> none{};

  const auto missing = provider::plugin::StartGrpcServer({.address = "/nonexistent/s"}, grpc::InsecureServerCredentials(), none);

  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "cannot listen at /nonexistent/s");
}

// gRPC 1.51 closes its listener for good when it is out of descriptors.
TEST(GrpcServer, AcceptsHostsWhenOurOwnCallsHaveUsedUpTheDescriptors) {
  PluginProcess process({.program = TRIAL_PROVIDER, .arguments = {"-debug"}, .descriptors = 128});
  const std::string line = process.FirstLine();
  const std::size_t begin = line.find("\"String\":\"") + 10;
  const std::string socket = line.substr(begin, line.find('"', begin) - begin);
  const auto host = Provider::NewStub(Connect(socket, grpc::InsecureChannelCredentials()));
  Configure(*host);
  grpc::ClientContext context;
  SetPatience(context);
  pb::ApplyResourceChange::Response reply;
  ASSERT_TRUE(host->ApplyResourceChange(&context, ApplyRequest(NoThing(), Named("hoards")), &reply).ok());

  std::vector<std::unique_ptr<Provider::Stub>> hosts;
  for (int count = 0; count < 20; ++count) {
    hosts.push_back(Provider::NewStub(Connect(socket, grpc::InsecureChannelCredentials())));
    ASSERT_EQ(AskMetadata(*hosts.back()), grpc::StatusCode::OK) << count;
  }
}

// With GRPC_TRACE=secure_endpoint, gRPC 1.51 prints decrypted messages.
TEST(GrpcLibrary, HeedsNoVariableAndLogsAtDebugLevel) {
  PluginClient client(TRIAL_PROVIDER, {{"GRPC_TRACE", "all"}, {"GRPC_VERBOSITY", "DEBUG"}, {"TF_LOG", "trace"}});
  Configure(client.provider());
  grpc::ClientContext context;
  SetPatience(context);
  pb::ApplyResourceChange::Response reply;
  const auto canary = Thing({{"name", schema::cty::Value::String("x")}, {"secret", schema::cty::Value::String("canary")}});

  EXPECT_TRUE(client.provider().ApplyResourceChange(&context, ApplyRequest(NoThing(), canary), &reply).ok());
  EXPECT_EQ(client.Shutdown(), 0);

  const std::string log = client.process().StandardError();
  EXPECT_NE(log.find("call answered"), std::string::npos);
  EXPECT_EQ(log.find("canary"), std::string::npos);
  for (const std::string& line : base::Split(log, '\n')) EXPECT_TRUE(line.empty() || line.starts_with("{\"@")) << line;
}

}  // namespace
}  // namespace tests

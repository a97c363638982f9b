// SPDX-License-Identifier: MPL-2.0
// A real plugin process, driven as Terraform drives it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/text.h"
#include "tests/provider/health.grpc.pb.h"
#include "tests/provider/plugin_client.h"
#include "tests/provider/service_harness.h"
#include "tests/provider/temporary_folder.h"
#include "tests/support/free_port.h"
#include "tests/support/test_certificate.h"

namespace tests {
namespace {

using schema::cty::Value;

PluginSpec Host(const std::map<std::string, std::string>& more = {}) {
  PluginSpec spec{.program = TRIAL_PROVIDER, .environment = HostEnvironment()};
  for (const auto& [name, value] : more) spec.environment[name] = value;
  return spec;
}

template <typename Reply, typename Stub, typename Method, typename Request>
Reply Ask(Stub& stub, Method method, const Request& request) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return reply;
}

void ConfigurePlugin(tfplugin6::Provider::Stub& provider, const std::string& region = "here") {
  pb::ConfigureProvider::Request request;
  *request.mutable_config() = Wire(Value::ObjectOf(TrialProviderSchema().ImpliedType(), {{"region", Value::String(region)}}));
  const auto reply = Ask<pb::ConfigureProvider::Response>(provider, &tfplugin6::Provider::Stub::ConfigureProvider, request);
  EXPECT_EQ(reply.diagnostics_size(), 0);
}

pb::ApplyResourceChange::Response Apply(tfplugin6::Provider::Stub& provider, const Value& planned) {
  return Ask<pb::ApplyResourceChange::Response>(provider, &tfplugin6::Provider::Stub::ApplyResourceChange,
                                                ApplyRequest(NoThing(), planned));
}

TEST(Plugin, StartedByHandExplainsItself) {
  PluginProcess process({.program = TRIAL_PROVIDER});

  EXPECT_EQ(process.WaitForExit(), 1);
  EXPECT_EQ(process.FirstLine(), "");
  EXPECT_NE(process.StandardError().find("terraform init"), std::string::npos);
}

TEST(Plugin, TellsVersionAndHelp) {
  PluginProcess version({.program = TRIAL_PROVIDER, .arguments = {"--version"}});
  PluginProcess help({.program = TRIAL_PROVIDER, .arguments = {"-help"}});
  PluginProcess other({.program = TRIAL_PROVIDER, .arguments = {"--serve"}});

  EXPECT_EQ(version.FirstLine(), "terraform-provider-certwright 0.0.0");
  EXPECT_EQ(version.WaitForExit(), 0);
  EXPECT_NE(help.FirstLine().find("Certwright"), std::string::npos);
  EXPECT_EQ(help.WaitForExit(), 0);
  EXPECT_EQ(other.WaitForExit(), 1);
}

TEST(Handshake, HasSixFieldsAndACertificateWithoutPadding) {
  // Padding would show in two of three certificates: their lengths differ by signature.
  for (int round = 0; round < 4; ++round) {
    PluginClient client(TRIAL_PROVIDER);

    EXPECT_EQ(client.handshake()[0], "1");
    EXPECT_EQ(client.handshake()[1], "6");
    EXPECT_EQ(client.handshake()[2], "unix");
    EXPECT_EQ(client.handshake()[4], "grpc");
    EXPECT_EQ(client.handshake()[5].find('='), std::string::npos);
    EXPECT_GT(client.handshake()[5].size(), 50U);
    EXPECT_EQ(client.Shutdown(), 0);
  }
}

TEST(Handshake, SaysThatThereIsNoMultiplexingWhenAsked) {
  PluginProcess process(Host({{"PLUGIN_MULTIPLEX_GRPC", "true"}}));

  const auto fields = SplitHandshake(process.FirstLine());

  ASSERT_EQ(fields.size(), 7U);
  EXPECT_EQ(fields[5], "");
  EXPECT_EQ(fields[6], "false");
}

TEST(Socket, LiesInAPrivateFolderThatGoesWithTheProcess) {
  const TemporaryFolder folder("/with space and 100%");
  PluginClient client(TRIAL_PROVIDER, {{"TMPDIR", folder.path()}});
  const std::filesystem::path socket = client.handshake()[3];

  struct stat info {};
  ASSERT_EQ(stat(socket.parent_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_EQ(socket.parent_path().parent_path(), folder.path());
  ASSERT_EQ(stat(socket.c_str(), &info), 0);
  EXPECT_TRUE(S_ISSOCK(info.st_mode));
  EXPECT_EQ(client.Shutdown(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Socket, FallsBackWhenAFolderIsTooLongOrMissing) {
  const TemporaryFolder folder("/" + std::string(100, 'x'));
  for (const std::string& unfit : {folder.path(), std::string("/nonexistent")}) {
    PluginClient client(TRIAL_PROVIDER, {{"TMPDIR", unfit}});

    EXPECT_TRUE(client.handshake()[3].starts_with("/tmp/certwright-")) << client.handshake()[3];
    EXPECT_EQ(client.Shutdown(), 0);
  }
}

// What a host with these credentials is answered.
grpc::StatusCode AskAs(const std::vector<std::string>& handshake, const std::string& key_pem,
                       const std::string& certificate_pem) {
  auto stub = tfplugin6::Provider::NewStub(Connect(handshake[3], HostCredentials(handshake[5], key_pem, certificate_pem)));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  pb::ProviderMetadata::Response reply;
  return stub->GetMetadata(&context, {}, &reply).error_code();
}

TEST(AutoMtls, ServesTheHostsCertificateOnly) {
  const auto host = MakeHostCertificate();
  const auto stranger = MakeHostCertificate();  // equal in all but its key
  PluginProcess process(Host({{"PLUGIN_CLIENT_CERT", host.certificate_pem}}));
  const auto handshake = SplitHandshake(process.FirstLine());
  ASSERT_EQ(handshake.size(), 6U);

  EXPECT_EQ(AskAs(handshake, std::string(host.key_pem.Reveal()), host.certificate_pem), grpc::StatusCode::OK);
  EXPECT_EQ(AskAs(handshake, std::string(stranger.key_pem.Reveal()), stranger.certificate_pem), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(AskAs(handshake, "", ""), grpc::StatusCode::UNAVAILABLE);
}

// A host's certificate is a CA, so TLS accepts what it has signed.
TEST(AutoMtls, RefusesACertificateThatTheHostsHasSignedAtEveryService) {
  const base::TimePoint now = base::RealClock().Now();
  TestCertificateSpec spec{.common_name = "localhost",
                           .dns_names = {"localhost"},
                           .not_before = now - std::chrono::hours(1),
                           .not_after = now + std::chrono::hours(1),
                           .is_ca = true};
  const TestCertificate host = MakeTestCertificate(spec);
  spec.issuer = &host;
  spec.serial = "\x02";
  const TestCertificate stranger = MakeTestCertificate(spec);
  PluginProcess process(Host({{"PLUGIN_CLIENT_CERT", host.pem}}));
  const auto handshake = SplitHandshake(process.FirstLine());
  ASSERT_EQ(handshake.size(), 6U);
  const auto channel =
      Connect(handshake[3], HostCredentials(handshake[5], std::string(stranger.key.ToPem().Reveal()), stranger.pem));
  std::array<grpc::ClientContext, 4> contexts;

  EXPECT_EQ(AskAs(handshake, std::string(host.key.ToPem().Reveal()), host.pem), grpc::StatusCode::OK);
  EXPECT_EQ(AskAs(handshake, std::string(stranger.key.ToPem().Reveal()), stranger.pem), grpc::StatusCode::UNAUTHENTICATED);
  ::plugin::Empty empty;
  EXPECT_EQ(plugin::GRPCController::NewStub(channel)->Shutdown(&contexts[0], {}, &empty).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(plugin::GRPCStdio::NewStub(channel)->StreamStdio(&contexts[1], {})->Finish().error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(plugin::GRPCBroker::NewStub(channel)->StartStream(&contexts[2])->Finish().error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  grpc::health::v1::HealthCheckResponse health;
  EXPECT_EQ(grpc::health::v1::Health::NewStub(channel)->Check(&contexts[3], {}, &health).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(AutoMtls, RefusesToServeInClearWhenTheCertificateIsBroken) {
  PluginProcess process(Host({{"PLUGIN_CLIENT_CERT", "not a certificate"}}));

  EXPECT_EQ(process.WaitForExit(), 1);
  EXPECT_EQ(process.FirstLine(), "");
  EXPECT_NE(process.StandardError().find("[ERROR]"), std::string::npos);
}

TEST(AutoMtls, IsOffWhenTheHostSendsNoCertificate) {
  PluginProcess process(Host());
  const auto handshake = SplitHandshake(process.FirstLine());
  ASSERT_EQ(handshake.size(), 6U);
  EXPECT_EQ(handshake[5], "");

  auto stub = tfplugin6::Provider::NewStub(Connect(handshake[3], grpc::InsecureChannelCredentials()));
  EXPECT_EQ(Ask<pb::ProviderMetadata::Response>(*stub, &tfplugin6::Provider::Stub::GetMetadata, pb::ProviderMetadata::Request())
                .resources_size(),
            1);
}

PluginSpec TcpHost(std::uint16_t first_port, std::uint16_t last_port) {
  return Host({{"TRIAL_NETWORK", "tcp"},
               {"PLUGIN_MIN_PORT", std::to_string(first_port)},
               {"PLUGIN_MAX_PORT", std::to_string(last_port)}});
}

TEST(Tcp, ServesTheHostsCertificateOnly) {
  const auto host = MakeHostCertificate();
  const auto stranger = MakeHostCertificate();
  PluginSpec spec = TcpHost(10'000, 25'000);
  spec.environment["PLUGIN_CLIENT_CERT"] = host.certificate_pem;
  PluginProcess process(spec);
  const auto handshake = SplitHandshake(process.FirstLine());
  ASSERT_EQ(handshake.size(), 6U);

  EXPECT_EQ(handshake[2], "tcp");
  EXPECT_TRUE(handshake[3].starts_with("127.0.0.1:")) << handshake[3];
  EXPECT_EQ(AskAs(handshake, std::string(host.key_pem.Reveal()), host.certificate_pem), grpc::StatusCode::OK);
  EXPECT_EQ(AskAs(handshake, std::string(stranger.key_pem.Reveal()), stranger.certificate_pem), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(AskAs(handshake, "", ""), grpc::StatusCode::UNAVAILABLE);
}

TEST(Tcp, EndsInGoodOrder) {
  PluginClient client(TRIAL_PROVIDER, {{"TRIAL_NETWORK", "tcp"}});
  client.OpenBroker();
  ConfigurePlugin(client.provider());

  EXPECT_EQ(client.Shutdown(), 0);
}

TEST(Tcp, TakesTheFirstPortOfTheRangeThatNobodyElseHas) {
  const std::uint16_t port = FreePort();
  PluginProcess first(TcpHost(port, 65'535));
  const std::string first_address = SplitHandshake(first.FirstLine()).at(3);
  PluginProcess second(TcpHost(port, 65'535));
  const std::string second_address = SplitHandshake(second.FirstLine()).at(3);

  EXPECT_TRUE(first_address.starts_with("127.0.0.1:")) << first_address;
  EXPECT_TRUE(second_address.starts_with("127.0.0.1:")) << second_address;
  EXPECT_NE(first_address, second_address);
}

TEST(Tcp, SaysThatNoPortIsFree) {
  PluginProcess first(TcpHost(10'000, 25'000));
  const std::string address = SplitHandshake(first.FirstLine()).at(3);
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));

  PluginProcess second(TcpHost(port, port));

  EXPECT_EQ(second.WaitForExit(), 1);
  const std::string error = second.StandardError();
  EXPECT_NE(error.find(base::Cat("No port from ", port, " to ", port, " is free")), std::string::npos) << error;
}

TEST(Tcp, IsToldToHostsThatReattach) {
  PluginProcess process({.program = TRIAL_PROVIDER, .arguments = {"-debug"}, .environment = {{"TRIAL_NETWORK", "tcp"}}});

  const std::string line = process.FirstLine();

  EXPECT_NE(line.find("\"Network\":\"tcp\",\"String\":\"127.0.0.1:"), std::string::npos) << line;
}

// What the plugin's stdio service forwards.
class Printed {
 public:
  explicit Printed(PluginClient& client) {
    context_.set_wait_for_ready(true);
    stream_ = client.stdio().StreamStdio(&context_, {});
  }
  ~Printed() { context_.TryCancel(); }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;

  // Blocks until the text was printed to that channel.
  void WaitFor(const std::string& text, plugin::StdioData::Channel channel = plugin::StdioData::STDOUT) {
    plugin::StdioData data;
    while (text_[channel].find(text) == std::string::npos) {
      ASSERT_TRUE(stream_->Read(&data)) << "the stream ended before: " << text;
      text_[data.channel()] += data.data();
    }
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<plugin::StdioData>> stream_;
  std::map<int, std::string> text_;
};

TEST(Stdio, ForwardsWhatLibrariesPrint) {
  PluginClient client(TRIAL_PROVIDER);
  Printed printed(client);
  ConfigurePlugin(client.provider());

  Apply(client.provider(), Named("noisy"));

  printed.WaitFor("printed to standard output");
  printed.WaitFor("printed to standard error", plugin::StdioData::STDERR);
  EXPECT_EQ(client.Shutdown(), 0);
  EXPECT_EQ(client.process().FirstLine(), "");
  EXPECT_EQ(client.process().StandardError(), "");
}

TEST(Stdio, LeavesTheLastWordsOfACrashOnStandardError) {
  PluginClient client(TRIAL_PROVIDER);
  ConfigurePlugin(client.provider());

  grpc::ClientContext context;
  pb::ApplyResourceChange::Response reply;
  EXPECT_FALSE(client.provider().ApplyResourceChange(&context, ApplyRequest(NoThing(), Named("aborts")), &reply).ok());

  EXPECT_EQ(client.process().WaitForExit(), -SIGABRT);
  EXPECT_NE(client.process().StandardError().find("last words"), std::string::npos);
}

TEST(Messages, OfMoreThanFourMebibytesPassBothWays) {
  PluginClient client(TRIAL_PROVIDER);
  ConfigurePlugin(client.provider());
  const std::string name(6 << 20, 'x');

  const auto reply = Apply(client.provider(), Named(name));

  EXPECT_EQ(FromWire(reply.new_state()).Get("name").AsString(), name);
}

// The status of the call, and what it says of the service's.
std::pair<grpc::StatusCode, int> CheckHealth(PluginClient& client, const std::string& service) {
  namespace health = grpc::health::v1;
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  health::HealthCheckRequest request;
  request.set_service(service);
  health::HealthCheckResponse reply;
  const auto stub = health::Health::NewStub(client.channel());
  const grpc::StatusCode code = stub->Check(&context, request, &reply).error_code();
  return {code, reply.status()};
}

TEST(Health, IsServing) {
  PluginClient client(TRIAL_PROVIDER);

  // grpc.health.v1: 1 is SERVING. go-plugin asks for "plugin".
  EXPECT_EQ(CheckHealth(client, "plugin"), std::pair(grpc::StatusCode::OK, 1));
  EXPECT_EQ(CheckHealth(client, ""), std::pair(grpc::StatusCode::OK, 1));
  EXPECT_EQ(CheckHealth(client, "other"), std::pair(grpc::StatusCode::NOT_FOUND, 0));
}

// The files of a process whose memory is hidden belong to root.
TEST(Plugin, HidesItsMemoryFromTheSameUser) {
  PluginClient client(TRIAL_PROVIDER);
  ConfigurePlugin(client.provider());
  struct stat about {};

  ASSERT_EQ(stat(("/proc/" + std::to_string(client.process().pid()) + "/environ").c_str(), &about), 0);

  EXPECT_EQ(about.st_uid, 0U);
  EXPECT_EQ(client.Shutdown(), 0);
}

TEST(Signals, OfATerminalOrRunnerDoNotEndAPlugin) {
  PluginClient client(TRIAL_PROVIDER);

  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) client.process().Signal(signal);

  ConfigurePlugin(client.provider());
  EXPECT_EQ(client.Shutdown(), 0);
}

TEST(StopProvider, EndsACallOfARealProcess) {
  PluginClient client(TRIAL_PROVIDER);
  ConfigurePlugin(client.provider());
  Printed printed(client);
  auto applied = std::async(std::launch::async, [&] { return Apply(client.provider(), Named("blocks")); });
  printed.WaitFor("blocking");

  Ask<pb::StopProvider::Response>(client.provider(), &tfplugin6::Provider::Stub::StopProvider, pb::StopProvider::Request());

  const auto reply = applied.get();
  EXPECT_EQ(reply.diagnostics_size(), 1);
  EXPECT_EQ(FromWire(reply.new_state()).Get("id").AsString(), "1");
  EXPECT_EQ(client.Shutdown(), 0);
}

TEST(Orphan, EndsWhenItsHostVanishes) {
  PluginClient client(TRIAL_PROVIDER);
  client.OpenBroker();

  client.Vanish();

  EXPECT_EQ(client.process().WaitForExit(), 0);
  EXPECT_FALSE(std::filesystem::exists(client.handshake()[3]));
}

TEST(Orphan, EndsTheCallsUnderWay) {
  PluginClient client(TRIAL_PROVIDER, {{"TF_LOG", "debug"}});
  client.OpenBroker();
  ConfigurePlugin(client.provider());
  auto applied = std::async(std::launch::async, [stub = tfplugin6::Provider::NewStub(client.channel())] {
    grpc::ClientContext context;
    pb::ApplyResourceChange::Response reply;
    return stub->ApplyResourceChange(&context, ApplyRequest(NoThing(), Named("blocks")), &reply).error_code();
  });
  Printed(client).WaitFor("blocking");

  client.Vanish();

  EXPECT_EQ(client.process().WaitForExit(), 0);
  const std::string log = client.process().StandardError();
  const auto answered = log.find("call answered", log.find("ending"));
  ASSERT_NE(answered, std::string::npos) << log;
  EXPECT_NE(log.find("ApplyResourceChange", answered), std::string::npos) << log;
}

TEST(Log, IsHclogOnStandardError) {
  PluginClient client(TRIAL_PROVIDER, {{"TF_LOG_PROVIDER", "debug"}});
  ConfigurePlugin(client.provider());
  EXPECT_EQ(client.Shutdown(), 0);

  const std::string text = client.process().StandardError();
  const std::size_t end = text.find('\n');
  const auto first = nlohmann::json::parse(text.substr(0, end));
  EXPECT_EQ(first.at("@level"), "info");
  EXPECT_EQ(first.at("version"), "0.0.0");
  const auto second = nlohmann::json::parse(text.substr(end + 1, text.find('\n', end + 1) - end - 1));
  EXPECT_EQ(second.at("@level"), "debug");
  EXPECT_EQ(second.at("rpc"), "ConfigureProvider");
}

TEST(Reattach, ServesManyHostsAndEndsBySignal) {
  PluginProcess process({.program = TRIAL_PROVIDER, .arguments = {"-debug"}});
  const std::string line = process.FirstLine();
  constexpr std::string_view kName = "TF_REATTACH_PROVIDERS='";
  ASSERT_TRUE(line.starts_with(kName) && line.ends_with("'")) << line;
  const auto all = nlohmann::json::parse(line.substr(kName.size(), line.size() - kName.size() - 1));
  const auto& reattach = all.at("registry.terraform.io/certwright/certwright");
  EXPECT_EQ(reattach.at("Pid"), process.pid());
  EXPECT_EQ(reattach.at("Test"), true);
  EXPECT_EQ(reattach.at("ProtocolVersion"), 6);
  const std::string socket = reattach.at("Addr").at("String");

  for (int host = 0; host < 2; ++host) {
    auto stub = tfplugin6::Provider::NewStub(Connect(socket, grpc::InsecureChannelCredentials()));
    ConfigurePlugin(*stub);
    EXPECT_EQ(Apply(*stub, Named("x")).diagnostics_size(), 0);
    Ask<pb::StopProvider::Response>(*stub, &tfplugin6::Provider::Stub::StopProvider, pb::StopProvider::Request());
    EXPECT_EQ(Apply(*stub, Named("blocks")).diagnostics_size(), 1);  // only the next configuration forgets the stop
  }
  process.Signal(SIGTERM);
  EXPECT_EQ(process.WaitForExit(), 0);
  EXPECT_FALSE(std::filesystem::exists(socket));
}

}  // namespace
}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
#include "tests/provider/plugin_client.h"

#include <limits>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"

namespace tests {
namespace {

std::string PemOf(const std::string& base64_der) {
  return base::Cat("-----BEGIN CERTIFICATE-----\n", base64_der, std::string((4 - base64_der.size() % 4) % 4, '='),
                   "\n-----END CERTIFICATE-----\n");
}

}  // namespace

std::map<std::string, std::string> HostEnvironment() {
  return {{"TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"},
          {"PLUGIN_PROTOCOL_VERSIONS", "6,5"},
          {"PLUGIN_MIN_PORT", "10000"},
          {"PLUGIN_MAX_PORT", "25000"}};
}

base::crypto::SelfSigned MakeHostCertificate() {
  return *base::crypto::MakeSelfSigned("localhost", base::RealClock().Now(), base::SystemRandom());
}

std::vector<std::string> SplitHandshake(const std::string& line) { return base::Split(line, '|'); }

std::shared_ptr<grpc::ChannelCredentials> HostCredentials(const std::string& server_certificate, const std::string& key_pem,
                                                          const std::string& certificate_pem) {
  return grpc::SslCredentials({PemOf(server_certificate), key_pem, certificate_pem});
}

std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetMaxReceiveMessageSize(std::numeric_limits<int>::max());
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own, that ends with the channel
  return grpc::CreateCustomChannel((address.starts_with('/') ? "unix:" : "ipv4:") + address, credentials, arguments);
}

PluginClient::PluginClient(const std::string& program, const std::map<std::string, std::string>& environment) {
  const base::crypto::SelfSigned host = MakeHostCertificate();
  PluginSpec spec{.program = program, .environment = environment};
  spec.environment.merge(HostEnvironment());
  spec.environment["PLUGIN_CLIENT_CERT"] = host.certificate_pem;
  process_ = std::make_unique<PluginProcess>(spec);
  handshake_ = SplitHandshake(process_->FirstLine());
  handshake_.resize(6);
  channel_ = Connect(handshake_[3], HostCredentials(handshake_[5], std::string(host.key_pem.Reveal()), host.certificate_pem));
  provider_ = tfplugin6::Provider::NewStub(channel_);
  stdio_ = plugin::GRPCStdio::NewStub(channel_);
}

void PluginClient::OpenBroker() {
  broker_ = std::make_unique<Broker>();
  broker_->context.set_wait_for_ready(true);
  broker_->stream = plugin::GRPCBroker::NewStub(channel_)->StartStream(&broker_->context);
  broker_->stream->Write(plugin::ConnInfo());
  // Answers on the same connection only after the stream has reached the server.
  grpc::ClientContext context;
  tfplugin6::ProviderMetadata::Response reply;
  provider_->GetMetadata(&context, {}, &reply);
}

std::optional<int> PluginClient::Shutdown() {
  if (broker_) broker_->context.TryCancel();
  grpc::ClientContext context;
  ::plugin::Empty reply;
  plugin::GRPCController::NewStub(channel_)->Shutdown(&context, {}, &reply);
  Vanish();
  return process_->WaitForExit();
}

void PluginClient::Vanish() {
  if (broker_) {
    broker_->context.TryCancel();
    broker_->stream->Finish();
  }
  broker_.reset();
  provider_.reset();
  stdio_.reset();
  channel_.reset();
}

}  // namespace tests

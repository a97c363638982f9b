// SPDX-License-Identifier: MPL-2.0
// The host's side of a plugin: starts it as Terraform does, reads the handshake, and talks to it over mTLS.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "base/crypto/self_signed.h"
#include "provider/proto/go_plugin.grpc.pb.h"
#include "provider/proto/tfplugin6.grpc.pb.h"
#include "tests/provider/plugin_process.h"

namespace tests {

// What Terraform 1.11.4 sets, beside PLUGIN_CLIENT_CERT.
std::map<std::string, std::string> HostEnvironment();
base::crypto::SelfSigned MakeHostCertificate();

// The fields of a handshake line.
std::vector<std::string> SplitHandshake(const std::string& line);

// The credentials of a host with this certificate towards a plugin that showed `server_certificate` (the handshake's sixth
// field).
std::shared_ptr<grpc::ChannelCredentials> HostCredentials(const std::string& server_certificate, const std::string& key_pem,
                                                          const std::string& certificate_pem);
// `address`: the path of a Unix socket, or an IPv4 address and a port.
std::shared_ptr<grpc::Channel> Connect(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

class PluginClient {
 public:
  // Starts the program and connects, with TLS. `environment` is added to the host's, and goes over it.
  explicit PluginClient(const std::string& program, const std::map<std::string, std::string>& environment = {});

  PluginProcess& process() { return *process_; }
  const std::vector<std::string>& handshake() const { return handshake_; }
  tfplugin6::Provider::Stub& provider() { return *provider_; }
  plugin::GRPCStdio::Stub& stdio() { return *stdio_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Opens the stream that a host holds open for as long as it lives.
  void OpenBroker();
  // Ends the session as an orderly host does, and gives the exit code.
  std::optional<int> Shutdown();
  // Ends the session as a host that was killed does: everything closes, nothing is said.
  void Vanish();

 private:
  struct Broker {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReaderWriter<plugin::ConnInfo, plugin::ConnInfo>> stream;
  };

  std::unique_ptr<PluginProcess> process_;
  std::vector<std::string> handshake_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<tfplugin6::Provider::Stub> provider_;
  std::unique_ptr<plugin::GRPCStdio::Stub> stdio_;
  std::unique_ptr<Broker> broker_;
};

}  // namespace tests

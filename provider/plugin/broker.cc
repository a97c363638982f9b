// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/broker.h"

namespace provider::plugin {
namespace {

// Deletes itself when the stream has ended, as gRPC's reactors do.
class BrokerStream final : public grpc::ServerBidiReactor<::plugin::ConnInfo, ::plugin::ConnInfo> {
 public:
  explicit BrokerStream(Lifetime& lifetime) : lifetime_(lifetime) {
    lifetime_.StreamOpened();
    StartRead(&ignored_);
  }

  // Not `ok` once the host has closed the stream, or is gone.
  void OnReadDone(bool ok) override {
    if (ok) {
      StartRead(&ignored_);
    } else {
      Finish(grpc::Status::OK);
    }
  }
  void OnDone() override {
    lifetime_.StreamClosed();
    delete this;
  }

 private:
  Lifetime& lifetime_;
  ::plugin::ConnInfo ignored_;
};

}  // namespace

grpc::ServerBidiReactor<::plugin::ConnInfo, ::plugin::ConnInfo>* Broker::StartStream(grpc::CallbackServerContext*) {
  return new BrokerStream(lifetime_);
}

}  // namespace provider::plugin

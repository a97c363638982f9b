// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/broker.h"

namespace provider::plugin {

grpc::Status Broker::StartStream(grpc::ServerContext*, grpc::ServerReaderWriter<::plugin::ConnInfo, ::plugin::ConnInfo>* stream) {
  lifetime_.StreamOpened();
  ::plugin::ConnInfo ignored;
  while (stream->Read(&ignored)) {
  }
  lifetime_.StreamClosed();
  return grpc::Status::OK;
}

}  // namespace provider::plugin

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/controller.h"

namespace provider::plugin {

grpc::Status Controller::Shutdown(grpc::ServerContext*, const ::plugin::Empty*, ::plugin::Empty*) {
  lifetime_.Shutdown();
  return grpc::Status::OK;
}

}  // namespace provider::plugin

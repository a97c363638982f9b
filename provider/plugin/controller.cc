// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/controller.h"

namespace provider::plugin {

grpc::ServerUnaryReactor* Controller::Shutdown(grpc::CallbackServerContext* context, const ::plugin::Empty*, ::plugin::Empty*) {
  lifetime_.Shutdown();
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace provider::plugin

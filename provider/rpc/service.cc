// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/service.h"

namespace provider::rpc {

void Service::HostIsGone() {
  const auto context = shared_.session.Present().context;
  if (context && context->host_is_gone) context->host_is_gone();
}

bool Service::StopAndWait(std::chrono::milliseconds limit) {
  shared_.session.Stop();
  return shared_.session.WaitIdle(limit);
}

}  // namespace provider::rpc

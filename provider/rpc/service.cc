// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/service.h"

#include "base/deadline.h"
#include "base/end_hooks.h"

namespace provider::rpc {

void Service::HostIsGone() {
  const auto context = shared_.session.Present().context;
  if (context && context->host_is_gone) context->host_is_gone();
}

void Service::End(std::chrono::milliseconds limit) {
  const auto context = shared_.session.Present().context;
  if (!context) return;
  base::Clock& clock = base::RealClock();
  context->shared->Get<base::EndHooks>()->Run({.clock = &clock, .deadline = base::Deadline::In(clock, limit)});
}

bool Service::StopAndWait(std::chrono::milliseconds limit) {
  shared_.session.Stop();
  return shared_.session.WaitIdle(limit);
}

}  // namespace provider::rpc

// SPDX-License-Identifier: MPL-2.0
#include "base/os/signals.h"

#include <pthread.h>

#include <csignal>
#include <initializer_list>

namespace base::os {
namespace {

sigset_t Interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void IgnoreBrokenPipes() { std::signal(SIGPIPE, SIG_IGN); }

void IgnoreInterrupts() {
  for (const int ignored : {SIGINT, SIGTERM, SIGHUP}) std::signal(ignored, SIG_IGN);
}

void HoldInterrupts() {
  const sigset_t signals = Interrupts();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void WaitForInterrupt() {
  const sigset_t signals = Interrupts();
  int arrived = 0;
  sigwait(&signals, &arrived);
}

}  // namespace base::os

// SPDX-License-Identifier: MPL-2.0
#include "provider/plugin/outputs.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/text.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace provider::plugin {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t last_words_from = -1;
volatile std::sig_atomic_t last_words_to = -1;

extern "C" void SayLastWords(int) {
  std::array<char, 4096> piece;
  for (ssize_t got = 0; (got = read(last_words_from, piece.data(), piece.size())) > 0;) {
    if (write(last_words_to, piece.data(), static_cast<std::size_t>(got)) < 0) return;
  }
}

void SayLastWordsOnAbort(const Outputs& outputs) {
  last_words_from = outputs.captured_err;
  last_words_to = outputs.err;
  struct sigaction action {};
  action.sa_handler = SayLastWords;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGABRT, &action, nullptr);
#ifdef __SANITIZE_ADDRESS__
  // A sanitizer's report ends the process before anybody reads the pipe.
  __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<intptr_t>(outputs.err)));
#endif
}

base::Error Failure(std::string_view what) {
  return base::Error{base::ErrorKind::kInternal, base::Cat(what, ": ", std::strerror(errno))};
}

// The descriptor's own target under another number; a pipe in its place, whose end for reading goes to `captured`.
base::Result<int> Capture(int descriptor, int& captured) {
  const int real = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (real < 0) return Failure("cannot keep an output");
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return Failure("cannot make a pipe");
  if (dup2(ends[1], descriptor) < 0) return Failure("cannot capture an output");
  close(ends[1]);
  captured = ends[0];
  return real;
}

}  // namespace

base::Result<Outputs> CaptureOutputs() {
  Outputs outputs;
  auto out = Capture(STDOUT_FILENO, outputs.captured_out);
  if (!out) return std::move(out).error();
  auto err = Capture(STDERR_FILENO, outputs.captured_err);
  if (!err) return std::move(err).error();
  outputs.out = *out;
  outputs.err = *err;
  SayLastWordsOnAbort(outputs);
  return outputs;
}

}  // namespace provider::plugin

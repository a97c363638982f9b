// SPDX-License-Identifier: MPL-2.0
#include "base/os/standard_outputs.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/os/posix/pipe.h"
#include "base/os/posix/system_error.h"
#include "base/text.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace base::os {
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

void SayLastWordsOnAbort(const StandardOutputs& outputs) {
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

Error Failure(std::string_view what) { return Error{ErrorKind::kInternal, Cat(what, ": ", SystemErrorText(errno))}; }

// The descriptor's own target under another number; a pipe in its place, whose end for reading goes to `captured`.
Result<int> Capture(int descriptor, int& captured) {
  const int real = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (real < 0) return Failure("cannot keep an output");
  auto pipe = MakePipe();
  if (!pipe) return std::move(pipe).error();
  const bool is_set = SetNonBlocking(pipe->reader.number()) && SetNonBlocking(pipe->writer.number());
  if (!is_set || dup2(pipe->writer.number(), descriptor) < 0) return Failure("cannot capture an output");
  captured = pipe->reader.Release();
  return real;
}

}  // namespace

Result<StandardOutputs> CaptureStandardOutputs() {
  StandardOutputs outputs;
  auto out = Capture(STDOUT_FILENO, outputs.captured_out);
  if (!out) return std::move(out).error();
  auto err = Capture(STDERR_FILENO, outputs.captured_err);
  if (!err) return std::move(err).error();
  outputs.out = *out;
  outputs.err = *err;
  SayLastWordsOnAbort(outputs);
  return outputs;
}

}  // namespace base::os

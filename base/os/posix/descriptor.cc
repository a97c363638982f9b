// SPDX-License-Identifier: MPL-2.0
#include "base/os/descriptor.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace base::os {
namespace {

constexpr rlim_t kReserve = 32;

// The system gives the lowest free number, so a number this high means that fewer than kReserve are left.
bool IsReserved(int number) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  const rlim_t reserve = std::min(kReserve, limit.rlim_cur / 2);
  return static_cast<rlim_t>(number) >= limit.rlim_cur - reserve;
}

}  // namespace

Descriptor::Descriptor(int number) : number_(number) {
  if (number_ < 0 || !IsReserved(number_)) return;
  Close();
  errno = EMFILE;
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    number_ = other.Release();
  }
  return *this;
}

void Descriptor::Close() {
  if (is_open()) close(Release());
}

bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string ReadChunk(int descriptor) {
  std::string chunk(4096, '\0');
  ssize_t count = -1;
  do {
    count = read(descriptor, chunk.data(), chunk.size());
  } while (count < 0 && errno == EINTR);
  chunk.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return chunk;
}

}  // namespace base::os

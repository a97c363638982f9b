// SPDX-License-Identifier: MPL-2.0
// Descriptor: the one owner of a file descriptor. It leaves the last descriptors of the process to libraries: gRPC 1.51 closes
// its listening socket for good when accept4 fails with EMFILE, so our own calls have to fail first. POSIX.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace base::os {

class Descriptor {
 public:
  Descriptor() = default;  // not open
  // Takes what a system call returned. Negative: not open, and errno stays as it is. A number that the process cannot spare is
  // closed at once, and errno is then EMFILE.
  explicit Descriptor(int number);
  Descriptor(Descriptor&& other) noexcept : number_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  int Release() { return std::exchange(number_, -1); }
  void Close();

 private:
  int number_ = -1;
};

// All of it, with as few writes as the descriptor takes. False if it cannot be written.
bool WriteAll(int descriptor, std::string_view text);
// What is there to read, at most 4 KiB. Empty at the end, after an error, and if there is nothing now.
std::string ReadChunk(int descriptor);

}  // namespace base::os

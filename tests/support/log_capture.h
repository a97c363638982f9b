// SPDX-License-Identifier: MPL-2.0
// A sink that keeps what was logged, as text, for tests of what is and what is not said.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/log.h"

namespace tests {

class LogCapture final : public base::LogSink {
 public:
  void Write(base::Level, std::string_view message, std::span<const base::LogField> fields) override {
    std::lock_guard lock(mutex_);
    text_.append(message);
    for (const base::LogField& field : fields) text_.append(" ").append(field.key).append("=").append(field.value);
    text_.append("\n");
  }

  // One line a message: "record placed zone=example.test. took=3ms".
  std::string text() const {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

// How often `part` occurs in the text.
inline int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace tests

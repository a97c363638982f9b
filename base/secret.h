// SPDX-License-Identifier: MPL-2.0
// Secret: bytes that must not be logged, printed or compared in variable time. It has no stream operator and no
// conversion; Reveal() is the only way in, so that each use can be found with grep.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace base {

// Overwrites the bytes in a way that the compiler does not remove.
inline void Wipe(std::string& text) {
  volatile char* bytes = text.data();
  for (std::string::size_type i = 0; i < text.size(); ++i) bytes[i] = 0;
  text.clear();
}

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  // A moved-from short string keeps its bytes: it is wiped at once.
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { Wipe(other.text_); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      Wipe(text_);
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      Wipe(text_);
      text_ = std::move(other.text_);
      Wipe(other.text_);
    }
    return *this;
  }
  ~Secret() { Wipe(text_); }

  std::string_view Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  // Constant time for equal lengths.
  friend bool operator==(const Secret& a, const Secret& b) {
    if (a.text_.size() != b.text_.size()) return false;
    unsigned char different = 0;
    for (std::string::size_type i = 0; i < a.text_.size(); ++i) {
      different = static_cast<unsigned char>(different | (a.text_[i] ^ b.text_[i]));
    }
    return different == 0;
  }

 private:
  std::string text_;
};

}  // namespace base

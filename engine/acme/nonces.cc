// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/nonces.h"

#include <algorithm>

namespace engine::acme {
namespace {

constexpr std::size_t kMost = 64;
constexpr std::size_t kLongest = 1024;
constexpr auto kOldest = std::chrono::minutes(5);

bool IsBase64Url(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

void NoncePool::Put(std::string_view nonce, base::SteadyTime now) {
  if (nonce.empty() || nonce.size() > kLongest || !IsBase64Url(nonce)) return;
  std::lock_guard lock(mutex_);
  if (entries_.size() == kMost) entries_.erase(entries_.begin());
  entries_.push_back({std::string(nonce), now});
}

std::optional<std::string> NoncePool::Take(base::SteadyTime now) {
  std::lock_guard lock(mutex_);
  if (entries_.empty()) return std::nullopt;
  Entry newest = std::move(entries_.back());
  entries_.pop_back();
  if (now - newest.since > kOldest) {
    entries_.clear();  // all others are older still
    return std::nullopt;
  }
  return std::move(newest.nonce);
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/names.h"

#include <algorithm>
#include <cstddef>

namespace engine::vendors::kubernetes {
namespace {

constexpr std::size_t kMaxSubdomain = 253;
constexpr std::size_t kMaxLabel = 63;
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// True if `text` consists of `inner` and `others`, and begins and ends with one of `inner`.
bool ConsistsOf(std::string_view text, std::string_view inner, std::string_view others, std::size_t max_size) {
  if (text.empty() || text.size() > max_size) return false;
  if (inner.find(text.front()) == std::string_view::npos || inner.find(text.back()) == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [&](char one) {
    return inner.find(one) != std::string_view::npos || others.find(one) != std::string_view::npos;
  });
}

}  // namespace

bool IsSecretName(std::string_view text) { return ConsistsOf(text, kLower, "-.", kMaxSubdomain); }

bool IsNamespaceName(std::string_view text) { return ConsistsOf(text, kLower, "-", kMaxLabel); }

bool IsLabelKey(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return ConsistsOf(text, kAlphanumeric, "-_.", kMaxLabel);
  return ConsistsOf(text.substr(slash + 1), kAlphanumeric, "-_.", kMaxLabel) &&
         ConsistsOf(text.substr(0, slash), kLower, "-.", kMaxSubdomain);
}

bool IsLabelValue(std::string_view text) { return text.empty() || ConsistsOf(text, kAlphanumeric, "-_.", kMaxLabel); }

}  // namespace engine::vendors::kubernetes

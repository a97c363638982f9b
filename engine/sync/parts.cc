// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/parts.h"

#include <vector>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace engine::sync {
namespace {

constexpr std::size_t kDigits = 32;

// By its first word: "tags", "permissions of web.key".
bool IsPlural(std::string_view part) { return part.substr(0, part.find(' ')).ends_with('s'); }

}  // namespace

std::string PartDigest(std::string_view content) { return base::Hex(base::crypto::Sha256(content)).substr(0, kDigits); }

std::string DescribeDrift(const Parts& known, const Parts& seen) {
  std::vector<std::string> changes;
  for (const auto& [part, value] : known) {
    const auto found = seen.find(part);
    if (found == seen.end()) {
      changes.push_back(base::Cat("the ", part, IsPlural(part) ? " are missing" : " is missing"));
    } else if (found->second != value) {
      changes.push_back(base::Cat("the ", part, IsPlural(part) ? " differ" : " differs"));
    }
  }
  return base::Join(changes, "; ");
}

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
// What a destination wrote besides the leaf, part by part, and how drift in it is told. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace engine::sync {

// By what people call a part, without an article ("private key", "permissions of web.key", "tags"): what tells whether it
// changed. Never a secret. Empty: not known, as after a version that kept one fingerprint of everything.
using Parts = std::map<std::string, std::string>;

// What stands for the content of a part: 32 hexadecimal digits of its SHA-256. No private key can be found by trying what gives
// the digest: keys have at least 128 bits of strength.
std::string PartDigest(std::string_view content);

// What of `known` is different or missing in `seen`, as in "the private key differs; the tags are missing"; empty when nothing
// is, or nothing is known. What `seen` alone has does not count: a later version may look at more.
std::string DescribeDrift(const Parts& known, const Parts& seen);

}  // namespace engine::sync

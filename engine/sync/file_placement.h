// SPDX-License-Identifier: MPL-2.0
// Where files of certificates go and with which permissions: what the destinations that write files agree on. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"

namespace engine::sync {

// DestinationSpec::check_name: no empty part between slashes, none over 200 characters.
std::string CheckFileName(std::string_view name);
// Three or four octal digits, at most 0777; empty for anything else.
std::optional<std::uint32_t> ParseFileMode(std::string_view text);
// What is wrong with the mode in this field, a sentence; empty when it is fine. "private_key_mode" grants nothing to all.
std::string FileModeProblem(std::string_view field, std::string_view text);
// The name of the certificate whose file with the leaf an import named. `folder`: with its final slash. Errors: kInvalid: no file
// that this directory and layout make, or one whose name does not contain the certificate's.
base::Result<std::string> FindFileName(std::string_view folder, const FileLayout& layout, std::string_view path);

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_placement.h"

#include <charconv>

#include "base/text.h"

namespace engine::sync {
namespace {

using base::ErrorKind;

constexpr std::size_t kMaxNamePart = 200;  // a file name has 255 bytes; suffixes and the temporary name need some
constexpr std::uint32_t kWorld = 0007;

}  // namespace

std::optional<std::uint32_t> ParseFileMode(std::string_view text) {
  std::uint32_t mode = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || text.size() < 3 || text.size() > 4 || mode > 0777) return std::nullopt;
  return mode;
}

std::string FileModeProblem(std::string_view field, std::string_view text) {
  const auto mode = ParseFileMode(text);
  if (!mode)
    return base::Cat('"', base::Printable(text, 20), "\" is no file mode; write three or four octal digits, as in \"0640\".");
  const bool to_all = field == "private_key_mode" && (*mode & kWorld) != 0;
  if (to_all) return "This would let every user of the machine at the private key; the last digit must be 0, as in \"0640\".";
  return {};
}

std::string CheckFileName(std::string_view name) {
  for (const std::string& part : base::Split(name, '/')) {
    const auto quoted = [&] { return base::Cat("the name \"", base::Printable(name, 60), "\" "); };
    if (part.empty()) return quoted() + "begins or ends with \"/\" or has two in a row, which is no file name";
    if (part == "." || part == ".." || part.find('\0') != std::string::npos) return quoted() + "leads out of the directory";
    if (part.size() > kMaxNamePart) return quoted() + "has a part of over 200 characters, which is too long for a file name";
  }
  return {};
}

base::Result<std::string> FindFileName(std::string_view folder, const FileLayout& layout, std::string_view path) {
  const std::string_view pattern = layout.leaf_file().pattern;
  const auto placeholder = pattern.find(kNamePlaceholder);
  if (placeholder == std::string_view::npos) {
    return base::Error{ErrorKind::kInvalid, base::Cat("the name of the file, ", pattern,
                                                      ", does not contain the certificate's: import "
                                                      "with `{{name}}` in `file_names`")};
  }
  const std::string before = base::Cat(folder, pattern.substr(0, placeholder));
  const std::string_view after = pattern.substr(placeholder + kNamePlaceholder.size());
  const bool fits = path.size() > before.size() + after.size() && path.starts_with(before) && path.ends_with(after);
  if (!fits) {
    return base::Error{ErrorKind::kInvalid,
                       base::Cat("it is no file ", before, "…", after, ", as this directory and layout make it")};
  }
  return std::string(path.substr(before.size(), path.size() - before.size() - after.size()));
}

}  // namespace engine::sync

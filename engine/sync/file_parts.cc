// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_parts.h"

#include "base/text.h"

namespace engine::sync {
namespace {

constexpr const char* kLayoutNote = "layout";
constexpr std::string_view kNameNote = "file_names.";
constexpr const char* kNoKeyNote = "without_private_key";

std::string Octal(std::uint32_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) digits += static_cast<char>('0' + ((mode >> shift) & 7));
  return digits;
}

}  // namespace

void AddFile(const SeenFile& file, Parts& parts) {
  const std::string content = file.content ? PartDigest(file.content->Reveal()) : "unreadable";
  parts.emplace(base::Cat("file ", file.name), file.is_regular ? content : "not a regular file");
  if (file.is_regular) parts.emplace(base::Cat("permissions of ", file.name), Octal(file.mode));
}

Notes NotesOf(const FileLayout& layout) {
  Notes notes{{kLayoutNote, layout.choice.layout}};
  for (const auto& [field, pattern] : layout.choice.names) notes.emplace(base::Cat(kNameNote, field), pattern);
  if (!layout.choice.includes_key) notes.emplace(kNoKeyNote, "true");
  return notes;
}

std::optional<FileLayout> FindNotedLayout(const Deployed& deployed) {
  const auto note = deployed.notes.find(kLayoutNote);
  if (note == deployed.notes.end()) return std::nullopt;
  FileChoice choice{.layout = note->second, .includes_key = !deployed.notes.contains(kNoKeyNote)};
  for (const auto& [name, value] : deployed.notes) {
    if (name.starts_with(kNameNote)) choice.names.emplace(name.substr(kNameNote.size()), value);
  }
  return FindFileLayout(choice);
}

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_parts.h"

#include "base/text.h"

namespace engine::sync {
namespace {

constexpr const char* kLayoutNote = "layout";

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

Notes NotesOf(const FileLayout& layout) { return {{kLayoutNote, std::string(layout.name)}}; }

const FileLayout* FindNotedLayout(const Deployed& deployed) {
  const auto note = deployed.notes.find(kLayoutNote);
  return note == deployed.notes.end() ? nullptr : FindFileLayout(note->second);
}

}  // namespace engine::sync

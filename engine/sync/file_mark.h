// SPDX-License-Identifier: MPL-2.0
// The mark of ownership of destinations that write files: a file beside the certificate, ".<name>.certwright", which tells whose
// the others are. It contains no secret. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sync/bundle.h"
#include "engine/sync/destination.h"
#include "engine/sync/file_layout.h"
#include "engine/sync/ownership.h"

namespace engine::sync {

struct FileMark {
  std::string sync_id;
  std::string certificate_id;
  // Of the leaf that was written last and of the one before it, which a run that is killed leaves: newest first.
  std::vector<std::string> leaves_sha256;
  std::vector<std::string> files;  // that belong to it, as FilePlan::MarkEntryOf

  bool HasLeaf(std::string_view fingerprint_sha256) const;
  bool HasFile(std::string_view entry) const;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// Of the mark of the certificate of that name: "team/.web.certwright" of "team/web".
std::string FileMarkPath(std::string_view name);

std::string ToText(const FileMark& mark);
// Empty if the text is not a mark.
std::optional<FileMark> ParseFileMark(std::string_view text);

// As marks of other destinations are, for Ownership.
Tags TagsOf(const FileMark& mark);

// The mark to write before `files`. `former`: the one that is there; its files stay listed until they are removed.
FileMark NextFileMark(std::string_view sync_id, const Bundle& bundle, std::vector<std::string> files,
                      const std::optional<FileMark>& former);
// What marks list of the certificate's files.
std::vector<std::string> MarkEntriesOf(const FileLayout& layout, std::string_view name);

}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/file_mark.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace engine::sync {
namespace {

using base::Json;

constexpr std::size_t kMaxText = 8192;

bool Contains(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<std::string> Strings(const Json& object, std::string_view name) {
  std::vector<std::string> strings;
  const Json* found = base::FindMember(object, name);
  if (found == nullptr || !found->is_array()) return strings;
  for (const Json& one : *found) {
    if (one.is_string()) strings.push_back(one.get<std::string>());
  }
  return strings;
}

}  // namespace

bool FileMark::HasLeaf(std::string_view fingerprint_sha256) const { return Contains(leaves_sha256, fingerprint_sha256); }

bool FileMark::HasFile(std::string_view entry) const { return Contains(files, entry); }

std::string FileMarkPath(std::string_view name) {
  const std::size_t folder = name.rfind('/') + 1;
  return base::Cat(name.substr(0, folder), '.', name.substr(folder), ".certwright");
}

std::string ToText(const FileMark& mark) {
  return base::DumpJson({{"sync_id", mark.sync_id},
                         {"certificate_id", mark.certificate_id},
                         {"leaves_sha256", mark.leaves_sha256},
                         {"files", mark.files}}) +
         "\n";
}

std::optional<FileMark> ParseFileMark(std::string_view text) {
  if (text.size() > kMaxText) return std::nullopt;
  const auto json = base::ParseJsonObject(text);
  if (!json) return std::nullopt;
  FileMark mark{.sync_id = base::FindString(*json, "sync_id").value_or(""),
                .certificate_id = base::FindString(*json, "certificate_id").value_or(""),
                .leaves_sha256 = Strings(*json, "leaves_sha256"),
                .files = Strings(*json, "files")};
  return mark.sync_id.empty() ? std::nullopt : std::optional(std::move(mark));
}

Tags TagsOf(const FileMark& mark) {
  return {{std::string(kSyncTag), mark.sync_id}, {std::string(kCertificateTag), mark.certificate_id}};
}

FileMark NextFileMark(std::string_view sync_id, const Bundle& bundle, std::vector<std::string> files,
                      const std::optional<FileMark>& former) {
  FileMark mark{.sync_id = std::string(sync_id),
                .certificate_id = bundle.certificate_id,
                .leaves_sha256 = {bundle.chain.front().fingerprint_sha256},
                .files = std::move(files)};
  if (!former) return mark;
  for (const std::string& leaf : former->leaves_sha256) {
    if (mark.leaves_sha256.size() < 2 && !mark.HasLeaf(leaf)) mark.leaves_sha256.push_back(leaf);
  }
  for (const std::string& file : former->files) {
    if (!mark.HasFile(file)) mark.files.push_back(file);
  }
  return mark;
}

std::vector<std::string> MarkEntriesOf(const FileLayout& layout, std::string_view name) {
  std::vector<std::string> entries;
  for (const FilePlan& plan : layout.files) entries.push_back(plan.MarkEntryOf(name));
  return entries;
}

}  // namespace engine::sync

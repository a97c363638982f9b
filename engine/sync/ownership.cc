// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/ownership.h"

#include <algorithm>

#include "base/text.h"

namespace engine::sync {
namespace {

std::string_view Find(const Tags& tags, std::string_view key) {
  const auto found = tags.find(key);
  return found == tags.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

Tags MarksIn(const Tags& labels, const MarkNames& names) {
  Tags marks;
  if (const auto found = labels.find(names.sync_id); found != labels.end()) marks.emplace(kSyncTag, found->second);
  if (const auto found = labels.find(names.certificate_id); found != labels.end()) marks.emplace(kCertificateTag, found->second);
  return marks;
}

Tags WithMarks(Tags labels, const Tags& tags, const MarkNames& names) {
  labels.insert_or_assign(std::string(names.sync_id), std::string(Find(tags, kSyncTag)));
  labels.insert_or_assign(std::string(names.certificate_id), std::string(Find(tags, kCertificateTag)));
  return labels;
}

Ownership::Ownership(std::string_view sync_id, const Settings& settings)
    : sync_id_(sync_id), user_tags_(settings.Declares("tags") ? settings.Map("tags") : Tags()) {}

Tags Ownership::TagsFor(std::string_view certificate_id) const {
  Tags tags = user_tags_;
  tags.insert_or_assign(std::string(kSyncTag), sync_id_);
  tags.insert_or_assign(std::string(kCertificateTag), std::string(certificate_id));
  return tags;
}

bool Ownership::Owns(const Tags& tags, std::string_view certificate_id) const {
  return Find(tags, kSyncTag) == sync_id_ && Find(tags, kCertificateTag) == certificate_id;
}

bool Ownership::IsOthers(std::string_view external_id, const Tags& tags) const {
  const std::string_view maker = Find(tags, kSyncTag);
  if (maker.empty() || maker == sync_id_) return false;
  const std::lock_guard lock(mutex_);
  return !adopted_.contains(external_id);
}

base::Result<std::string> Ownership::Adopt(std::string_view external_id, const Tags& tags, Adoption adoption) {
  const std::string_view certificate_id = Find(tags, kCertificateTag);
  if (certificate_id.empty() && adoption == Adoption::kMarked) {
    return base::Error{base::ErrorKind::kConflict, base::Cat("it does not carry the tag ", kCertificateTag)};
  }
  const std::lock_guard lock(mutex_);
  adopted_.emplace(external_id);
  return std::string(certificate_id);
}

std::vector<connections::FieldProblem> CheckTags(const Settings& settings, std::span<const std::string_view> reserved) {
  for (const auto& [key, value] : settings.Map("tags")) {
    const auto is_reserved = [&, name = std::string_view(key)](std::string_view one) {
      return one.ends_with(':') ? name.starts_with(one) : name == one;
    };
    if (is_reserved("certwright:") || std::any_of(reserved.begin(), reserved.end(), is_reserved)) {
      return {{"tags", base::Cat("The tag \"", key, "\" is not yours to set: leave it out.")}};
    }
  }
  return {};
}

}  // namespace engine::sync

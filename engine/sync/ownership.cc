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

Mark MarkOf(Kinship kinship) {
  switch (kinship) {
    case Kinship::kStranger:
      return Mark::kForeign;
    case Kinship::kSameState:
      return Mark::kSameState;
    case Kinship::kRival:
      return Mark::kRival;
    case Kinship::kUnsaved:
      return Mark::kUnsaved;
    case Kinship::kCreating:
      return Mark::kCreating;
  }
  return Mark::kForeign;
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

Ownership::Ownership(const Setup& setup)
    : sync_id_(setup.sync_id),
      user_tags_(setup.settings.Declares("tags") ? setup.settings.Map("tags") : Tags()),
      find_kinship_(setup.find_kinship) {}

Tags Ownership::TagsFor(std::string_view certificate_id) const {
  Tags tags = user_tags_;
  tags.insert_or_assign(std::string(kSyncTag), sync_id_);
  tags.insert_or_assign(std::string(kCertificateTag), std::string(certificate_id));
  return tags;
}

bool Ownership::Owns(const Tags& tags, std::string_view certificate_id) const {
  return Find(tags, kSyncTag) == sync_id_ && Find(tags, kCertificateTag) == certificate_id;
}

Mark Ownership::ReadOwnMark(std::string_view external_id, const Tags& tags, std::string_view certificate_id) const {
  const std::string_view owner = Find(tags, kSyncTag);
  if (owner.empty()) return Mark::kNone;
  if (owner == sync_id_) return Owns(tags, certificate_id) ? Mark::kOurs : Mark::kOurOther;
  const std::lock_guard lock(mutex_);
  return adopted_.contains(external_id) ? Mark::kAdopted : Mark::kForeign;
}

Mark Ownership::ReadMark(std::string_view external_id, const Tags& tags, std::string_view certificate_id) const {
  const Mark mark = ReadOwnMark(external_id, tags, certificate_id);
  return mark == Mark::kForeign && find_kinship_ ? MarkOf(find_kinship_(Find(tags, kSyncTag))) : mark;
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

bool MayRemark(Mark mark, bool is_in_state) {
  switch (mark) {
    case Mark::kOurs:
    case Mark::kOurOther:
    case Mark::kAdopted:
    case Mark::kSameState:
    case Mark::kUnsaved:
      return true;
    case Mark::kRival:
      // A certificate that moves from one sync to another is new to the second. What both keep would be written over in turns.
      return !is_in_state;
    case Mark::kCreating:
    case Mark::kForeign:
    case Mark::kNone:
      break;
  }
  return false;
}

std::string OwnerText(Mark mark, std::string_view owner_id) {
  if (mark == Mark::kRival || mark == Mark::kCreating) {
    return base::Cat("Another sync of this state (id ", base::Printable(owner_id, 40),
                     ") deploys it too: remove the certificate from one of the two");
  }
  if (mark == Mark::kForeign) {
    return base::Cat(
        "It belongs to another sync (id ", base::Printable(owner_id, 40),
        "), which this state does not have: choose another name, or, if that sync no longer exists, import the object "
        "with `adopt = true`");
  }
  return "Choose another name, or, if it is yours, import it with `adopt = true`";
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

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/reconcile.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace engine::sync {
namespace {

base::Result<void> CheckNamesDiffer(std::span<const Wanted> wanted) {
  std::map<std::string_view, std::string_view> key_of;
  for (const Wanted& one : wanted) {
    const auto [first, inserted] = key_of.emplace(one.name, one.key);
    if (inserted) continue;
    return base::Error{base::ErrorKind::kInvalid, base::Cat("the certificates \"", first->second, "\" and \"", one.key,
                                                            "\" would both be called \"", one.name, "\" at the destination")};
  }
  return {};
}

// Why `wanted` has to be written over what is there; empty when nothing differs.
std::string Difference(const Wanted& wanted, const Deployed& known, const Deployed& observed) {
  if (known.fingerprint_sha256 != wanted.fingerprint_sha256) return "renewed";
  if (observed.fingerprint_sha256 != wanted.fingerprint_sha256) return "changed at the destination";
  if (known.certificate_id != wanted.certificate_id) return "another certificate";
  if (known.name != wanted.name) return "renamed";
  // A version without this field wrote the chain as it came.
  if (!known.chain_sha256.empty() && known.chain_sha256 != wanted.chain_sha256) return "another chain";
  if (std::string drift = DescribeDrift(known.parts, observed.parts); !drift.empty()) return drift;
  if (wanted.settings_changed) return "settings changed";
  if (known.unfinished) return "not finished";
  return {};
}

Decision DecideOne(const Wanted& wanted, const Existing& existing) {
  Decision decision{.key = wanted.key};
  if (existing.key != wanted.key) decision.former_key = existing.key;
  if (!existing.observed) {
    decision.action = Action::kCreate;
    decision.reason = "missing at the destination";
    return decision;
  }
  decision.reason = Difference(wanted, existing.known, *existing.observed);
  decision.action = decision.reason.empty() ? Action::kUnchanged : Action::kReplace;
  decision.previous = existing.known;
  if (decision.action == Action::kUnchanged && decision.previous->parts.empty())
    decision.previous->parts = existing.observed->parts;
  return decision;
}

// Which entry holds the object of each wanted certificate (null: none). First by certificate, so that keys may be renamed or
// trade places; what is left over by key, so that a certificate made anew takes over the object (its ARN, its path) of the former
// one.
std::vector<const Existing*> MatchEach(std::span<const Wanted> wanted, std::span<const Existing> existing) {
  std::map<std::string_view, const Existing*> by_certificate;
  for (const Existing& one : existing) {
    if (!one.known.superseded) by_certificate.emplace(one.known.certificate_id, &one);
  }
  std::vector<const Existing*> matches;
  for (const Wanted& one : wanted) {
    const auto found = by_certificate.extract(one.certificate_id);
    matches.push_back(found ? found.mapped() : nullptr);
  }
  std::map<std::string_view, const Existing*> by_key;
  for (const auto& [certificate_id, entry] : by_certificate) by_key.emplace(entry->key, entry);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = matches[i] ? by_key.end() : by_key.find(wanted[i].key);
    if (found != by_key.end()) matches[i] = found->second;
  }
  return matches;
}

}  // namespace

base::Result<std::vector<Decision>> Decide(std::span<const Wanted> wanted, std::span<const Existing> existing,
                                           LeftBehind left_behind) {
  if (auto differ = CheckNamesDiffer(wanted); !differ) return std::move(differ).error();
  const auto matches = MatchEach(wanted, existing);
  std::vector<Decision> decisions;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    decisions.push_back(matches[i] ? DecideOne(wanted[i], *matches[i])
                                   : Decision{.key = wanted[i].key, .action = Action::kCreate, .reason = "new"});
  }
  for (const Existing& one : existing) {
    if (std::find(matches.begin(), matches.end(), &one) != matches.end()) continue;
    const bool remove = left_behind == LeftBehind::kRemove || one.known.superseded;
    decisions.push_back({.key = one.key,
                         .action = remove ? Action::kRemove : Action::kLetGo,
                         .previous = one.known,
                         .reason = "no longer in the sync"});
  }
  return decisions;
}

}  // namespace engine::sync

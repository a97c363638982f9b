// SPDX-License-Identifier: MPL-2.0
// The entry of a certificate map in which a sync shows its certificates for one host name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/key_locks.h"
#include "base/result.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/google/connection.h"
#include "engine/vendors/google/resources.h"

namespace engine::vendors::google {

using Labels = sync::Tags;

constexpr std::string_view kSyncLabel = "certwright-sync-id";
constexpr std::string_view kCertificateLabel = "certwright-certificate-id";
constexpr sync::MarkNames kMarkNames{.sync_id = kSyncLabel, .certificate_id = kCertificateLabel};
// Of Deployed::parts: the name of the entry that shows a certificate; in former records a note.
constexpr const char* kEntryPart = "entry of the certificate map";
std::string EntryOf(const sync::Deployed& known);  // empty: none

// Safe from many threads.
class MapEntry {
 public:
  // `place`: "projects/p/locations/global". `map` empty: there is no entry, and all of this does nothing. `hostname` empty: the
  // map's primary entry.
  MapEntry(std::shared_ptr<const GoogleResources> api, const std::string& place, const std::string& map, std::string hostname,
           const sync::Setup& setup);

  // The entry's full name; empty without a map.
  const std::string& name() const { return name_; }
  // The full names of the certificates in it; none when there is no entry, or it is not this sync's.
  base::Result<std::vector<std::string>> Shown(const base::Call& call) const;
  // Makes the entry where it is missing, and takes it over from a sync of the same state that gives it up. Errors: kConflict when
  // it is another sync's.
  base::Result<void> Show(const base::Call& call, const std::string& certificate);
  // Takes the certificate out of the entry of that name, which goes away with its last one. An entry that is gone, or not this
  // sync's, or does not hold it, is success.
  base::Result<void> Withdraw(const base::Call& call, const std::string& entry, const std::string& certificate);

 private:
  std::shared_ptr<const GoogleResources> api_;  // shared with the destination
  std::string collection_;
  std::string name_;
  std::string hostname_;
  std::unique_ptr<sync::Ownership> ownership_;
  std::unique_ptr<base::KeyLocks> changing_;  // an entry is read and written back by one thread at a time
};

}  // namespace engine::vendors::google

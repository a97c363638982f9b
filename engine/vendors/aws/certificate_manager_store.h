// SPDX-License-Identifier: MPL-2.0
// The certificates that a sync imported into AWS Certificate Manager, for the destinations that keep them there.
//
// An ARN is never used twice, so the state's word that this sync made it is enough to import into it again, unless its tags name
// another sync; before anything is removed, the tags and the certificate that are there must say the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/listing_cache.h"
#include "base/random.h"
#include "engine/sync/destination.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/aws/certificate_manager_api.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/tagging_api.h"

namespace engine::vendors::aws {

// Deployed::external_id is the ARN, Deployed::version the time of the last import. Safe from many threads.
class CertificateStore final : public sync::Destination {
 public:
  // Settings: "region", "tags"; the connection is of kind "aws".
  static base::Result<std::unique_ptr<CertificateStore>> Make(const sync::Setup& setup);

  // A list for each thousand certificates of the region and one for each hundred of the sync serve a whole run; a certificate is
  // read only when it was imported again since, its tags only where the second list lacks them.
  base::Result<std::optional<sync::Deployed>> Observe(const base::Call& call, const sync::Deployed& known) override;
  // Imports only what is not there already: ACM counts imports by the year.
  base::Result<void> Put(const base::Call& call, std::string_view name, const sync::Bundle& bundle,
                         const std::optional<sync::Deployed>& previous, std::optional<sync::Deployed>& now) override;
  base::Result<sync::Deployed> Adopt(const base::Call& call, std::string_view external_id, sync::Adoption adoption) override;
  base::Result<void> Remove(const base::Call& call, const sync::Deployed& deployed) override;

  // For those that do more with what is here.
  const AcmApi& api() const { return api_; }
  // Its tags now, or as the list of a run has them; empty when there is no such certificate.
  base::Result<AwsTags> TagsOf(const base::Call& call, const std::string& arn) const;
  base::Result<AwsTags> ListedTagsOf(const base::Call& call, const std::string& arn);
  // Whether this sync imported it, as far as the list of a run tells.
  base::Result<bool> IsOwn(const base::Call& call, std::string_view arn);
  // The tags of what the state says is ours; empty when it is gone, or not ours any more (which is logged).
  base::Result<std::optional<AwsTags>> FindOurs(const base::Call& call, const sync::Deployed& deployed) const;

  // Puts the field to blame into an error of AWS.
  base::Error Blame(base::Error error) const { return BlameAwsField(std::move(error), connection_); }

  // True if another sync of the same state made the certificate, and gives it up.
  bool IsGivenUp(std::string_view arn, const AwsTags& tags) const {
    const sync::Mark mark = ownership_.ReadMark(arn, tags, "");
    return mark == sync::Mark::kSameState || mark == sync::Mark::kUnsaved;
  }

 private:
  struct Place {  // an ARN to put a certificate into
    std::string arn;
    AwsTags tags;
    bool is_whole = false;  // the certificate is in it already
  };

  CertificateStore(AcmApi api, AwsTaggingApi tagging, const sync::Setup& setup)
      : api_(std::move(api)),
        tagging_(std::move(tagging)),
        connection_(*setup.connection),
        random_(*setup.deps.random),
        ownership_(setup) {}

  base::Result<void> Write(const base::Call& call, std::string_view name, const sync::Bundle& bundle,
                           const std::optional<sync::Deployed>& previous, std::optional<sync::Deployed>& now);
  base::Result<std::optional<Place>> FindPlace(const base::Call& call, const sync::Bundle& bundle,
                                               const std::optional<sync::Deployed>& previous);
  base::Result<std::string> PutContent(const base::Call& call, const sync::Bundle& bundle, const std::optional<Place>& place,
                                       const AwsTags& tags);
  base::Result<std::string> PutIntoSame(const base::Call& call, const sync::Bundle& bundle, const std::optional<Place>& place,
                                        sync::Deployed& now) const;
  base::Result<std::string> Import(const base::Call& call, const sync::Bundle& bundle, AwsTags tags) const;
  base::Result<std::string> ImportAgain(const base::Call& call, const sync::Bundle& bundle, const std::string& arn,
                                        const AwsTags& tags);
  base::Result<std::optional<Place>> FindLeft(const base::Call& call, const sync::Bundle& bundle, std::string_view known);
  base::Result<std::optional<std::string>> FindImport(const base::Call& call, std::string_view import_id) const;
  AwsTags TagsFor(std::string_view name, std::string_view certificate_id) const;
  base::Result<std::optional<sync::Deployed>> Look(const base::Call& call, const sync::Deployed& known) const;
  base::Result<bool> HasItsTags(const base::Call& call, const sync::Deployed& known);
  base::Result<void> Delete(const base::Call& call, const std::string& arn) const;

  base::Result<std::optional<std::string>> FindInList(const base::Call& call, const std::string& arn);
  using Fits = std::function<bool(const std::string& arn, const AwsTags& tags)>;
  // The first of this sync's certificates that fits, with its tags.
  base::Result<std::optional<Place>> FindOwned(const base::Call& call, const Fits& fits);
  void Remember(const std::string& arn, const std::string& imported_at, const AwsTags& tags);

  AcmApi api_;
  AwsTaggingApi tagging_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  sync::Ownership ownership_;
  base::ListingCache<std::string> list_;  // by ARN: when it was imported
  base::ListingCache<AwsTags> owned_;     // by ARN
};

// Problems with the settings "tags".
std::vector<connections::FieldProblem> CheckAwsTags(const sync::Settings& settings);

}  // namespace engine::vendors::aws

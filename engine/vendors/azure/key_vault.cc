// SPDX-License-Identifier: MPL-2.0
// Azure Key Vault: each certificate under a name of its own, renewals as new versions of it. Tags say whose it is.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/listing_cache.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/sync/destination.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/azure/connection.h"
#include "engine/vendors/azure/key_vault_api.h"
#include "engine/vendors/azure/key_vault_content.h"
#include "engine/vendors/azure/vendor.h"

namespace engine::vendors::azure {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::CheckTags;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FindText;
using sync::kCertificateTag;
using sync::Ownership;
using sync::Settings;
using sync::Setup;
using sync::Tags;

constexpr std::string_view kTagsLost = "tags lost";  // for Deployed::key_fingerprint
constexpr std::string_view kDisabled = "disabled";
constexpr std::chrono::seconds kPause{2};
constexpr std::chrono::seconds kLookLimit{30};
constexpr std::size_t kSuffix = 8;  // of a name without versioning

constexpr std::array kFields{
    base::ConfigField{.name = "vault_url",
                      .required = true,
                      .doc = "The vault's URL, such as `https://my-vault.vault.azure.net`.",
                      .identity = true},
    base::ConfigField{
        .name = "enable_versioning",
        .kind = base::FieldKind::kBool,
        .default_value = "true",
        .doc = "Whether a renewal is a new version under the same name. If not, it gets a name of its own, which ends in the "
               "first eight digits of its fingerprint, and the former one is removed."},
    base::ConfigField{
        .name = "format",
        .default_value = "pkcs12",
        .one_of = "pkcs12|pem",
        .doc = "What the vault hands out as the certificate's secret: `pkcs12`, which Application Gateway and App Service "
               "want, or `pem`."},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Tags of the certificates, besides Certwright's own two; a vault takes 15."},
};

struct Options {
  bool has_versioning = true;
  std::string format = "pkcs12";
};

class KeyVault final : public Destination {
 public:
  KeyVault(KeyVaultApi api, connections::Connection connection, base::Random& random, Options options, std::string_view sync_id,
           const Settings& settings)
      : api_(std::move(api)),
        connection_(std::move(connection)),
        random_(random),
        options_(std::move(options)),
        ownership_(sync_id, settings) {}

  // One list serves a whole run; a certificate is read only where it differs there.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const std::string name = NameIn(known.external_id);
    const auto listed = FindInList(call, name);
    if (!listed) return Blame(listed.error());
    if (*listed && IsAsItWas(**listed, known)) return std::optional(Unchanged(known));
    const auto there = api_.Get(call, name);
    if (!there && there.error().kind == ErrorKind::kNotFound) return std::optional<Deployed>();
    if (!there) return Blame(there.error());
    return std::optional(IsAsItWas(*there, known) ? Unchanged(known) : Changed(*there, known));
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto written = Write(call, NameFor(name, bundle, previous), bundle, previous);
    list_.Forget();
    if (!written) return Blame(written.error());
    call.log.Info("certificate imported", {{base::key::kName, written->id}});
    now = Deployed{.name = std::string(name),
                   .external_id = written->id,
                   .version = written->version,
                   .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .key_fingerprint = MarkOf(ThumbprintOf(bundle))};
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const auto there = api_.Get(call, NameIn(external_id));
    if (!there) return Blame(there.error());
    const auto certificate_id = ownership_.Adopt(there->id, there->tags, adoption);
    if (!certificate_id) return certificate_id.error();
    return Changed(*there, {.external_id = there->id, .certificate_id = *certificate_id});
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    const std::string name = NameIn(deployed.external_id);
    const auto there = api_.Get(call, name);
    if (!there && there.error().kind == ErrorKind::kNotFound) return {};
    if (!there) return Blame(there.error());
    const bool is_same = FingerprintOf(*there) == deployed.fingerprint_sha256;
    if (!is_same || !ownership_.Owns(there->tags, deployed.certificate_id)) {
      call.log.Warn("left alone: not what this sync imported", {{base::key::kName, deployed.external_id}});
      return {};
    }
    list_.Forget();
    const auto deleted = api_.Delete(call, name);
    if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
    return Blame(deleted.error());
  }

 private:
  Error Blame(Error error) const { return BlameAzureField(std::move(error), connection_); }

  static std::string NameIn(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

  static std::string FingerprintOf(const KeyVaultCertificate& one) { return base::Hex(base::crypto::Sha256(one.cer)); }

  std::string NameFor(std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous) const {
    // One that was taken over has no name yet, and keeps its own.
    const bool stays = previous && (previous->name.empty() || previous->name == name);
    if (options_.has_versioning) return stays ? NameIn(previous->external_id) : std::string(name);
    return Cat(name, "-", std::string_view(bundle.chain.front().fingerprint_sha256).substr(0, kSuffix));
  }

  // Differs when the same certificate has to be imported otherwise.
  std::string MarkOf(std::string_view thumbprint) const {
    return Cat("x5t:", thumbprint, " as:", options_.format, options_.has_versioning ? "" : ",named");
  }

  // With the mark of the present options in the place of those that it was written with.
  Deployed Unchanged(Deployed known) const {
    known.key_fingerprint = MarkOf(ThumbprintIn(known));
    return known;
  }

  static std::string ThumbprintIn(const Deployed& known) {
    const std::string mark = known.key_fingerprint.substr(0, known.key_fingerprint.find(' '));
    return mark.starts_with("x5t:") ? mark.substr(4) : std::string();
  }

  bool HasItsTags(const KeyVaultCertificate& there, const Deployed& known) const {
    const Tags wanted = ownership_.TagsFor(known.certificate_id);
    return std::includes(there.tags.begin(), there.tags.end(), wanted.begin(), wanted.end());
  }

  bool IsAsItWas(const KeyVaultCertificate& there, const Deployed& known) const {
    return there.x5t == ThumbprintIn(known) && there.is_enabled && HasItsTags(there, known);
  }

  Deployed Changed(const KeyVaultCertificate& there, Deployed known) const {
    known.version = there.version;
    known.fingerprint_sha256 = FingerprintOf(there);
    known.key_fingerprint = !there.is_enabled ? std::string(kDisabled) : MarkOf(there.x5t);
    if (!HasItsTags(there, known)) known.key_fingerprint = kTagsLost;
    return known;
  }

  Result<KeyVaultCertificate> Write(const Call& call, const std::string& name, const Bundle& bundle,
                                    const std::optional<Deployed>& previous) const {
    auto there = api_.Get(call, name);
    if (!there && there.error().kind != ErrorKind::kNotFound) return there;
    if (!there) return ImportNew(call, name, bundle);
    const bool is_by_state = previous && NameIn(previous->external_id) == name;
    const bool is_ours =
        ownership_.Owns(there->tags, bundle.certificate_id) || (is_by_state && !ownership_.IsOthers(there->id, there->tags));
    if (!is_ours) {
      return Error{ErrorKind::kConflict, Cat("a certificate that this sync did not make has the name ", name)};
    }
    Tags tags = ownership_.TagsFor(bundle.certificate_id);
    tags.insert(there->tags.begin(), there->tags.end());
    const std::string mark = MarkOf(ThumbprintOf(bundle));
    const bool is_whole =
        there->is_enabled && previous && previous->key_fingerprint == mark && there->x5t == ThumbprintOf(bundle);
    if (!is_whole) return Import(call, name, bundle, tags);
    if (tags == there->tags) return there;
    const auto tagged = api_.SetTags(call, name, there->version, tags);
    return tagged ? there : Result<KeyVaultCertificate>(tagged.error());
  }

  // A version at each call: after a lost answer it is looked for before it is imported once more.
  Result<KeyVaultCertificate> Import(const Call& call, const std::string& name, const Bundle& bundle, const Tags& tags) const {
    auto import = MakeImport(bundle, options_.format, name, random_);
    if (!import) return std::move(import).error();
    import->tags = tags;
    for (int attempt = 1;; ++attempt) {
      auto imported = api_.Import(call, name, *import);
      if (imported || !base::http::MayHaveActed(imported.error())) return imported;
      // Also after Ctrl-C: what is there has to be known.
      auto there = api_.Get(call.ForCleanup(kLookLimit), name);
      if (there && there->x5t == ThumbprintOf(bundle) && there->tags == tags) return there;
      if (attempt > 1 || !call.Check()) return imported;
    }
  }

  // A deleted certificate keeps its name for weeks.
  Result<KeyVaultCertificate> ImportNew(const Call& call, const std::string& name, const Bundle& bundle) const {
    for (bool is_recovered = false;;) {
      auto imported = Import(call, name, bundle, ownership_.TagsFor(bundle.certificate_id));
      if (imported) return imported;
      const std::string code = imported.error().code;
      const bool is_moving = code == "ObjectIsBeingDeleted" || code == "ObjectIsBeingRecovered";
      if (code == "ObjectIsDeletedButRecoverable" && !is_recovered) {
        if (auto recovered = Recover(call, name, bundle); !recovered) return std::move(recovered).error();
        is_recovered = true;
      } else if (!is_moving && !(is_recovered && code == "ObjectIsDeletedButRecoverable")) {
        return imported;
      }
      if (auto waited = call.Wait(kPause); !waited) return imported;
    }
  }

  // Of the same certificate it may be anyone's: deleted, it serves nobody.
  Result<void> Recover(const Call& call, const std::string& name, const Bundle& bundle) const {
    const auto deleted = api_.GetDeleted(call, name);
    if (!deleted && deleted.error().kind == ErrorKind::kNotFound) return {};
    if (!deleted) return Error(deleted.error()).While("looking at the deleted certificate that has the name");
    const auto tag = deleted->tags.find(kCertificateTag);
    if (tag == deleted->tags.end() || tag->second != bundle.certificate_id) {
      return Error{ErrorKind::kConflict, Cat("a deleted certificate that this sync did not make keeps the name ", name,
                                             "; purge it (az keyvault certificate purge), recover it, or wait for its end")};
    }
    auto recovered = api_.Recover(call, name);
    if (!recovered) return std::move(recovered).error().While("recovering the deleted certificate of that name");
    call.log.Info("certificate recovered", {{base::key::kName, name}});
    return {};
  }

  Result<std::optional<KeyVaultCertificate>> FindInList(const Call& call, const std::string& name) {
    return list_.Find(call, name, [&] { return api_.List(call); });
  }

  KeyVaultApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  Options options_;
  Ownership ownership_;
  base::ListingCache<KeyVaultCertificate> list_;  // by name
};

bool IsLoopback(std::string_view vault_url) {
  const auto url = base::ParseUrl(vault_url);
  return url && (url->host == "127.0.0.1" || url->host == "::1" || url->host == "localhost");
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  auto problems = CheckTags(settings, {});
  const std::string url = FindText(settings, "vault_url");
  const bool is_vault = !KeyVaultResource(url).empty() || IsLoopback(url);
  if (!url.empty() && (!is_vault || !base::http::ParseApiUrl(url))) {
    problems.push_back({"vault_url", "Give the vault's URL, such as https://my-vault.vault.azure.net."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  const bool is_made_of = std::all_of(name.begin(), name.end(), [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '-';
  });
  if (!is_made_of) return "Azure Key Vault takes names of letters, digits and dashes alone.";
  return name.size() <= 127 ? "" : "Azure Key Vault takes names of 127 characters at most.";
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  const auto url = base::http::ParseApiUrl(FindText(setup.settings, "vault_url"));
  if (!url)
    return Error{.kind = ErrorKind::kInvalid, .message = url.error().message, .blame = sync::DestinationField("vault_url")};
  const std::string_view cloud = setup.connection->Get("environment", "public");
  const std::string resource(KeyVaultResourceOfCloud(cloud));
  if (KeyVaultResource(*url) != resource && !IsLoopback(*url)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = Cat("the vault is not of the connection's cloud, which is \"", cloud, "\""),
                 .blame = sync::DestinationField("vault_url")};
  }
  auto tokens = FindAzureTokens(*setup.connection, setup.deps);
  if (!tokens) return std::move(tokens).error();
  KeyVaultApi api(AzureApi(*setup.deps.http, *url, *std::move(tokens), resource));
  Options options{.has_versioning = FindText(setup.settings, "enable_versioning", "true") == "true",
                  .format = FindText(setup.settings, "format", "pkcs12")};
  return std::unique_ptr<Destination>(std::make_unique<KeyVault>(std::move(api), *setup.connection, *setup.deps.random,
                                                                 std::move(options), setup.sync_id, setup.settings));
}

}  // namespace

constexpr DestinationSpec kKeyVault{
    .kind = "azure_key_vault",
    .title = "Azure Key Vault",
    .doc =
        "Imports each certificate with its key into an Azure Key Vault, in any of Azure's clouds. A renewal is a new version "
        "under "
        "the same name, so that whatever follows the name changes over by itself.",
    .connection = "azure",
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::azure

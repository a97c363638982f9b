// SPDX-License-Identifier: MPL-2.0
// Azure Key Vault: each certificate under a name of its own, renewals as new versions of it.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/sync/stored_object_destination.h"
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
using base::Json;
using base::Result;
using sync::Bundle;
using sync::Deployed;
using sync::DestinationSpec;
using sync::Match;
using sync::ObjectWrite;
using sync::Presence;
using sync::SettingReader;
using sync::Settings;
using sync::Setup;
using sync::StoredObject;
using sync::TagState;

constexpr std::string_view kTagsLost = "tags lost";  // for Deployed::key_fingerprint
constexpr std::string_view kDisabled = "disabled";
constexpr std::string_view kDeletedCode = "ObjectIsDeletedButRecoverable";
constexpr std::chrono::seconds kPause{2};
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

// Each import adds a version.
constexpr sync::StoreTraits kTraits{.ownership = sync::OwnershipRule::kMarksOrState,
                                    .after_create = sync::LostAnswer::kLookAndRepeat,
                                    .after_replace = sync::LostAnswer::kLookAndRepeat,
                                    .certificate_mark = "the tag certwright:certificate-id"};

std::string NameIn(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

// "x5t:<thumbprint> as:pkcs12"; empty when it is none of these.
std::string ThumbprintIn(const Deployed& known) {
  const std::string mark = known.key_fingerprint.substr(0, known.key_fingerprint.find(' '));
  return mark.starts_with("x5t:") ? mark.substr(4) : std::string();
}

StoredObject ToObject(const KeyVaultCertificate& one, Presence presence = Presence::kPresent) {
  return {.id = one.id,
          .version = one.version,
          .presence = presence,
          .tags = one.tags,
          .leaf_sha256 = one.cer.empty() ? "" : base::Hex(base::crypto::Sha256(one.cer)),
          .details = {{"x5t", one.x5t}, {"enabled", one.is_enabled}}};
}

std::string Thumbprint(const StoredObject& object) { return base::FindString(object.details, "x5t").value_or(""); }
bool IsEnabled(const StoredObject& object) { return base::FindBool(object.details, "enabled").value_or(true); }

// StoredObject::details: {"x5t", "enabled"}.
class CertificateStore final : public sync::ObjectStore {
 public:
  CertificateStore(KeyVaultApi api, const Setup& setup)
      : api_(std::move(api)), connection_(*setup.connection), random_(*setup.deps.random) {
    const SettingReader reader(setup.settings, kFields);
    has_versioning_ = reader.Flag("enable_versioning");
    format_ = reader.Text("format");
  }

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return NameIn(known.external_id); }
  std::string AddressFor(std::string_view name, const Bundle& bundle, const Deployed* previous) const override {
    if (has_versioning_) return ObjectStore::AddressFor(name, bundle, previous);
    return Cat(name, "-", std::string_view(bundle.chain.front().fingerprint_sha256).substr(0, kSuffix));
  }

  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const std::string thumbprint = ThumbprintOf(*write.bundle);
    if (Thumbprint(object) != thumbprint) return Match::kDifferent;
    const bool is_as_set = write.previous != nullptr && write.previous->key_fingerprint == MarkOf(thumbprint);
    return is_as_set && IsEnabled(object) ? Match::kComplete : Match::kSameContent;
  }

  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override {
    return Thumbprint(object) == ThumbprintIn(known) && IsEnabled(object);
  }

  std::string KeyFingerprint(const StoredObject& object, const Deployed&, TagState tags) const override {
    if (tags == TagState::kMissing) return std::string(kTagsLost);
    return IsEnabled(object) ? MarkOf(Thumbprint(object)) : std::string(kDisabled);
  }

  std::string ConflictMessage(const ObjectWrite& write, const StoredObject& object) const override {
    if (object.presence != Presence::kDeleted)
      return Cat("a certificate that this sync did not make has the name ", write.address);
    return Cat("a deleted certificate that this sync did not make keeps the name ", write.address,
               "; purge it (az keyvault certificate purge), recover it, or wait for its end");
  }

  Error Explain(Error error) const override { return BlameAzureField(std::move(error), connection_); }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& name) override {
    const auto found = base::OrAbsent(api_.Get(call, name));
    if (!found) return found.error();
    return *found ? std::optional(ToObject(**found)) : std::nullopt;
  }

  Result<sync::ObjectList> List(const Call& call) override {
    const auto listed = api_.List(call);
    if (!listed) return listed.error();
    sync::ObjectList list;
    for (const auto& [name, certificate] : *listed) list.emplace(name, ToObject(certificate));
    return list;
  }

  // A list has neither the version nor the certificate.
  Result<void> Load(const Call&, const Deployed& known, StoredObject& object) override {
    if (!IsUnchanged(object, known)) return {};
    object.version = known.version;
    object.leaf_sha256 = known.fingerprint_sha256;
    return {};
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    return ImportWhenReady(call, write, write.tags, Presence::kPresent);
  }

  // Tags of others stay, except those of a certificate that had been deleted.
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    if (object.presence == Presence::kDeleted) return ImportWhenReady(call, write, write.tags, Presence::kDeleted);
    return Import(call, write, TagsWith(write, object));
  }

  // A deleted certificate keeps its name for weeks.
  Result<std::optional<StoredObject>> FindBlocker(const Call& call, const ObjectWrite& write, const Error& error) override {
    if (error.code != kDeletedCode) return std::optional<StoredObject>();
    auto deleted = base::OrAbsent(api_.GetDeleted(call, write.address));
    if (!deleted) return std::move(deleted).error().While("looking at the deleted certificate that has the name");
    if (*deleted) return std::optional(ToObject(**deleted, Presence::kDeleted));
    return Find(call, write.address);  // purged or recovered in the meantime
  }

  Result<void> Restore(const Call& call, const ObjectWrite& write, const StoredObject&) override {
    auto recovered = api_.Recover(call, write.address);
    return recovered ? recovered : std::move(recovered).error().While("recovering the deleted certificate of that name");
  }

  // Where nothing but tags is missing, no version is added.
  Result<void> Complete(const Call& call, const ObjectWrite& write, StoredObject& object) override {
    const KeyVaultTags tags = TagsWith(write, object);
    if (tags == object.tags) return {};
    if (auto tagged = api_.SetTags(call, write.address, object.version, tags); !tagged) return tagged;
    object.tags = tags;
    return {};
  }

  Result<void> Remove(const Call& call, const StoredObject&, const Deployed& deployed) override {
    auto deleted = api_.Delete(call, AddressOf(deployed));
    return deleted || deleted.error().kind == ErrorKind::kNotFound ? Result<void>() : deleted;
  }

 private:
  // Differs when the same certificate has to be imported in another way.
  std::string MarkOf(std::string_view thumbprint) const {
    return Cat("x5t:", thumbprint, " as:", format_, has_versioning_ ? "" : ",named");
  }

  static KeyVaultTags TagsWith(const ObjectWrite& write, const StoredObject& object) {
    KeyVaultTags tags = write.tags;
    tags.insert(object.tags.begin(), object.tags.end());
    return tags;
  }

  Result<StoredObject> Import(const Call& call, const ObjectWrite& write, const KeyVaultTags& tags) const {
    auto import = MakeImport(*write.bundle, format_, write.address, random_);
    if (!import) return std::move(import).error();
    import->tags = tags;
    const auto imported = api_.Import(call, write.address, *import);
    if (!imported) return imported.error();
    StoredObject object = ToObject(*imported);
    object.tags = tags;
    object.leaf_sha256 = write.bundle->chain.front().fingerprint_sha256;
    object.details = {{"x5t", ThumbprintOf(*write.bundle)}, {"enabled", true}};
    return object;
  }

  // Waits while a deletion or a recovery under the name goes on. `former`: kDeleted after a request to recover it, which takes
  // some seconds.
  Result<StoredObject> ImportWhenReady(const Call& call, const ObjectWrite& write, const KeyVaultTags& tags,
                                       Presence former) const {
    for (;;) {
      auto imported = Import(call, write, tags);
      if (imported) return imported;
      const std::string& code = imported.error().code;
      const bool is_moving = code == "ObjectIsBeingDeleted" || code == "ObjectIsBeingRecovered" ||
                             (former == Presence::kDeleted && code == kDeletedCode);
      if (!is_moving || !call.Wait(kPause)) return imported;
    }
  }

  KeyVaultApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  bool has_versioning_ = true;
  std::string format_;
};

bool IsLoopback(std::string_view vault_url) {
  const auto url = base::ParseUrl(vault_url);
  return url && (url->host == "127.0.0.1" || url->host == "::1" || url->host == "localhost");
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  auto problems = sync::CheckTags(settings, {});
  const std::string url = SettingReader(settings, kFields).Text("vault_url");
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

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  const auto url = base::http::ParseApiUrl(SettingReader(setup.settings, kFields).Text("vault_url"));
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
  return sync::MakeStoredObjectDestination(std::make_unique<CertificateStore>(std::move(api), setup), setup);
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

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/key_vault_store.h"

#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/poller.h"
#include "base/text.h"
#include "engine/vendors/azure/connection.h"
#include "engine/vendors/azure/key_vault_content.h"

namespace engine::vendors::azure {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::Bundle;
using sync::Deployed;
using sync::Match;
using sync::ObjectWrite;
using sync::Presence;
using sync::Setup;
using sync::StoredObject;

constexpr const char* kFormatPart = "format";          // of Deployed::parts
constexpr const char* kThumbprintNote = "thumbprint";  // of Deployed::notes
constexpr std::string_view kDeletedCode = "ObjectIsDeletedButRecoverable";
constexpr std::array<std::chrono::milliseconds, 1> kPauses{std::chrono::seconds(2)};
constexpr std::size_t kSuffix = 8;  // of a name without versioning

// Each import adds a version.
constexpr sync::StoreTraits kTraits{.unmarked = sync::UnmarkedRule::kInState,
                                    .after_create = sync::LostAnswer::kLookAndRepeat,
                                    .after_replace = sync::LostAnswer::kLookAndRepeat,
                                    .tags_part = "tags",
                                    .certificate_mark = "the tag certwright:certificate-id"};

std::string NameIn(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

StoredObject ToObject(const KeyVaultCertificate& one, Presence presence = Presence::kPresent) {
  return {.id = one.id,
          .version = one.version,
          .presence = presence,
          .tags = one.tags,
          .leaf_sha256 = one.cer.empty() ? "" : base::Hex(base::crypto::Sha256(one.cer)),
          .details = {{"x5t", one.x5t}, {"enabled", one.is_enabled}}};
}

std::string Thumbprint(const StoredObject& object) { return base::FindString(object.details, "x5t").value_or(""); }
std::string Thumbprint(const Deployed& known) {
  const auto note = known.notes.find(kThumbprintNote);
  return note == known.notes.end() ? std::string() : note->second;
}
bool IsEnabled(const StoredObject& object) { return base::FindBool(object.details, "enabled").value_or(true); }

// StoredObject::details: {"x5t", "enabled"}.
class CertificateStore final : public sync::ObjectStore {
 public:
  CertificateStore(KeyVaultApi api, const Setup& setup, KeyVaultOptions options)
      : api_(std::move(api)), connection_(*setup.connection), random_(*setup.deps.random), options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return NameIn(known.external_id); }
  std::string AddressFor(std::string_view name, const Bundle& bundle, const Deployed* previous) const override {
    if (options_.has_versioning) return ObjectStore::AddressFor(name, bundle, previous);
    return Cat(name, "-", std::string_view(bundle.chain.front().fingerprint_sha256).substr(0, kSuffix));
  }

  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const std::string thumbprint = ThumbprintOf(*write.bundle);
    if (Thumbprint(object) != thumbprint) return Match::kDifferent;
    const bool is_as_set = write.previous != nullptr && Thumbprint(*write.previous) == thumbprint && HasFormat(*write.previous);
    return is_as_set && IsEnabled(object) ? Match::kComplete : Match::kSameContent;
  }

  bool IsUnchanged(const StoredObject& object, const Deployed& known) const override {
    return Thumbprint(object) == Thumbprint(known) && IsEnabled(object);
  }

  sync::Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    return {{kFormatPart, Format()}, {"state", IsEnabled(object) ? "enabled" : "disabled"}};
  }

  sync::Notes NotesOf(const StoredObject& object, const Deployed&) const override {
    return {{kThumbprintNote, Thumbprint(object)}};
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
  std::string Format() const { return Cat(options_.format, options_.has_versioning ? "" : ",named"); }

  bool HasFormat(const Deployed& known) const {
    const auto part = known.parts.find(kFormatPart);
    return part != known.parts.end() && part->second == Format();
  }

  static KeyVaultTags TagsWith(const ObjectWrite& write, const StoredObject& object) {
    KeyVaultTags tags = write.tags;
    tags.insert(object.tags.begin(), object.tags.end());
    return tags;
  }

  Result<StoredObject> Import(const Call& call, const ObjectWrite& write, const KeyVaultTags& tags) const {
    auto import = MakeImport(*write.bundle, options_.format, write.address, random_);
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
    base::Poller poller(call, "waiting for Key Vault to free the name", kPauses);
    for (;;) {
      auto imported = Import(call, write, tags);
      if (imported) return imported;
      const std::string& code = imported.error().code;
      const bool is_moving = code == "ObjectIsBeingDeleted" || code == "ObjectIsBeingRecovered" ||
                             (former == Presence::kDeleted && code == kDeletedCode);
      if (!is_moving || !poller.Pause()) return imported;
    }
  }

  KeyVaultApi api_;
  connections::Connection connection_;
  base::Random& random_;  // borrowed; outlives this
  KeyVaultOptions options_;
};

}  // namespace

std::unique_ptr<sync::ObjectStore> MakeKeyVaultStore(KeyVaultApi api, const Setup& setup, KeyVaultOptions options) {
  return std::make_unique<CertificateStore>(std::move(api), setup, std::move(options));
}

}  // namespace engine::vendors::azure

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/certificate_manager_store.h"

#include <algorithm>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"

namespace engine::vendors::google {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using sync::Bundle;
using sync::Deployed;
using sync::Match;
using sync::ObjectWrite;
using sync::StoredObject;

// An update is idempotent; a creation is not sent again.
constexpr sync::StoreTraits kTraits{.unmarked = sync::UnmarkedRule::kInState,
                                    .after_create = sync::LostAnswer::kLook,
                                    .after_replace = sync::LostAnswer::kIgnore,
                                    .tags_part = "labels",
                                    .certificate_mark = "the label certwright-certificate-id"};

std::string ChainDigest(const std::vector<base::crypto::Certificate>& chain) {
  std::string all;
  for (std::size_t i = 1; i < chain.size(); ++i) all.append(chain[i].der);
  return sync::PartDigest(all);
}

// StoredObject::details: {"labels", "scope", "chain": digest of all but the leaf; "entry": that of the map which shows it, absent
// until it is looked for}.
class CertificateStore final : public sync::ObjectStore {
 public:
  CertificateStore(std::shared_ptr<const GoogleResources> api, const std::string& place, MapEntry entry,
                   CertificateOptions options)
      : api_(std::move(api)), collection_(Cat(place, "/certificates")), entry_(std::move(entry)), options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }

  // A certificate keeps its name when it is renamed in the settings.
  std::string AddressFor(std::string_view name, const Bundle&, const Deployed* previous) const override {
    return previous != nullptr ? previous->external_id : Cat(collection_, "/", base::ToLower(name));
  }

  Json Render(const Bundle& bundle, std::string_view) const override {
    return {
        {"selfManaged", {{"pemCertificate", sync::JoinPem(bundle.chain)}, {"pemPrivateKey", bundle.private_key_pem.Reveal()}}}};
  }

  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const bool is_same = object.leaf_sha256 == write.bundle->chain.front().fingerprint_sha256;
    return is_same ? Match::kSameContent : Match::kDifferent;
  }

  // Everything but the leaf, and where the certificate is shown.
  sync::Parts PartsOf(const StoredObject& object, const Deployed& known) const override {
    sync::Parts parts{{"chain", object.details.at("chain").get<std::string>()}};
    const std::string entry = base::FindString(object.details, "entry").value_or(EntryOf(known));
    if (!entry.empty()) parts.emplace(kEntryPart, entry);
    return parts;
  }

  std::string ConflictMessage(const ObjectWrite& write, const StoredObject&) const override {
    return Cat("there is a certificate called \"", write.name, "\" already, which is not this sync's");
  }

  Result<Deployed> ParseId(std::string_view external_id) const override {
    if (external_id.starts_with(Cat(collection_, "/"))) {
      return Deployed{.name = std::string(external_id.substr(external_id.rfind('/') + 1)),
                      .external_id = std::string(external_id)};
    }
    return Error{ErrorKind::kNotFound, "there is no such certificate in this project and location"};
  }

  Error Explain(Error error) const override {
    if (error.kind != ErrorKind::kDenied || !error.while_doing.empty()) return error;  // the credentials', not the project's
    const bool is_off = error.message.find("has not been used in project") != std::string::npos;
    error.message.append(is_off ? "; enable the API certificatemanager.googleapis.com in the project"
                                : "; the service account needs the role roles/certificatemanager.editor");
    return error;
  }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& name) override {
    const auto found = api_->Find(call, name);
    if (!found) return found.error();
    return *found ? std::optional(ToObject(name, **found)) : std::nullopt;
  }

  // Together with what the entry shows.
  Result<sync::ObjectList> List(const Call& call) override {
    const auto listed = api_->List(call, collection_, "certificates");
    if (!listed) return listed.error();
    const auto shown = entry_.Shown(call);
    if (!shown) return shown.error();
    sync::ObjectList list;
    for (const Json& one : *listed) {
      const std::string name = base::FindString(one, "name").value_or("");
      list.insert_or_assign(name, WithEntry(ToObject(name, one), *shown));
    }
    return list;
  }

  Result<void> Load(const Call& call, const Deployed&, StoredObject& object) override {
    if (object.details.contains("entry")) return {};
    const auto shown = entry_.Shown(call);
    if (!shown) return shown.error();
    object = WithEntry(std::move(object), *shown);
    return {};
  }

  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    Json body = write.content;
    body["labels"] = LabelsFor(write, {});
    body["scope"] = options_.scope;
    const std::string id = write.address.substr(write.address.rfind('/') + 1);
    const auto created = api_->Create(call, collection_, "certificateId", id, body);
    return created ? Written(write) : Result<StoredObject>(created.error());
  }

  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    if (base::FindString(object.details, "scope").value_or("DEFAULT") != options_.scope) {
      return Error{ErrorKind::kInvalid,
                   Cat("the scope of \"", write.name, "\" cannot be changed: replace the sync (apply with -replace)")};
    }
    Json body = write.content;
    body["labels"] = LabelsFor(write, base::FindStringMap(object.details, "labels"));
    const auto updated = api_->Update(call, write.address, "selfManaged,labels", body);
    return updated ? Written(write) : Result<StoredObject>(updated.error());
  }

  // Into the entry of the settings, and out of the one that showed it before.
  Result<void> Complete(const Call& call, const ObjectWrite& write, StoredObject& object) override {
    const std::string before = write.previous != nullptr ? EntryOf(*write.previous) : "";
    if (auto shown = entry_.Show(call, object.id); !shown) return shown;
    if (before != entry_.name()) {
      if (auto withdrawn = entry_.Withdraw(call, before, object.id); !withdrawn) return withdrawn;
    }
    object.details["entry"] = entry_.name();
    return {};
  }

  Result<void> Remove(const Call& call, const StoredObject& object, const Deployed& deployed) override {
    if (auto withdrawn = entry_.Withdraw(call, EntryOf(deployed), object.id); !withdrawn) return withdrawn;
    return api_->Delete(call, object.id);
  }

 private:
  static StoredObject ToObject(const std::string& name, const Json& json) {
    const auto chain = base::crypto::ParseChain(base::FindString(json, "pemCertificate").value_or(""));
    const Labels labels = base::FindStringMap(json, "labels");
    return {.id = name,
            .tags = sync::MarksIn(labels, kMarkNames),
            .leaf_sha256 = chain ? chain->front().fingerprint_sha256 : "",
            .details = {{"labels", labels},
                        {"scope", base::FindString(json, "scope").value_or("DEFAULT")},
                        {"chain", ChainDigest(chain ? *chain : std::vector<base::crypto::Certificate>())}}};
  }

  StoredObject WithEntry(StoredObject object, const std::vector<std::string>& shown) const {
    const bool is_shown = std::find(shown.begin(), shown.end(), object.id) != shown.end();
    object.details["entry"] = is_shown ? entry_.name() : "";
    return object;
  }

  static StoredObject Written(const ObjectWrite& write) {
    return {.id = write.address,
            .tags = write.tags,
            .leaf_sha256 = write.bundle->chain.front().fingerprint_sha256,
            .details = {{"chain", ChainDigest(write.bundle->chain)}}};
  }

  // Labels of others stay.
  Labels LabelsFor(const ObjectWrite& write, Labels others) const {
    Labels labels = options_.labels;
    labels.merge(others);
    return sync::WithMarks(std::move(labels), write.tags, kMarkNames);
  }

  std::shared_ptr<const GoogleResources> api_;  // shared with the entry
  std::string collection_;
  MapEntry entry_;
  CertificateOptions options_;
};

}  // namespace

std::unique_ptr<sync::ObjectStore> MakeCertificateStore(std::shared_ptr<const GoogleResources> api, const std::string& place,
                                                        MapEntry entry, CertificateOptions options) {
  return std::make_unique<CertificateStore>(std::move(api), place, std::move(entry), std::move(options));
}

}  // namespace engine::vendors::google

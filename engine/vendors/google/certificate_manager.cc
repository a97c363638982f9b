// SPDX-License-Identifier: MPL-2.0
// Google Cloud Certificate Manager: self-managed certificates, renewed in place, and an entry of a certificate map that shows
// them for a host name. Labels are the marks of ownership.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/google/certificate_manager_map.h"
#include "engine/vendors/google/vendor.h"

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
using sync::DestinationSpec;
using sync::Match;
using sync::ObjectWrite;
using sync::SettingReader;
using sync::Settings;
using sync::Setup;
using sync::StoredObject;
using sync::TagState;

constexpr std::string_view kUrl = "https://certificatemanager.googleapis.com";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kLost = " labels lost";
constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxLabels = 62;  // of 64, beside our own

constexpr std::array kFields{
    base::ConfigField{.name = "project", .doc = "The project. The connection's if not set.", .identity = true},
    base::ConfigField{.name = "location",
                      .default_value = "global",
                      .doc = "`global`, or a region for regional load balancers.",
                      .identity = true},
    base::ConfigField{.name = "scope",
                      .default_value = "DEFAULT",
                      .one_of = "DEFAULT|EDGE_CACHE|ALL_REGIONS|CLIENT_AUTH",
                      .doc = "What the certificates are for; Google lets it be chosen once, when a certificate is made."},
    base::ConfigField{
        .name = "labels", .kind = base::FieldKind::kStringMap, .doc = "Labels of the certificates, besides Certwright's own."},
    base::ConfigField{
        .name = "certificate_map",
        .doc = "The certificate map, by its name, in which an entry shows the certificates. Without it there is none."},
    base::ConfigField{
        .name = "hostname",
        .doc = "The host name of that entry, or a wildcard. Without it the entry is the map's primary one, for clients "
               "that name no host."},
};

// An update is idempotent; a creation is not sent again.
constexpr sync::StoreTraits kTraits{.ownership = sync::OwnershipRule::kState,
                                    .after_create = sync::LostAnswer::kLook,
                                    .after_replace = sync::LostAnswer::kIgnore,
                                    .certificate_mark = "the label certwright-certificate-id"};

std::string ChainPem(const Bundle& bundle) {
  std::string pem;
  for (const auto& certificate : bundle.chain) pem.append(certificate.pem);
  return pem;
}

std::string EntryOf(const Deployed& deployed) {
  const auto mark = deployed.key_fingerprint.find(kEntryMark);
  return mark == std::string::npos ? "" : deployed.key_fingerprint.substr(mark + kEntryMark.size());
}

std::string ChainDigest(const std::vector<base::crypto::Certificate>& chain) {
  std::string all;
  for (std::size_t i = 1; i < chain.size(); ++i) all.append(chain[i].der);
  return base::Hex(base::crypto::Sha256(all));
}

// StoredObject::details: {"labels", "scope", "chain": digest of all but the leaf; "entry": that of the map which shows it, absent
// until it is looked for}.
class CertificateStore final : public sync::ObjectStore {
 public:
  CertificateStore(std::shared_ptr<const GoogleResources> api, const std::string& place, MapEntry entry, const Setup& setup)
      : api_(std::move(api)), collection_(Cat(place, "/certificates")), entry_(std::move(entry)) {
    const SettingReader reader(setup.settings, kFields);
    scope_ = reader.Text("scope");
    labels_ = reader.Map("labels");
  }

  const sync::StoreTraits& traits() const override { return kTraits; }

  // A certificate keeps its name when it is renamed in the settings.
  std::string AddressFor(std::string_view name, const Bundle&, const Deployed* previous) const override {
    return previous != nullptr ? previous->external_id : Cat(collection_, "/", base::ToLower(name));
  }

  Json Render(const Bundle& bundle, std::string_view) const override {
    return {{"selfManaged", {{"pemCertificate", ChainPem(bundle)}, {"pemPrivateKey", bundle.private_key_pem.Reveal()}}}};
  }

  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const bool is_same = object.leaf_sha256 == write.bundle->chain.front().fingerprint_sha256;
    return is_same ? Match::kSameContent : Match::kDifferent;
  }

  // "chain:ab12 entry:projects/…": everything but the leaf, and where the certificate is shown.
  std::string KeyFingerprint(const StoredObject& object, const Deployed& known, TagState tags) const override {
    return Cat("chain:", object.details.at("chain").get<std::string>(), tags == TagState::kMissing ? kLost : "", kEntryMark,
               base::FindString(object.details, "entry").value_or(EntryOf(known)));
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
    body["scope"] = scope_;
    const std::string id = write.address.substr(write.address.rfind('/') + 1);
    const auto created = api_->Create(call, collection_, "certificateId", id, body);
    return created ? Written(write) : Result<StoredObject>(created.error());
  }

  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    if (base::FindString(object.details, "scope").value_or("DEFAULT") != scope_) {
      return Error{ErrorKind::kInvalid,
                   Cat("the scope of \"", write.name, "\" cannot be changed: make the sync anew (apply with -replace)")};
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
    Labels labels = labels_;
    labels.merge(others);
    return sync::WithMarks(std::move(labels), write.tags, kMarkNames);
  }

  std::shared_ptr<const GoogleResources> api_;  // shared with the entry
  std::string collection_;
  MapEntry entry_;
  std::string scope_;
  Labels labels_;  // of the user
};

// https://cloud.google.com/resource-manager/docs/labels-overview#requirements
bool IsLabel(std::string_view text) {
  return text.size() <= kMaxName && std::all_of(text.begin(), text.end(), [](char one) {
           return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '_' || one == '-';
         });
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const SettingReader reader(settings, kFields);
  const Labels labels = reader.Map("labels");
  for (const auto& [key, value] : labels) {
    if (key.starts_with("certwright-")) {
      problems.push_back({"labels", Cat("The label \"", key, "\" is not yours to set: leave it out.")});
    } else if (!IsLabel(key) || !IsLabel(value) || key.empty() || key.front() < 'a' || key.front() > 'z') {
      problems.push_back({"labels", Cat("The label \"", base::Printable(key, kMaxName),
                                        "\" and its value must be at most 63 lower-case letters, digits, dashes and underscores, "
                                        "the key beginning with a letter.")});
    }
  }
  if (labels.size() > kMaxLabels) problems.push_back({"labels", Cat("At most ", kMaxLabels, " labels, besides Certwright's.")});
  const bool has_map = !reader.Text("certificate_map").empty();
  if (!has_map && !reader.Text("hostname").empty()) {
    problems.push_back({"hostname", "A hostname belongs to an entry of a `certificate_map`: set that too."});
  }
  if (has_map && reader.Text("location") != "global") {
    problems.push_back(
        {"certificate_map", "Certificate maps are `global`: regional load balancers take certificates themselves."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  const std::string id = base::ToLower(name);
  const bool fits = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!fits) return "Certificate Manager takes letters (which become lower-case), digits and dashes";
  return id.size() <= kMaxName ? "" : "Certificate Manager takes at most 63 characters";
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  const SettingReader reader(setup.settings, kFields);
  auto cloud = MakeGoogleCloud(*setup.connection, setup.deps, kUrl, kScope);
  if (!cloud) return std::move(cloud).error();
  const std::string project = reader.Has("project") ? reader.Text("project") : cloud->project;
  if (project.empty())
    return Error{.kind = ErrorKind::kInvalid, .message = "no project is set", .blame = sync::DestinationField("project")};
  const std::string place = Cat("projects/", project, "/locations/", reader.Text("location"));
  const auto api = std::make_shared<const GoogleResources>(std::move(cloud->api), "v1");
  MapEntry entry(api, place, reader.Text("certificate_map"), reader.Text("hostname"), setup.sync_id);
  return sync::MakeStoredObjectDestination(std::make_unique<CertificateStore>(api, place, std::move(entry), setup), setup);
}

}  // namespace

constexpr DestinationSpec kCertificateManager{
    .kind = "google_certificate_manager",
    .title = "Google Cloud Certificate Manager",
    .doc =
        "Keeps each certificate in Certificate Manager under one name, which a renewal does not change, and, where wanted, in an "
        "entry of a certificate map.",
    .connection = "google_cloud",
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::google

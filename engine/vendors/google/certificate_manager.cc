// SPDX-License-Identifier: MPL-2.0
// Google Cloud Certificate Manager: self-managed certificates, renewed in place, and an entry of a certificate map that shows
// them for a host name. Labels say whose they are.
#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/sync/destination.h"
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
using sync::Adoption;
using sync::Bundle;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::FindText;
using sync::ReadMap;
using sync::Settings;
using sync::Setup;

constexpr std::string_view kUrl = "https://certificatemanager.googleapis.com";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kLost = " labels lost";
constexpr std::size_t kLongestName = 63;
constexpr std::size_t kMostLabels = 62;  // of 64, beside our own
constexpr std::chrono::seconds kLookLimit{30};

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

struct Options {
  std::string scope;
  Labels labels;  // of the user
};

std::string ChainPem(const Bundle& bundle) {
  std::string pem;
  for (const auto& certificate : bundle.chain) pem.append(certificate.pem);
  return pem;
}

// Everything but the leaf, and where the certificate is shown: "chain:ab12 entry:projects/…".
std::string Beside(const std::vector<base::crypto::Certificate>& chain, std::string_view entry, std::string_view trouble = "") {
  std::string all;
  for (std::size_t i = 1; i < chain.size(); ++i) all.append(chain[i].der);
  return Cat("chain:", base::Hex(base::crypto::Sha256(all)), trouble, kEntryMark, entry);
}

class CertificateManager final : public Destination {
 public:
  CertificateManager(std::shared_ptr<const GoogleResources> api, std::string place, std::string sync_id, MapEntry entry,
                     Options options)
      : api_(std::move(api)),
        collection_(Cat(place, "/certificates")),
        sync_id_(std::move(sync_id)),
        entry_(std::move(entry)),
        options_(std::move(options)) {}

  // One list serves a whole run, and one look at the entry.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const std::lock_guard lock(mutex_);
    if (!list_) {
      auto list = api_->List(call, collection_, "certificates");
      if (!list) return Explain(std::move(list).error());
      auto shown = entry_.Shown(call);
      if (!shown) return Explain(std::move(shown).error());
      list_ = *std::move(list);
      shown_ = *std::move(shown);
    }
    for (const Json& one : *list_) {
      if (base::FindString(one, "name") == known.external_id) return std::optional(Read(one, known, shown_));
    }
    return std::optional<Deployed>();
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const std::string full = previous ? previous->external_id : Cat(collection_, "/", base::ToLower(name));
    if (auto written = Write(call, full, name, bundle, previous.has_value()); !written) {
      return Explain(std::move(written).error());
    }
    call.log.Info("certificate written", {{base::key::kName, full}});
    const std::string before = previous ? EntryOf(*previous) : "";
    now = Deployed{.name = std::string(name),
                   .external_id = full,
                   .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .key_fingerprint = Beside(bundle.chain, before)};
    if (auto shown = Show(call, full, before); !shown) return Explain(std::move(shown).error());
    now->key_fingerprint = Beside(bundle.chain, entry_.name());
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const auto there = api_->Find(call, external_id);
    if (!there) return Explain(there.error());
    if (!*there || !external_id.starts_with(Cat(collection_, "/"))) {
      return Error{ErrorKind::kNotFound, "there is no such certificate in this project and location"};
    }
    const Labels labels = LabelsOf(**there);
    if (adoption == Adoption::kMarked && !labels.contains(kCertificateLabel)) {
      return Error{ErrorKind::kConflict, Cat("it does not carry the label ", kCertificateLabel)};
    }
    auto shown = entry_.Shown(call);
    if (!shown) return Explain(std::move(shown).error());
    const auto owner = labels.find(kCertificateLabel);
    const Deployed known{.name = std::string(external_id.substr(external_id.rfind('/') + 1)),
                         .external_id = std::string(external_id),
                         .certificate_id = owner == labels.end() ? "" : owner->second};
    return Read(**there, known, *shown);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto there = api_->Find(call, deployed.external_id);
    if (!there) return Explain(there.error());
    if (!*there) return {};
    if (Read(**there, deployed, {}).fingerprint_sha256 != deployed.fingerprint_sha256 ||
        !IsOurs(LabelsOf(**there), deployed.certificate_id)) {
      call.log.Warn("left alone: not what this sync made", {{base::key::kName, deployed.external_id}});
      return {};
    }
    const std::string entry = EntryOf(deployed);
    if (auto withdrawn = entry_.Withdraw(call, entry, deployed.external_id); !withdrawn) {
      return Explain(std::move(withdrawn).error());
    }
    if (auto deleted = api_->Delete(call, deployed.external_id); !deleted) return Explain(std::move(deleted).error());
    return {};
  }

 private:
  static std::string EntryOf(const Deployed& deployed) {
    const auto mark = deployed.key_fingerprint.find(kEntryMark);
    return mark == std::string::npos ? "" : deployed.key_fingerprint.substr(mark + kEntryMark.size());
  }

  bool IsOurs(const Labels& labels, std::string_view certificate_id) const {
    return Has(labels, kSyncLabel, sync_id_) && Has(labels, kCertificateLabel, certificate_id);
  }

  // What is there, as Observe tells it. `shown`: the certificates of the entry.
  Deployed Read(const Json& json, const Deployed& known, const std::vector<std::string>& shown) const {
    Deployed found = known;
    const auto chain = base::crypto::ParseChain(base::FindString(json, "pemCertificate").value_or(""));
    const bool is_shown = std::find(shown.begin(), shown.end(), known.external_id) != shown.end();
    found.fingerprint_sha256 = chain ? chain->front().fingerprint_sha256 : "";
    const std::string_view trouble = IsOurs(LabelsOf(json), known.certificate_id) ? "" : kLost;
    found.key_fingerprint =
        Beside(chain ? *chain : std::vector<base::crypto::Certificate>(), is_shown ? entry_.name() : "", trouble);
    return found;
  }

  // `is_known`: the state says that the certificate of this name is this sync's.
  Result<void> Write(const Call& call, const std::string& full, std::string_view name, const Bundle& bundle,
                     bool is_known) const {
    const auto there = api_->Find(call, full);
    if (!there) return there.error();
    Labels labels = options_.labels;
    if (*there) labels.merge(LabelsOf(**there));  // others' stay
    labels.insert_or_assign(std::string(kSyncLabel), sync_id_);
    labels.insert_or_assign(std::string(kCertificateLabel), bundle.certificate_id);
    Json body{{"labels", labels},
              {"selfManaged", {{"pemCertificate", ChainPem(bundle)}, {"pemPrivateKey", bundle.private_key_pem.Reveal()}}}};
    if (!*there) {
      body["scope"] = options_.scope;
      auto created = api_->Create(call, collection_, "certificateId", full.substr(full.rfind('/') + 1), body);
      return created || IsThere(call, full, bundle, created.error()) ? Result<void>() : created;
    }
    if (!is_known && !IsOurs(LabelsOf(**there), bundle.certificate_id)) {
      return Error{ErrorKind::kConflict, Cat("there is a certificate called \"", name, "\" already, which is not this sync's")};
    }
    if (base::FindString(**there, "scope").value_or("DEFAULT") != options_.scope) {
      return Error{ErrorKind::kInvalid,
                   Cat("the scope of \"", name, "\" cannot be changed: make the sync anew (apply with -replace)")};
    }
    return api_->Update(call, full, "selfManaged,labels", body);
  }

  // Whether a request whose answer was lost has made it all the same. Also after Ctrl-C: nobody else would know of it.
  bool IsThere(const Call& call, const std::string& full, const Bundle& bundle, const Error& error) const {
    if (error.kind != ErrorKind::kConflict && !base::http::MayHaveActed(error)) return false;
    const auto there = api_->Find(call.ForCleanup(kLookLimit), full);
    if (!there || !*there || !IsOurs(LabelsOf(**there), bundle.certificate_id)) return false;
    const Deployed known{.external_id = full, .certificate_id = bundle.certificate_id};
    return Read(**there, known, {}).fingerprint_sha256 == bundle.chain.front().fingerprint_sha256;
  }

  // In the entry of the settings, and no longer in the one in which it was shown before.
  Result<void> Show(const Call& call, const std::string& full, const std::string& before) {
    if (auto shown = entry_.Show(call, full); !shown) return shown;
    return before == entry_.name() ? Result<void>() : entry_.Withdraw(call, before, full);
  }

  static Error Explain(Error error) {
    if (error.kind != ErrorKind::kDenied || !error.while_doing.empty()) return error;  // the credentials', not the project's
    const bool is_off = error.message.find("has not been used in project") != std::string::npos;
    error.message.append(is_off ? "; enable the API certificatemanager.googleapis.com in the project"
                                : "; the service account needs the role roles/certificatemanager.editor");
    return error;
  }

  void ForgetList() {
    const std::lock_guard lock(mutex_);
    list_.reset();
  }

  std::shared_ptr<const GoogleResources> api_;  // shared with the entry
  std::string collection_;
  std::string sync_id_;
  MapEntry entry_;
  Options options_;
  std::mutex mutex_;
  std::optional<std::vector<Json>> list_;  // guarded by mutex_, like the next
  std::vector<std::string> shown_;
};

// https://cloud.google.com/resource-manager/docs/labels-overview#requirements
bool IsLabel(std::string_view text) {
  return text.size() <= kLongestName && std::all_of(text.begin(), text.end(), [](char one) {
           return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '_' || one == '-';
         });
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const Labels labels = ReadMap(settings, "labels");
  for (const auto& [key, value] : labels) {
    if (key.starts_with("certwright-")) {
      problems.push_back({"labels", Cat("The label \"", key, "\" is not yours to set: leave it out.")});
    } else if (!IsLabel(key) || !IsLabel(value) || key.empty() || key.front() < 'a' || key.front() > 'z') {
      problems.push_back({"labels", Cat("The label \"", base::Printable(key, kLongestName),
                                        "\" and its value must be at most 63 lower-case letters, digits, dashes and underscores, "
                                        "the key beginning with a letter.")});
    }
  }
  if (labels.size() > kMostLabels) problems.push_back({"labels", Cat("At most ", kMostLabels, " labels, besides Certwright's.")});
  const bool has_map = !FindText(settings, "certificate_map").empty();
  if (!has_map && !FindText(settings, "hostname").empty()) {
    problems.push_back({"hostname", "A hostname belongs to an entry of a `certificate_map`: set that too."});
  }
  if (has_map && FindText(settings, "location", "global") != "global") {
    problems.push_back(
        {"certificate_map", "Certificate maps are `global`: regional load balancers take certificates themselves."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  const std::string id = base::ToLower(name);
  const bool fits = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!fits) return "Certificate Manager takes letters (which become lower-case), digits and dashes";
  return id.size() <= kLongestName ? "" : "Certificate Manager takes at most 63 characters";
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto cloud = MakeGoogleCloud(*setup.connection, setup.deps, kUrl, kScope);
  if (!cloud) return std::move(cloud).error();
  const std::string project = FindText(setup.settings, "project", cloud->project);
  if (project.empty())
    return Error{.kind = ErrorKind::kInvalid, .message = "no project is set", .blame = sync::DestinationField("project")};
  const std::string place = Cat("projects/", project, "/locations/", FindText(setup.settings, "location", "global"));
  const auto api = std::make_shared<const GoogleResources>(std::move(cloud->api), "v1");
  MapEntry entry(api, place, FindText(setup.settings, "certificate_map"), FindText(setup.settings, "hostname"), setup.sync_id);
  return std::unique_ptr<Destination>(std::make_unique<CertificateManager>(
      api, place, setup.sync_id, std::move(entry),
      Options{.scope = FindText(setup.settings, "scope", "DEFAULT"), .labels = ReadMap(setup.settings, "labels")}));
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

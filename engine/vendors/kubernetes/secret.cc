// SPDX-License-Identifier: MPL-2.0
// kubernetes_secret: each certificate is a Secret of type kubernetes.io/tls, kept by server-side apply
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
//
// Which Secrets are ours: those whose label names this sync. One that has lost the label is ours while it holds the certificate
// that the state says was written; one that holds the very bytes that are to be written is taken over: a run was killed before
// its state was saved.
#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/kubernetes/connection.h"
#include "engine/vendors/kubernetes/vendor.h"

namespace engine::vendors::kubernetes {
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
using sync::kCertificateTag;
using sync::kSyncTag;
using sync::Ownership;
using sync::ReadMap;
using sync::Settings;
using sync::Setup;
using sync::Tags;

constexpr const char* kManager = "certwright";
constexpr const char* kManagedBy = "app.kubernetes.io/managed-by";
constexpr const char* kSyncLabel = "certwright/sync-id";
constexpr const char* kCertificateLabel = "certwright/certificate-id";
constexpr const char* kType = "kubernetes.io/tls";
constexpr const char* kCertificate = "tls.crt";
constexpr const char* kPrivateKey = "tls.key";
constexpr const char* kRoot = "ca.crt";
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::chrono::seconds kLookLimit{30};

constexpr std::array kFields{
    base::ConfigField{
        .name = "namespace", .required = true, .doc = "The namespace of the Secrets; it has to exist.", .identity = true},
    base::ConfigField{
        .name = "labels", .kind = base::FieldKind::kStringMap, .doc = "Labels of the Secrets, besides Certwright's own."},
    base::ConfigField{.name = "annotations", .kind = base::FieldKind::kStringMap, .doc = "Annotations of the Secrets."},
};

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// Whether `text` is made of `inner` and these others, and begins and ends with one of `inner`.
bool IsName(std::string_view text, std::string_view inner, std::string_view others, std::size_t longest) {
  if (text.empty() || text.size() > longest) return false;
  if (inner.find(text.front()) == std::string_view::npos || inner.find(text.back()) == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [&](char one) {
    return inner.find(one) != std::string_view::npos || others.find(one) != std::string_view::npos;
  });
}

const Json& Member(const Json& object, std::string_view name) {
  static const Json absent;
  const Json* found = base::FindMember(object, name);
  return found == nullptr ? absent : *found;
}

std::string Text(const Json& object, std::string_view name) { return base::FindString(object, name).value_or(""); }

// What the Secret holds besides metadata.
Json DataOf(const Bundle& bundle) {
  const auto& chain = bundle.chain;
  const bool has_root = chain.size() > 1 && chain.back().is_self_issued;
  std::string pem;
  for (std::size_t i = 0; i + (has_root ? 1 : 0) < chain.size(); ++i) pem.append(chain[i].pem);
  Json data = {{kCertificate, base::Base64(pem)}, {kPrivateKey, base::Base64(bundle.private_key_pem.Reveal())}};
  if (has_root) data[kRoot] = base::Base64(chain.back().pem);
  return data;
}

std::string LeafFingerprint(const Json& secret) {
  const auto pem = base::FromBase64(Text(Member(secret, "data"), kCertificate));
  const auto chain = base::crypto::ParseChain(pem.value_or(""));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

// The labels as marks of ownership.
Tags MarksOf(const Json& secret) {
  const Json& labels = Member(Member(secret, "metadata"), "labels");
  Tags marks;
  if (auto sync = base::FindString(labels, kSyncLabel)) marks.emplace(kSyncTag, *std::move(sync));
  if (auto certificate = base::FindString(labels, kCertificateLabel)) marks.emplace(kCertificateTag, *std::move(certificate));
  return marks;
}

class KubernetesSecret final : public Destination {
 public:
  KubernetesSecret(std::unique_ptr<KubernetesApi> api, connections::Connection connection, const Settings& settings,
                   std::string_view sync_id)
      : api_(std::move(api)),
        connection_(std::move(connection)),
        namespace_(settings.find("namespace")->second),
        labels_(ReadMap(settings, "labels")),
        annotations_(ReadMap(settings, "annotations")),
        ownership_(sync_id, {}) {}

  // One list serves a whole run; a Secret that is not in it is asked for by name.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    auto listed = FindInList(call, known.name);
    if (!listed) return Blame(std::move(listed).error());
    if (*listed) return std::optional(Describe(known, **listed));
    const auto found = Look(call, known.name);
    if (!found) return found.error();
    return *found ? std::optional(Describe(known, **found)) : std::optional<Deployed>();
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    auto found = Look(call, name);
    if (!found) return found.error();
    const Json data = DataOf(bundle);
    const Deployed* in_place = previous && previous->name == name ? &*previous : nullptr;
    if (*found && !IsOurs(**found, Locate(name), in_place) && !Holds(**found, data)) return Conflict(name);
    if (*found && Text(**found, "type") != kType) {  // a Secret's type never changes
      if (auto gone = Delete(call, name, **found); !gone) return gone;
      found->reset();
    }
    const auto applied = Apply(call, name, bundle, data, *found);
    if (!applied) return applied.error();
    now = Describe({.name = std::string(name),
                    .external_id = Locate(name),
                    .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                    .certificate_id = bundle.certificate_id},
                   *applied);
    call.log.Info("Secret applied", {{base::key::kName, now->external_id}});
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    const std::string prefix = Locate("");
    const std::string name(external_id.substr(std::min(prefix.size(), external_id.size())));
    if (!external_id.starts_with(prefix) || !IsName(name, kLower, "-.", kLongestName)) {
      return Error{ErrorKind::kInvalid, Cat("it is no Secret of the namespace ", namespace_, ": write ", prefix, "<name>")};
    }
    const auto found = Look(call, name);
    if (!found) return found.error();
    if (!*found) return Error{ErrorKind::kNotFound, "there is no such Secret"};
    const auto certificate_id = ownership_.Adopt(external_id, MarksOf(**found), adoption);
    if (!certificate_id) return certificate_id.error();
    return Describe({.name = name, .certificate_id = *certificate_id}, **found);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    ForgetList();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto found = Look(call, deployed.name);
    if (!found) return found.error();
    if (!*found) return {};
    if (!IsOurs(**found, deployed.external_id, &deployed) || LeafFingerprint(**found) != deployed.fingerprint_sha256) {
      call.log.Warn("left alone: not what this sync wrote", {{base::key::kName, deployed.external_id}});
      return {};
    }
    if (auto gone = Delete(call, deployed.name, **found); !gone) return gone;
    call.log.Info("Secret removed", {{base::key::kName, deployed.external_id}});
    return {};
  }

 private:
  Error Blame(Error error) const { return BlameKubernetesField(std::move(error), connection_); }

  std::string Locate(std::string_view name) const { return Cat(namespace_, "/", name); }
  std::string ListPath() const { return Cat("/api/v1/namespaces/", base::PercentEncode(namespace_), "/secrets"); }
  std::string PathOf(std::string_view name) const { return Cat(ListPath(), "/", base::PercentEncode(name)); }

  Error Conflict(std::string_view name) const {
    return Error{ErrorKind::kConflict, Cat("the Secret ", Locate(name),
                                           " exists and was not written by this sync; delete it, or choose another namespace or "
                                           "name_schema")};
  }

  Result<std::optional<Json>> Look(const Call& call, std::string_view name) const {
    auto secret = api_->Send(call, "GET", PathOf(name));
    if (secret) return std::optional(*std::move(secret));
    if (secret.error().kind == ErrorKind::kNotFound) return std::optional<Json>();
    return Blame(std::move(secret).error());
  }

  bool IsOurs(const Json& secret, const std::string& external_id, const Deployed* previous) const {
    const Tags marks = MarksOf(secret);
    if (marks.contains(kSyncTag)) return !ownership_.IsOthers(external_id, marks);
    return previous != nullptr && LeafFingerprint(secret) == previous->fingerprint_sha256;
  }

  static bool Holds(const Json& secret, const Json& data) {
    return Text(secret, "type") == kType && Member(secret, "data") == data;
  }

  // What this sync says about a Secret.
  Json Configuration(std::string_view name, const Bundle& bundle, const Json& data) const {
    Tags labels = labels_;
    labels[kManagedBy] = kManager;
    labels[kSyncLabel] = ownership_.sync_id();
    labels[kCertificateLabel] = bundle.certificate_id;
    Json metadata = {{"name", name}, {"namespace", namespace_}, {"labels", labels}};
    if (!annotations_.empty()) metadata["annotations"] = annotations_;
    return {{"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", std::move(metadata)}, {"type", kType}, {"data", data}};
  }

  // Over a Secret of ours only at the version that was seen. A new one without force: had another come into being meanwhile, its
  // fields would be others' and the server would refuse.
  Result<Json> Apply(const Call& call, std::string_view name, const Bundle& bundle, const Json& data,
                     const std::optional<Json>& found) const {
    Json wanted = Configuration(name, bundle, data);
    std::string path = Cat(PathOf(name), "?fieldManager=", kManager);
    if (found) {
      wanted["metadata"]["resourceVersion"] = Text(Member(*found, "metadata"), "resourceVersion");
      path.append("&force=true");
    }
    auto applied = api_->Send(call, "PATCH", path, wanted);
    if (applied) return applied;
    // After an answer that was lost, or an attempt that met the write of the one before, what is there decides.
    const bool may_be_there = base::http::MayHaveActed(applied.error()) || applied.error().kind == ErrorKind::kConflict;
    if (may_be_there) {
      const auto there = Look(call.ForCleanup(kLookLimit), name);
      if (there && *there && IsOurs(**there, Locate(name), nullptr) && Holds(**there, data)) return **there;
    }
    return Blame(std::move(applied).error());
  }

  Result<void> Delete(const Call& call, std::string_view name, const Json& found) const {
    const Json& metadata = Member(found, "metadata");
    const Json only_this = {{"uid", Text(metadata, "uid")}, {"resourceVersion", Text(metadata, "resourceVersion")}};
    const auto deleted =
        api_->Send(call, "DELETE", PathOf(name), {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", only_this}});
    if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
    return Blame(deleted.error());
  }

  // Over what this sync says about the Secret, as it is there, so that the fields of others do not count. A private key has 128
  // bits of strength and more: none can be found by trying what gives the digest.
  Deployed Describe(const Deployed& known, const Json& secret) const {
    const Json& metadata = Member(secret, "metadata");
    const Json& labels = Member(metadata, "labels");
    const Json& annotations = Member(metadata, "annotations");
    const Json& data = Member(secret, "data");
    std::string all = Text(secret, "type");
    for (const char* label : {kManagedBy, kSyncLabel, kCertificateLabel}) all.append(Cat('\n', Text(labels, label)));
    for (const auto& [key, value] : labels_) all.append(Cat('\n', key, '=', Text(labels, key)));
    for (const auto& [key, value] : annotations_) all.append(Cat('\n', key, '=', Text(annotations, key)));
    for (const char* part : {kCertificate, kPrivateKey, kRoot}) all.append(Cat('\n', Text(data, part)));
    Deployed now = known;
    now.external_id = Locate(known.name);
    now.version = Text(metadata, "resourceVersion");
    now.fingerprint_sha256 = LeafFingerprint(secret);
    now.key_fingerprint = base::Hex(base::crypto::Sha256(all));
    return now;
  }

  // Empty when it is not in the list, or when listing is not allowed.
  Result<std::optional<Json>> FindInList(const Call& call, const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (!list_) {
      auto list = List(call);
      if (!list && list.error().kind != ErrorKind::kDenied) return std::move(list).error();
      list_ = list ? *std::move(list) : std::map<std::string, Json>();
    }
    const auto found = list_->find(name);
    return found == list_->end() ? std::optional<Json>() : std::optional(found->second);
  }

  Result<std::map<std::string, Json>> List(const Call& call) const {
    std::map<std::string, Json> list;
    std::string next;
    do {
      const std::string selector = base::PercentEncode(Cat(kSyncLabel, "=", ownership_.sync_id()));
      const std::string tail = next.empty() ? next : Cat("&continue=", base::PercentEncode(next));
      const auto page = api_->Send(call, "GET", Cat(ListPath(), "?labelSelector=", selector, "&limit=100", tail));
      if (!page) return page.error();
      const Json& items = Member(*page, "items");
      if (!items.is_array()) return Error{ErrorKind::kProtocol, "the answer of Kubernetes has no items"};
      for (const Json& item : items) list[Text(Member(item, "metadata"), "name")] = item;
      next = Text(Member(*page, "metadata"), "continue");
    } while (!next.empty());
    return list;
  }

  void ForgetList() {
    const std::lock_guard lock(mutex_);
    list_.reset();
  }

  std::unique_ptr<KubernetesApi> api_;
  connections::Connection connection_;
  std::string namespace_;
  Tags labels_;
  Tags annotations_;
  Ownership ownership_;
  std::mutex mutex_;
  std::optional<std::map<std::string, Json>> list_;  // by name; guarded by mutex_
};

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
std::string KeyProblem(const std::string& key) {
  const std::size_t slash = key.find('/');
  const bool has_prefix = slash != std::string::npos;
  const std::string name = has_prefix ? key.substr(slash + 1) : key;
  const bool fine = IsName(name, kLetters, "-_.", kLongestLabel) &&
                    (!has_prefix || IsName(std::string_view(key).substr(0, slash), kLower, "-.", kLongestName));
  if (!fine) return Cat("\"", base::Printable(key, 80), "\" is no key of Kubernetes, such as \"example.com/team\".");
  const bool is_own = key == kManagedBy || key.starts_with("certwright/");
  return is_own ? Cat("\"", key, "\" is not yours to set: leave it out.") : std::string();
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const auto place = settings.find("namespace");
  if (place != settings.end() && !IsName(place->second, kLower, "-", kLongestLabel)) {
    problems.push_back({"namespace", "A namespace is made of lower-case letters, digits and dashes, at most 63."});
  }
  for (const auto& [key, value] : ReadMap(settings, "labels")) {
    std::string problem = KeyProblem(key);
    if (problem.empty() && !value.empty() && !IsName(value, kLetters, "-_.", kLongestLabel)) {
      problem = Cat("The value of \"", key, "\" may hold letters, digits, \"-\", \"_\" and \".\", at most 63 characters.");
    }
    if (!problem.empty()) problems.push_back({"labels", std::move(problem)});
  }
  for (const auto& [key, value] : ReadMap(settings, "annotations")) {
    if (std::string problem = KeyProblem(key); !problem.empty()) problems.push_back({"annotations", std::move(problem)});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  if (IsName(name, kLower, "-.", kLongestName)) return {};
  return Cat("The name \"", base::Printable(name, 80),
             "\" is none for a Secret: write lower-case letters, digits and dashes, such as \"certwright-{{certificateId}}\".");
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto api = MakeKubernetesApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  return std::unique_ptr<Destination>(
      std::make_unique<KubernetesSecret>(*std::move(api), *setup.connection, setup.settings, setup.sync_id));
}

}  // namespace

constexpr DestinationSpec kSecret{
    .kind = "kubernetes_secret",
    .title = "Kubernetes (TLS Secret)",
    .doc =
        "Keeps each certificate as a Secret of type `kubernetes.io/tls` by server-side apply, as the field manager `certwright`: "
        "fields "
        "of others in the same Secret stay. A renewal goes into the same Secret; Secrets of others are never touched.",
    .connection = "kubernetes",
    .fields = kFields,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::kubernetes

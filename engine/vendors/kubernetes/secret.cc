// SPDX-License-Identifier: MPL-2.0
// kubernetes_secret: each certificate is a Secret of type kubernetes.io/tls, kept by server-side apply
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/). Labels are the marks of ownership.
#include <array>
#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/sync/stored_object_destination.h"
#include "engine/vendors/kubernetes/connection.h"
#include "engine/vendors/kubernetes/names.h"
#include "engine/vendors/kubernetes/vendor.h"

namespace engine::vendors::kubernetes {
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
using sync::Tags;

constexpr const char* kManager = "certwright";
constexpr const char* kManagedBy = "app.kubernetes.io/managed-by";
constexpr const char* kSyncLabel = "certwright/sync-id";
constexpr const char* kCertificateLabel = "certwright/certificate-id";
constexpr sync::MarkNames kMarkNames{.sync_id = kSyncLabel, .certificate_id = kCertificateLabel};
constexpr const char* kType = "kubernetes.io/tls";
constexpr const char* kCertificate = "tls.crt";
constexpr const char* kPrivateKey = "tls.key";
constexpr const char* kRoot = "ca.crt";

constexpr std::array kFields{
    base::ConfigField{
        .name = "namespace", .required = true, .doc = "The namespace of the Secrets; it has to exist.", .identity = true},
    base::ConfigField{
        .name = "labels", .kind = base::FieldKind::kStringMap, .doc = "Labels of the Secrets, besides Certwright's own."},
    base::ConfigField{.name = "annotations", .kind = base::FieldKind::kStringMap, .doc = "Annotations of the Secrets."},
};

constexpr sync::StoreTraits kTraits{.ownership = sync::OwnershipRule::kMarkOrContent,
                                    .certificate_mark = "the label certwright/certificate-id"};

const Json& Member(const Json& object, std::string_view name) {
  static const Json absent;
  const Json* found = base::FindMember(object, name);
  return found == nullptr ? absent : *found;
}

std::string Text(const Json& object, std::string_view name) { return base::FindString(object, name).value_or(""); }

std::string LeafFingerprint(const Json& secret) {
  const auto pem = base::FromBase64(Text(Member(secret, "data"), kCertificate));
  const auto chain = base::crypto::ParseChain(pem.value_or(""));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

// StoredObject::details: the Secret as the API has it.
class SecretStore final : public sync::ObjectStore {
 public:
  SecretStore(std::unique_ptr<KubernetesApi> api, const Setup& setup)
      : api_(std::move(api)), connection_(*setup.connection), sync_id_(setup.sync_id) {
    const SettingReader reader(setup.settings, kFields);
    namespace_ = reader.Text("namespace");
    labels_ = reader.Map("labels");
    annotations_ = reader.Map("annotations");
  }

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return known.name; }

  // The Secret's data.
  Json Render(const Bundle& bundle, std::string_view) const override {
    const auto& chain = bundle.chain;
    const bool has_root = chain.size() > 1 && chain.back().is_self_issued;
    std::string pem;
    for (std::size_t i = 0; i + (has_root ? 1 : 0) < chain.size(); ++i) pem.append(chain[i].pem);
    Json data = {{kCertificate, base::Base64(pem)}, {kPrivateKey, base::Base64(bundle.private_key_pem.Reveal())}};
    if (has_root) data[kRoot] = base::Base64(chain.back().pem);
    return data;
  }

  // Never kComplete: whether the labels and annotations are in place shows only in an apply.
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const bool is_same = Text(object.details, "type") == kType && Member(object.details, "data") == write.content;
    return is_same ? Match::kSameContent : Match::kDifferent;
  }

  // Over what this sync says about the Secret, so that fields of others do not count. It does not reveal the private key, which
  // has at least 128 bits of strength.
  std::string KeyFingerprint(const StoredObject& object, const Deployed&, sync::TagState) const override {
    const Json& metadata = Member(object.details, "metadata");
    const Json& labels = Member(metadata, "labels");
    const Json& annotations = Member(metadata, "annotations");
    const Json& data = Member(object.details, "data");
    std::string all = Text(object.details, "type");
    for (const char* label : {kManagedBy, kSyncLabel, kCertificateLabel}) all.append(Cat('\n', Text(labels, label)));
    for (const auto& [key, value] : labels_) all.append(Cat('\n', key, '=', Text(labels, key)));
    for (const auto& [key, value] : annotations_) all.append(Cat('\n', key, '=', Text(annotations, key)));
    for (const char* part : {kCertificate, kPrivateKey, kRoot}) all.append(Cat('\n', Text(data, part)));
    return base::Hex(base::crypto::Sha256(all));
  }

  std::string ConflictMessage(const ObjectWrite&, const StoredObject& object) const override {
    return Cat("the Secret ", object.id,
               " exists and was not written by this sync; delete it, or choose another namespace or name_schema");
  }

  Result<Deployed> ParseId(std::string_view external_id) const override {
    const std::string prefix = Cat(namespace_, "/");
    const bool is_inside = external_id.starts_with(prefix) && IsSecretName(external_id.substr(prefix.size()));
    if (is_inside) return Deployed{.name = std::string(external_id.substr(prefix.size()))};
    return Error{ErrorKind::kInvalid, Cat("it is no Secret of the namespace ", namespace_, ": write ", prefix, "<name>")};
  }

  Error Explain(Error error) const override { return BlameKubernetesField(std::move(error), connection_); }

  Result<std::optional<StoredObject>> Find(const Call& call, const std::string& name) override {
    auto secret = base::OrAbsent(api_->Send(call, "GET", PathOf(name)));
    if (!secret) return std::move(secret).error();
    return *secret ? std::optional(Describe(**secret)) : std::nullopt;
  }

  // By name. Empty when listing is not allowed.
  Result<sync::ObjectList> List(const Call& call) override {
    sync::ObjectList list;
    std::string next;
    do {
      const std::string selector = base::PercentEncode(Cat(kSyncLabel, "=", sync_id_));
      const std::string tail = next.empty() ? next : Cat("&continue=", base::PercentEncode(next));
      const auto page = api_->Send(call, "GET", Cat(ListPath(), "?labelSelector=", selector, "&limit=100", tail));
      if (!page && page.error().kind == ErrorKind::kDenied) return sync::ObjectList();
      if (!page) return page.error();
      const Json& items = Member(*page, "items");
      if (!items.is_array()) return Error{ErrorKind::kProtocol, "the answer of Kubernetes has no items"};
      for (const Json& item : items) list.insert_or_assign(Text(Member(item, "metadata"), "name"), Describe(item));
      next = Text(Member(*page, "metadata"), "continue");
    } while (!next.empty());
    return list;
  }

  // Without force: had another Secret come into being meanwhile, its fields would be others' and the server would refuse.
  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    return Apply(call, write.address, "", Configuration(write));
  }

  // Only over the version that was seen. A Secret's type never changes.
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    if (Text(object.details, "type") != kType) {
      if (auto gone = Delete(call, write.address, object); !gone) return std::move(gone).error();
      return Create(call, write);
    }
    Json configuration = Configuration(write);
    configuration["metadata"]["resourceVersion"] = object.version;
    return Apply(call, write.address, "&force=true", configuration);
  }

  Result<void> Remove(const Call& call, const StoredObject& object, const Deployed& deployed) override {
    return Delete(call, deployed.name, object);
  }

 private:
  std::string ListPath() const { return Cat("/api/v1/namespaces/", base::PercentEncode(namespace_), "/secrets"); }
  std::string PathOf(std::string_view name) const { return Cat(ListPath(), "/", base::PercentEncode(name)); }

  StoredObject Describe(const Json& secret) const {
    const Json& metadata = Member(secret, "metadata");
    return {.id = Cat(namespace_, "/", Text(metadata, "name")),
            .version = Text(metadata, "resourceVersion"),
            .tags = sync::MarksIn(base::FindStringMap(metadata, "labels"), kMarkNames),
            .leaf_sha256 = LeafFingerprint(secret),
            .details = secret};
  }

  // What this sync says about a Secret.
  Json Configuration(const ObjectWrite& write) const {
    Tags labels = sync::WithMarks(labels_, write.tags, kMarkNames);
    labels[kManagedBy] = kManager;
    Json metadata = {{"name", write.address}, {"namespace", namespace_}, {"labels", labels}};
    if (!annotations_.empty()) metadata["annotations"] = annotations_;
    return {
        {"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", std::move(metadata)}, {"type", kType}, {"data", write.content}};
  }

  Result<StoredObject> Apply(const Call& call, std::string_view name, std::string_view force, const Json& configuration) {
    auto applied = api_->Send(call, "PATCH", Cat(PathOf(name), "?fieldManager=", kManager, force), configuration);
    return applied ? Describe(*applied) : Result<StoredObject>(std::move(applied).error());
  }

  // Exactly the object that was seen.
  Result<void> Delete(const Call& call, std::string_view name, const StoredObject& object) {
    const Json seen = {{"uid", Text(Member(object.details, "metadata"), "uid")}, {"resourceVersion", object.version}};
    const auto deleted =
        api_->Send(call, "DELETE", PathOf(name), {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", seen}});
    return deleted || deleted.error().kind == ErrorKind::kNotFound ? Result<void>() : deleted.error();
  }

  std::unique_ptr<KubernetesApi> api_;
  connections::Connection connection_;
  std::string sync_id_;
  std::string namespace_;
  Tags labels_;
  Tags annotations_;
};

std::string KeyProblem(const std::string& key) {
  if (!IsLabelKey(key)) return Cat("\"", base::Printable(key, 80), "\" is no key of Kubernetes, such as \"example.com/team\".");
  const bool is_own = key == kManagedBy || key.starts_with("certwright/");
  return is_own ? Cat("\"", key, "\" is not yours to set: leave it out.") : std::string();
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const SettingReader reader(settings, kFields);
  if (reader.Has("namespace") && !IsNamespaceName(reader.Text("namespace"))) {
    problems.push_back({"namespace", "A namespace is made of lower-case letters, digits and dashes, at most 63."});
  }
  for (const auto& [key, value] : reader.Map("labels")) {
    std::string problem = KeyProblem(key);
    if (problem.empty() && !IsLabelValue(value)) {
      problem = Cat("The value of \"", key, "\" may hold letters, digits, \"-\", \"_\" and \".\", at most 63 characters.");
    }
    if (!problem.empty()) problems.push_back({"labels", std::move(problem)});
  }
  for (const auto& [key, value] : reader.Map("annotations")) {
    if (std::string problem = KeyProblem(key); !problem.empty()) problems.push_back({"annotations", std::move(problem)});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  if (IsSecretName(name)) return {};
  return Cat("The name \"", base::Printable(name, 80),
             "\" is none for a Secret: write lower-case letters, digits and dashes, such as \"certwright-{{certificateId}}\".");
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  auto api = MakeKubernetesApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  return sync::MakeStoredObjectDestination(std::make_unique<SecretStore>(*std::move(api), setup), setup);
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

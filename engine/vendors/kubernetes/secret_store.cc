// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/kubernetes/secret_store.h"

#include <utility>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/kubernetes/connection.h"
#include "engine/vendors/kubernetes/names.h"

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
using sync::Match;
using sync::ObjectWrite;
using sync::StoredObject;
using sync::Tags;

constexpr const char* kManager = "certwright";
constexpr std::string_view kSyncLabel = "certwright/sync-id";
constexpr std::string_view kCertificateLabel = "certwright/certificate-id";
constexpr sync::MarkNames kMarkNames{.sync_id = kSyncLabel, .certificate_id = kCertificateLabel};
constexpr const char* kType = "kubernetes.io/tls";
constexpr const char* kCertificate = "tls.crt";
constexpr const char* kPrivateKey = "tls.key";
constexpr const char* kRoot = "ca.crt";

constexpr sync::StoreTraits kTraits{.unmarked = sync::UnmarkedRule::kUnchangedOrSame,
                                    .certificate_mark = "the label certwright/certificate-id"};

const Json& Member(const Json& object, std::string_view name) {
  static const Json absent;
  const Json* found = base::FindMember(object, name);
  return found == nullptr ? absent : *found;
}

std::string TextAt(const Json& object, std::string_view name) { return base::FindString(object, name).value_or(""); }

std::string LeafFingerprint(const Json& secret) {
  const auto pem = base::FromBase64(TextAt(Member(secret, "data"), kCertificate));
  const auto chain = base::crypto::ParseChain(pem.value_or(""));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

// StoredObject::details: the Secret as the API has it.
class SecretStore final : public sync::ObjectStore {
 public:
  SecretStore(std::shared_ptr<KubernetesApi> api, connections::Connection connection, SecretOptions options)
      : api_(std::move(api)), connection_(std::move(connection)), options_(std::move(options)) {}

  const sync::StoreTraits& traits() const override { return kTraits; }
  std::string AddressOf(const Deployed& known) const override { return known.name; }

  // The Secret's data.
  Json Render(const Bundle& bundle, std::string_view) const override {
    Json data = {{kCertificate, base::Base64(sync::JoinPem(bundle.WithoutRoot()))},
                 {kPrivateKey, base::Base64(bundle.private_key_pem.Reveal())}};
    if (const auto* root = bundle.FindRoot()) data[kRoot] = base::Base64(root->pem);
    return data;
  }

  // Never kComplete: whether the labels and annotations are in place shows only in an apply.
  Match Compare(const StoredObject& object, const ObjectWrite& write) const override {
    const bool is_same = TextAt(object.details, "type") == kType && Member(object.details, "data") == write.content;
    return is_same ? Match::kSameContent : Match::kDifferent;
  }

  // What this sync says about the Secret, so that fields of others do not count.
  sync::Parts PartsOf(const StoredObject& object, const Deployed&) const override {
    const Json& metadata = Member(object.details, "metadata");
    const Json& labels = Member(metadata, "labels");
    const Json& annotations = Member(metadata, "annotations");
    const Json& data = Member(object.details, "data");
    std::string all_labels;
    for (const std::string_view label : {kManagedBy, kSyncLabel, kCertificateLabel}) {
      all_labels.append(Cat('\n', TextAt(labels, label)));
    }
    for (const auto& [key, value] : options_.labels) all_labels.append(Cat('\n', key, '=', TextAt(labels, key)));
    std::string all_annotations;
    for (const auto& [key, value] : options_.annotations) all_annotations.append(Cat('\n', key, '=', TextAt(annotations, key)));
    sync::Parts parts{{"type", TextAt(object.details, "type")},
                      {"labels", sync::PartDigest(all_labels)},
                      {"annotations", sync::PartDigest(all_annotations)}};
    for (const char* member : {kCertificate, kPrivateKey, kRoot}) {
      const std::string value = TextAt(data, member);
      if (!value.empty()) parts.emplace(Cat("content of ", member), sync::PartDigest(value));
    }
    return parts;
  }

  std::string ConflictMessage(const ObjectWrite&, const StoredObject& object) const override {
    return Cat("the Secret ", object.id, " exists and was not written by this sync");
  }

  Result<Deployed> ParseId(std::string_view external_id) const override {
    const std::string prefix = Cat(options_.name_space, "/");
    const bool is_inside = external_id.starts_with(prefix) && IsSecretName(external_id.substr(prefix.size()));
    if (is_inside) return Deployed{.name = std::string(external_id.substr(prefix.size()))};
    return Error{ErrorKind::kInvalid,
                 Cat("it is no Secret of the namespace ", options_.name_space, ": write ", prefix, "<name>")};
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
      const std::string selector = base::PercentEncode(Cat(kSyncLabel, "=", options_.sync_id));
      const std::string tail = next.empty() ? next : Cat("&continue=", base::PercentEncode(next));
      const auto page = api_->Send(call, "GET", Cat(ListPath(), "?labelSelector=", selector, "&limit=100", tail));
      if (!page && page.error().kind == ErrorKind::kDenied) return sync::ObjectList();
      if (!page) return page.error();
      const Json& items = Member(*page, "items");
      if (!items.is_array()) return Error{ErrorKind::kProtocol, "the answer of Kubernetes has no items"};
      for (const Json& item : items) list.insert_or_assign(TextAt(Member(item, "metadata"), "name"), Describe(item));
      next = TextAt(Member(*page, "metadata"), "continue");
    } while (!next.empty());
    return list;
  }

  // Without force: had another Secret come into being meanwhile, its fields would be others' and the server would refuse.
  Result<StoredObject> Create(const Call& call, const ObjectWrite& write) override {
    return Apply(call, write.address, "", Configuration(write));
  }

  // Only over the version that was seen. A Secret's type never changes.
  Result<StoredObject> Replace(const Call& call, const ObjectWrite& write, const StoredObject& object) override {
    if (TextAt(object.details, "type") != kType) {
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
  std::string ListPath() const { return Cat("/api/v1/namespaces/", base::PercentEncode(options_.name_space), "/secrets"); }
  std::string PathOf(std::string_view name) const { return Cat(ListPath(), "/", base::PercentEncode(name)); }

  StoredObject Describe(const Json& secret) const {
    const Json& metadata = Member(secret, "metadata");
    return {.id = Cat(options_.name_space, "/", TextAt(metadata, "name")),
            .version = TextAt(metadata, "resourceVersion"),
            .tags = sync::MarksIn(base::FindStringMap(metadata, "labels"), kMarkNames),
            .leaf_sha256 = LeafFingerprint(secret),
            .details = secret};
  }

  // What this sync says about a Secret.
  Json Configuration(const ObjectWrite& write) const {
    Tags labels = sync::WithMarks(options_.labels, write.tags, kMarkNames);
    labels.insert_or_assign(std::string(kManagedBy), kManager);
    Json metadata = {{"name", write.address}, {"namespace", options_.name_space}, {"labels", labels}};
    if (!options_.annotations.empty()) metadata["annotations"] = options_.annotations;
    return {
        {"apiVersion", "v1"}, {"kind", "Secret"}, {"metadata", std::move(metadata)}, {"type", kType}, {"data", write.content}};
  }

  Result<StoredObject> Apply(const Call& call, std::string_view name, std::string_view force, const Json& configuration) {
    auto applied = api_->Send(call, "PATCH", Cat(PathOf(name), "?fieldManager=", kManager, force), configuration);
    return applied ? Describe(*applied) : Result<StoredObject>(std::move(applied).error());
  }

  // Exactly the object that was seen.
  Result<void> Delete(const Call& call, std::string_view name, const StoredObject& object) {
    const Json seen = {{"uid", TextAt(Member(object.details, "metadata"), "uid")}, {"resourceVersion", object.version}};
    const auto deleted =
        api_->Send(call, "DELETE", PathOf(name), {{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"preconditions", seen}});
    return deleted || deleted.error().kind == ErrorKind::kNotFound ? Result<void>() : deleted.error();
  }

  std::shared_ptr<KubernetesApi> api_;
  connections::Connection connection_;
  SecretOptions options_;
};

}  // namespace

std::unique_ptr<sync::ObjectStore> MakeSecretStore(std::shared_ptr<KubernetesApi> api, connections::Connection connection,
                                                   SecretOptions options) {
  return std::make_unique<SecretStore>(std::move(api), std::move(connection), std::move(options));
}

}  // namespace engine::vendors::kubernetes

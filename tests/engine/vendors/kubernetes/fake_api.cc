// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/kubernetes/fake_api.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Cat;
using base::Json;
using base::http::Response;
using Fields = std::map<std::string, std::string>;

Response KubernetesStatus(int code, const std::string& reason, const std::string& message) {
  return JsonAnswer(code, {{"kind", "Status"},
                           {"apiVersion", "v1"},
                           {"metadata", Json::object()},
                           {"status", "Failure"},
                           {"message", message},
                           {"reason", reason},
                           {"code", code}});
}

Response KubernetesNotFound(const std::string& name) {
  return KubernetesStatus(404, "NotFound", Cat("secrets \"", name, "\" not found"));
}

Response Modified(const std::string& name) {
  return KubernetesStatus(409, "Conflict",
                          Cat("Operation cannot be fulfilled on secrets \"", name,
                              "\": the object has been modified; please apply your changes to the latest version and try again"));
}

Response Invalid(const std::string& name, const std::string& what) {
  return KubernetesStatus(422, "Invalid", Cat("Secret \"", name, "\" is invalid: ", what));
}

std::string KubernetesText(const Json& object, const char* name) { return base::FindString(object, name).value_or(""); }

Json Inner(const Json& object, const char* name) {
  const Json* found = base::FindMember(object, name);
  return found == nullptr ? Json::object() : *found;
}

Fields FieldsOf(const Json& secret) {
  Fields fields;
  if (secret.contains("type")) fields["type"] = KubernetesText(secret, "type");
  const Json metadata = Inner(secret, "metadata");
  const std::pair<const char*, Json> groups[] = {
      {"data/", Inner(secret, "data")}, {"labels/", Inner(metadata, "labels")}, {"annotations/", Inner(metadata, "annotations")}};
  for (const auto& [prefix, group] : groups) {
    for (const auto& [key, value] : group.items()) fields[prefix + key] = value.is_string() ? value.get<std::string>() : "";
  }
  return fields;
}

// What the server's validation finds; empty: nothing.
std::string Problem(const std::string& name, const Fields& fields) {
  const std::string allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  if (name.find_first_not_of(allowed) != std::string::npos || name.size() > 253)
    return "metadata.name: Invalid value: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters";
  for (const auto& [field, value] : fields) {
    if (field.starts_with("data/") && !base::FromBase64(value)) return Cat(field, ": illegal base64 data");
    if (field.starts_with("labels/") && value.size() > 63) return Cat("metadata.labels: Invalid value: must be no more than 63");
  }
  const auto type = fields.find("type");
  if (type == fields.end() || type->second != "kubernetes.io/tls") return "";
  for (const char* part : {"data/tls.crt", "data/tls.key"}) {
    if (!fields.contains(part)) return Cat(part, ": Required value");
  }
  return "";
}

}  // namespace

void FakeKubernetes::Set(const std::string& name, const Fields& fields) {
  std::lock_guard lock(mutex_);
  Item& item = items_[name];
  if (item.uid.empty()) item.uid = Cat("uid-", ++clock_);
  item.version = ++clock_;
  for (const auto& [field, value] : fields) {
    item.owners[field] = {"other"};
    item.fields[field] = value;
    if (!value.empty()) continue;
    item.fields.erase(field);
    item.owners.erase(field);
  }
}

void FakeKubernetes::Erase(const std::string& name) {
  std::lock_guard lock(mutex_);
  items_.erase(name);
}

FakeKubernetes::Item FakeKubernetes::Get(const std::string& name) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(name);
  return found == items_.end() ? Item{} : found->second;
}

std::string FakeKubernetes::Snapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [name, item] : items_) all += Show(name, item).dump() + '\n';
  return all;
}

Json FakeKubernetes::Show(const std::string& name, const Item& item) const {
  Json metadata = {{"name", name},
                   {"namespace", kNamespace},
                   {"uid", item.uid},
                   {"resourceVersion", std::to_string(item.version)},
                   {"creationTimestamp", "2026-11-22T00:00:00Z"}};
  Json secret = {{"kind", "Secret"}, {"apiVersion", "v1"}};
  for (const auto& [field, value] : item.fields) {
    const std::string key = field.substr(field.find('/') + 1);
    if (field == "type") secret["type"] = value;
    if (field.starts_with("data/")) secret["data"][key] = value;
    if (field.starts_with("labels/")) metadata["labels"][key] = value;
    if (field.starts_with("annotations/")) metadata["annotations"][key] = value;
  }
  secret["metadata"] = std::move(metadata);
  return secret;
}

Response FakeKubernetes::Answer(const ApiRequest& request) {
  const std::string authorization = request.Header("authorization");
  if (!authorization.empty() && authorization != Cat("Bearer ", kToken))
    return KubernetesStatus(401, "Unauthorized", "Unauthorized");
  const std::string secrets = Cat("/api/v1/namespaces/", kNamespace, "/secrets");
  if (!request.path.starts_with("/api/v1/namespaces/")) return Discover(request);
  if (authorization.empty()) {
    return KubernetesStatus(403, "Forbidden", "secrets is forbidden: User \"system:anonymous\" cannot get resource \"secrets\"");
  }
  if (request.path == secrets && request.method == "GET") return List(request);
  const std::string name = request.Segments().back();
  if (request.path != Cat(secrets, "/", name)) return KubernetesNotFound(name);
  if (request.method == "PATCH") return Apply(request, name);
  const auto found = items_.find(name);
  if (found == items_.end()) return KubernetesNotFound(name);
  if (request.method == "GET") return JsonAnswer(200, Show(name, found->second));
  return request.method == "DELETE" ? Delete(request, name) : KubernetesStatus(405, "MethodNotAllowed", "not supported");
}

// What a client asks before it asks for anything.
Response FakeKubernetes::Discover(const ApiRequest& request) const {
  const Json secrets = {{"name", "secrets"},
                        {"singularName", "secret"},
                        {"namespaced", true},
                        {"kind", "Secret"},
                        {"verbs", {"create", "delete", "get", "list", "patch", "update"}}};
  if (request.path == "/version") return JsonAnswer(200, {{"major", "1"}, {"minor", "31"}, {"gitVersion", "v1.31.0"}});
  if (request.path == "/api") return JsonAnswer(200, {{"kind", "APIVersions"}, {"versions", {"v1"}}});
  if (request.path == "/apis") {
    return JsonAnswer(200, {{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", Json::array()}});
  }
  if (request.path == "/api/v1") {
    return JsonAnswer(200, {{"kind", "APIResourceList"}, {"groupVersion", "v1"}, {"resources", Json::array({secrets})}});
  }
  return KubernetesStatus(404, "NotFound", "the server could not find the requested resource");
}

Response FakeKubernetes::List(const ApiRequest& request) {
  ++lists_;
  if (lists_are_forbidden_) return KubernetesStatus(403, "Forbidden", "secrets is forbidden: cannot list resource \"secrets\"");
  const std::string selector = request.Query("labelSelector");
  const std::size_t equals = std::min(selector.find('='), selector.size());
  const auto limit = static_cast<std::size_t>(request.QueryNumber("limit", 500));
  Json items = Json::array();
  std::string next;
  for (const auto& [name, item] : items_) {
    if (name <= request.Query("continue") && !request.Query("continue").empty()) continue;
    const auto label = item.fields.find(Cat("labels/", selector.substr(0, equals)));
    if (!selector.empty() && (label == item.fields.end() || label->second != selector.substr(equals + 1))) continue;
    if (items.size() == limit) {
      next = items.back()["metadata"]["name"];
      break;
    }
    Json shown = Show(name, item);
    shown.erase("kind");
    shown.erase("apiVersion");
    items.push_back(std::move(shown));
  }
  Json metadata = {{"resourceVersion", std::to_string(clock_)}};
  if (!next.empty()) metadata["continue"] = next;
  return JsonAnswer(200, {{"kind", "SecretList"}, {"apiVersion", "v1"}, {"metadata", metadata}, {"items", items}});
}

Response FakeKubernetes::Apply(const ApiRequest& request, const std::string& name) {
  const std::string manager = request.Query("fieldManager");
  const Json body = request.Body();
  if (request.Header("content-type") != "application/apply-patch+yaml" || !body.is_object())
    return KubernetesStatus(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
  if (manager.empty()) return KubernetesStatus(400, "BadRequest", "fieldManager: Required value: is required for apply patch");
  const Json metadata = Inner(body, "metadata");
  if (KubernetesText(metadata, "name") != name || KubernetesText(metadata, "namespace") != kNamespace)
    return KubernetesStatus(400, "BadRequest", "the name of the object does not match the name on the URL");
  const auto found = items_.find(name);
  const std::string version = KubernetesText(metadata, "resourceVersion");
  const bool is_new = found == items_.end();
  if (!version.empty() && (is_new || version != std::to_string(found->second.version))) return Modified(name);

  Item item = is_new ? Item{} : found->second;
  const Fields wanted = FieldsOf(body);
  for (const auto& [field, value] : wanted) {
    auto& owners = item.owners[field];
    const bool differs = item.fields.contains(field) && item.fields[field] != value;
    const bool is_others = std::any_of(owners.begin(), owners.end(), [&](const auto& one) { return one != manager; });
    if (differs && is_others && request.Query("force") != "true") {
      return KubernetesStatus(409, "Conflict",
                              Cat("Apply failed with 1 conflict: conflict with \"", *owners.begin(), "\" using v1: ", field));
    }
    if (differs) owners.clear();
    owners.insert(manager);
    item.fields[field] = value;
  }
  // What this manager no longer says goes, unless another says it too.
  for (auto& [field, owners] : item.owners) {
    if (!wanted.contains(field) && owners.erase(manager) > 0 && owners.empty()) item.fields.erase(field);
  }
  std::erase_if(item.owners, [](const auto& one) { return one.second.empty(); });
  if (!is_new && item.fields["type"] != found->second.fields["type"]) return Invalid(name, "type: field is immutable");
  if (const std::string problem = Problem(name, item.fields); !problem.empty()) return Invalid(name, problem);
  if (is_new) item.uid = Cat("uid-", ++clock_);
  if (is_new || item.fields != found->second.fields || item.owners != found->second.owners) item.version = ++clock_;
  items_[name] = item;
  return JsonAnswer(is_new ? 201 : 200, Show(name, item));
}

Response FakeKubernetes::Delete(const ApiRequest& request, const std::string& name) {
  const Item& item = items_[name];
  const Json wanted = Inner(request.Body(), "preconditions");
  const std::string uid = KubernetesText(wanted, "uid");
  const std::string version = KubernetesText(wanted, "resourceVersion");
  if ((!uid.empty() && uid != item.uid) || (!version.empty() && version != std::to_string(item.version))) return Modified(name);
  const std::string gone = item.uid;
  items_.erase(name);
  return JsonAnswer(200, {{"kind", "Status"},
                          {"apiVersion", "v1"},
                          {"metadata", Json::object()},
                          {"status", "Success"},
                          {"details", {{"name", name}, {"kind", "secrets"}, {"uid", gone}}}});
}

}  // namespace tests

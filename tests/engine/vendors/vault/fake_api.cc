// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/vault/fake_api.h"

#include <utility>

#include "base/text.h"

namespace tests {
namespace {

using base::Json;
using base::http::Response;

Response Errors(int status, const Json& errors) { return JsonAnswer(status, {{"errors", errors}}); }
Response Good(const Json& data) { return JsonAnswer(200, {{"data", data}, {"auth", nullptr}}); }

Json MetadataOf(const FakeVault::Item& item) {
  return {{"version", item.version},
          {"destroyed", false},
          {"deletion_time", item.deleted ? "2026-11-22T00:33:11.2Z" : ""},
          {"custom_metadata", item.marks}};
}

}  // namespace

void FakeVault::Place(const std::string& path, const Item& item) {
  std::lock_guard lock(mutex_);
  items_[path] = item;
}

void FakeVault::Erase(const std::string& path) {
  std::lock_guard lock(mutex_);
  items_.erase(path);
}

FakeVault::Item FakeVault::Get(const std::string& path) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(path);
  return found == items_.end() ? Item{} : found->second;
}

std::string FakeVault::Snapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [path, item] : items_) all += base::Cat(path, ' ', MetadataOf(item).dump(), ' ', item.data.dump(), '\n');
  return all;
}

void FakeVault::AddVersionAfterNextWrite(const Json& data) {
  std::lock_guard lock(mutex_);
  next_ = data;
}

void FakeVault::AcceptToken(const std::string& token) {
  std::lock_guard lock(mutex_);
  token_ = token;
}

void FakeVault::AcceptLogin(const std::string& mount, const Json& body) {
  std::lock_guard lock(mutex_);
  logins_[mount] = body;
}

Response FakeVault::Answer(const ApiRequest& request) {
  const auto parts = request.Segments();
  if (parts.size() < 2 || parts[0] != "v1") return Errors(404, Json::array());
  const std::string space = request.Header("x-vault-namespace");
  if (!space.empty() && space != kNamespace) return Errors(404, {"namespace not found"});
  if (request.method == "POST" && parts[1] == "auth" && parts.back() == "login") {
    const auto login = logins_.find(request.path.substr(9, request.path.size() - 15));
    if (login == logins_.end() || login->second != request.Body()) return Errors(400, {"invalid role or secret ID"});
    return JsonAnswer(200, {{"auth", {{"client_token", token_}, {"lease_duration", 60}}}});
  }
  if (request.Header("x-vault-token") != token_) return Errors(403, {"permission denied"});
  if (request.path == "/v1/auth/token/lookup-self") return Good({{"display_name", "token"}});
  if (request.path.starts_with("/v1/secret/data/")) return Data(request, request.path.substr(16));
  if (request.path.starts_with("/v1/secret/destroy/")) return Destroy(request, request.path.substr(19));
  if (request.path.starts_with("/v1/secret/metadata/")) return Metadata(request, request.path.substr(20));
  if (request.path.starts_with("/v1/sys/internal/ui/mounts/")) return Mount(parts.back());
  if (parts[1] == "v1") return Errors(request.method == "GET" ? 404 : 500, Json::array());
  if (parts[1] == "old") return Good({{"certificate", "of version 1"}});
  return Errors(404, {base::Cat("no handler for route \"", request.path.substr(4), "\". route entry not found.")});
}

Response FakeVault::Mount(const std::string& mount) {
  const bool is_old = mount == "old" || mount == "v1";
  if (is_old || mount == "secret") return Good({{"type", "kv"}, {"options", {{"version", is_old ? "1" : "2"}}}});
  return Errors(
      403, {base::Cat("preflight capability check returned 403, please ensure client's policies grant access to path \"", mount,
                      "/\"")});
}

Response FakeVault::Data(const ApiRequest& request, const std::string& path) {
  if (request.method == "POST") return Write(request, path);
  const auto found = items_.find(path);
  if (found == items_.end()) return Errors(404, Json::array());
  const Item& item = found->second;
  const Json answer = {{"data", item.deleted ? Json() : item.data}, {"metadata", MetadataOf(item)}};
  return JsonAnswer(item.deleted ? 404 : 200, {{"data", answer}});
}

Response FakeVault::Write(const ApiRequest& request, const std::string& path) {
  const Json body = request.Body();
  if (!body.is_object() || !body.contains("data")) return Errors(400, {"no data provided"});
  if (!body.contains("options")) return Errors(400, {"check-and-set parameter required for this call"});
  const auto found = items_.find(path);
  const std::int64_t version = found == items_.end() ? 0 : found->second.version;
  if (body["options"]["cas"] != version) return Errors(400, {"check-and-set parameter did not match the current version"});
  Item& item = items_[path];
  auto former = item.former;
  if (version > 0) former[version] = item.data;
  item = {.version = version + 1, .deleted = false, .data = body["data"], .marks = item.marks, .former = std::move(former)};
  const Json answer = MetadataOf(item);
  if (const Json data = std::exchange(next_, Json()); !data.is_null()) {
    item.former[item.version] = item.data;
    ++item.version;
    item.data = data;
  }
  return Good(answer);
}

Response FakeVault::Destroy(const ApiRequest& request, const std::string& path) {
  const auto item = items_.find(path);
  if (item == items_.end()) return Errors(404, Json::array());
  const Json body = request.Body();
  for (const Json& one : body.at("versions")) {
    const auto version = one.get<std::int64_t>();
    if (version == item->second.version) return Errors(400, {"the test destroys no current version"});
    item->second.former[version] = Json();
  }
  return {.status = 204};
}

Response FakeVault::Metadata(const ApiRequest& request, const std::string& path) {
  if (request.method == "GET") {
    const auto item = items_.find(path);
    if (item == items_.end()) return Errors(404, Json::array());
    Json versions = Json::object();
    for (std::int64_t version = 1; version <= item->second.version; ++version) {
      versions[std::to_string(version)] = {{"destroyed", false}};
    }
    return Good({{"versions", versions}, {"current_version", item->second.version}});
  }
  if (request.method == "DELETE") {
    items_.erase(path);
    return {.status = 204};
  }
  const Json body = request.Body();
  if (request.method != "POST" || !body.is_object()) return Errors(405, {"unsupported operation"});
  const Json marks = body.value("custom_metadata", Json::object());
  for (const auto& [key, value] : marks.items()) {
    if (!value.is_string() || key.size() > 128 || value.get<std::string>().size() > 512) {
      return Errors(400, {"custom_metadata validation failed"});
    }
  }
  items_[path].marks = marks;
  return {.status = 204};
}

}  // namespace tests

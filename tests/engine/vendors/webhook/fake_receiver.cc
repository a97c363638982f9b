// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/webhook/fake_receiver.h"

#include <algorithm>
#include <array>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/sync/parts.h"

namespace tests {
namespace webhook_fake_receiver {
namespace {

constexpr std::string_view kShelf = "shelf/";

base::http::Response Refuse(int status, const std::string& error, const std::string& message) {
  return JsonAnswer(status, {{"error", error}, {"message", message}});
}

// Computed in its own way: with HMAC, and with the time as text.
bool IsSigned(const ApiRequest& request) {
  const std::string header = request.Header("certwright-signature");
  const auto comma = header.find(",v1=");
  if (!header.starts_with("t=") || comma == std::string::npos) return false;
  const std::string time = header.substr(2, comma - 2);
  const std::string text = time + "." + request.whole->body;
  const std::string digest = base::crypto::Hmac(base::crypto::Hash::kSha256, base::Secret(FakeReceiver::kSecret), text);
  return base::Hex(digest) == header.substr(comma + 4);
}

// The members of each request, whether they may be absent.
bool HasKnownMembers(const base::Json& request, const std::string& operation) {
  std::vector<std::string> required = {"protocol", "operation", "sync_id", "settings"};
  std::vector<std::string> optional = {"name", "external_id"};
  if (operation == "put") {
    required.insert(required.end(), {"name", "certificate_id", "fingerprint_sha256", "certificate_pem", "chain_pem",
                                     "private_key_pem", "dns_names", "not_after"});
    optional.emplace_back("version");
  }
  if (operation == "remove") {
    required.insert(required.end(), {"external_id", "fingerprint_sha256"});
    optional.insert(optional.end(), {"version", "certificate_id"});
  }
  const auto is_in = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const auto& [name, value] : request.items()) {
    if (!is_in(required, name) && !is_in(optional, name)) return false;
  }
  return std::all_of(required.begin(), required.end(), [&](const std::string& name) { return request.contains(name); });
}

std::string NameIn(const base::Json& request) {
  const std::string id = base::FindString(request, "external_id").value_or("");
  return id.starts_with(kShelf) ? id.substr(kShelf.size()) : base::FindString(request, "name").value_or("");
}

base::Json Describe(const std::string& name, const FakeReceiver::Item& item) {
  return {{"external_id", base::Cat(kShelf, name)},
          {"version", std::to_string(item.version)},
          {"fingerprint_sha256", item.content.value("fingerprint_sha256", "")},
          {"sync_id", item.content.value("sync_id", "")},
          {"certificate_id", item.content.value("certificate_id", "")},
          {"parts", {{"private key", engine::sync::PartDigest(item.content.value("private_key_pem", ""))}}}};
}

}  // namespace
}  // namespace webhook_fake_receiver

using webhook_fake_receiver::Describe;
using webhook_fake_receiver::Refuse;

bool FakeReceiver::Has(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return items_.contains(name);
}

FakeReceiver::Item FakeReceiver::Get(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return items_.at(name);
}

void FakeReceiver::Place(const std::string& name, const Item& item) {
  const std::lock_guard lock(mutex_);
  items_[name] = item;
}

void FakeReceiver::Erase(const std::string& name) {
  const std::lock_guard lock(mutex_);
  items_.erase(name);
}

std::string FakeReceiver::Snapshot() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [name, item] : items_) all.append(base::Cat(name, ' ', item.version, ' ', base::DumpJson(item.content), '\n'));
  return all;
}

base::http::Response FakeReceiver::Answer(const ApiRequest& request) {
  if (request.path != "/hooks/certificate") return {.status = 404};
  if (request.method != "POST") return {.status = 405};
  if (!webhook_fake_receiver::IsSigned(request)) return Refuse(401, "bad_signature", "the signature is wrong");
  const base::Json body = request.Body();
  const std::string operation = base::FindString(body, "operation").value_or("");
  if (request.Header("content-type") != "application/json" || !webhook_fake_receiver::HasKnownMembers(body, operation)) {
    return Refuse(422, "bad_request", "it is not as the protocol has it");
  }
  const std::string name = webhook_fake_receiver::NameIn(body);
  if (operation == "put") return Put(name, body);
  return operation == "remove" ? Remove(name, body) : Observe(name);
}

base::http::Response FakeReceiver::Observe(const std::string& name) const {
  const auto found = items_.find(name);
  return found == items_.end() ? Refuse(404, "not_found", "nothing is there") : JsonAnswer(200, Describe(name, found->second));
}

base::http::Response FakeReceiver::Put(const std::string& name, const base::Json& request) {
  if (broken_) return Refuse(422, "failed", base::Cat("disk full: ", base::FindString(request, "private_key_pem").value_or("")));
  const auto found = items_.find(name);
  const bool is_there = found != items_.end();
  if (is_there && !request.contains("external_id") &&
      found->second.content.value("sync_id", "") != request.value("sync_id", "")) {
    return Refuse(409, "conflict", "it is somebody else's");
  }
  if (is_there && request.contains("version") && request.value("version", "") != std::to_string(found->second.version)) {
    return Refuse(409, "conflict", "it was changed meanwhile");
  }
  Item& item = items_[name];
  item = {.version = item.version + 1, .content = request};
  return JsonAnswer(200, Describe(name, item));
}

base::http::Response FakeReceiver::Remove(const std::string& name, const base::Json& request) {
  const auto found = items_.find(name);
  if (found == items_.end()) return Refuse(404, "not_found", "nothing is there");
  if (found->second.content.value("fingerprint_sha256", "") != request.value("fingerprint_sha256", "")) {
    return Refuse(409, "conflict", "it holds another certificate");
  }
  items_.erase(found);
  return JsonAnswer(200, base::Json::object());
}

}  // namespace tests

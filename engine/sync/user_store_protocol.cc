// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/user_store_protocol.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/time_format.h"

namespace engine::sync {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;

constexpr int kProtocolVersion = 1;
constexpr std::size_t kMaxVersion = 256;
constexpr std::size_t kMaxParts = 32;
constexpr std::size_t kMaxPartName = 60;
constexpr std::size_t kSha256Digits = 64;

constexpr std::array<std::string_view, 6> kAnswerMembers = {"certificate_id", "external_id", "fingerprint_sha256",
                                                            "parts",          "sync_id",     "version"};

void SetKnown(Json& request, std::string_view name, const std::string& value) {
  if (!value.empty()) request[std::string(name)] = value;
}

Json MakeRequest(UserStoreOperation operation, const UserStoreScope& scope, const UserStoreObject& object) {
  Json request = {{"protocol", kProtocolVersion},
                  {"operation", std::string(NameOf(operation))},
                  {"sync_id", scope.sync_id},
                  {"settings", Json::object()}};
  for (const auto& [name, value] : scope.settings) request["settings"][name] = value;
  SetKnown(request, "name", object.name);
  SetKnown(request, "external_id", object.external_id);
  return request;
}

UserStoreRequest Finish(UserStoreOperation operation, const UserStoreObject& object, const Json& request) {
  return {.operation = operation,
          .subject = base::Printable(object.name.empty() ? object.external_id : object.name, kMaxExternalId),
          .body = base::Secret(base::DumpJson(request))};
}

Error Complain(std::string message) { return Error{ErrorKind::kProtocol, std::move(message)}; }

Result<Json> ParseObject(std::string_view text) {
  if (text.size() > kMaxUserStoreAnswer) return Complain("the answer is longer than 64 kB");
  auto answer = base::ParseJsonObject(text, {.bytes = kMaxUserStoreAnswer, .depth = 3});
  if (!answer) return Complain(Cat("the answer is not one JSON object: ", answer.error().message));
  return answer;
}

bool IsPrintable(const std::string& text) { return base::Printable(text, text.size()) == text; }

// A text of at most `limit` bytes; empty when the member is absent.
Result<std::string> ReadText(const Json& answer, std::string_view name, std::size_t limit) {
  const Json* member = base::FindMember(answer, name);
  if (member == nullptr) return std::string();
  if (!member->is_string()) return Complain(Cat("`", name, "` of the answer is not a string"));
  std::string text = member->get<std::string>();
  if (text.size() > limit) return Complain(Cat("`", name, "` of the answer is longer than ", limit, " bytes"));
  if (!IsPrintable(text)) return Complain(Cat("`", name, "` of the answer contains characters that are not printable"));
  return text;
}

// As openssl prints it ("AA:BB:…"), or in any other case and without colons.
Result<std::string> ReadFingerprint(const Json& answer) {
  auto text = ReadText(answer, "fingerprint_sha256", 2 * kSha256Digits);
  if (!text || text->empty()) return text;
  std::string digits = base::ToLower(*text);
  std::erase(digits, ':');
  const bool is_digest = digits.size() == kSha256Digits && digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_digest) return Complain("`fingerprint_sha256` of the answer is not a SHA-256 digest in hexadecimal");
  return digits;
}

Result<Parts> ReadParts(const Json& answer) {
  Parts parts;
  const Json* member = base::FindMember(answer, "parts");
  if (member == nullptr) return parts;
  if (!member->is_object() || member->size() > kMaxParts) {
    return Complain(Cat("`parts` of the answer is not an object of at most ", kMaxParts, " members"));
  }
  for (const auto& [name, value] : member->items()) {
    if (name.empty() || name.size() > kMaxPartName || !IsPrintable(name) || !value.is_string()) {
      return Complain(
          Cat("`parts` of the answer needs printable names of at most ", kMaxPartName, " bytes, and strings as values"));
    }
    parts.emplace(name, PartDigest(value.get_ref<const std::string&>()));
  }
  return parts;
}

Result<Tags> ReadMarks(const Json& answer) {
  Tags marks;
  for (const auto& [member, tag] : {std::pair("sync_id", kSyncTag), std::pair("certificate_id", kCertificateTag)}) {
    auto value = ReadText(answer, member, kMaxVersion);
    if (!value) return std::move(value).error();
    if (!value->empty()) marks.emplace(tag, *std::move(value));
  }
  return marks;
}

Result<void> CheckMembers(const Json& answer) {
  for (const auto& [name, value] : answer.items()) {
    if (std::find(kAnswerMembers.begin(), kAnswerMembers.end(), name) == kAnswerMembers.end()) {
      return Complain(Cat("the answer has an unknown member: `", base::Printable(name, kMaxPartName), "`"));
    }
  }
  return {};
}

}  // namespace

std::string_view NameOf(UserStoreOperation operation) {
  switch (operation) {
    case UserStoreOperation::kObserve:
      return "observe";
    case UserStoreOperation::kPut:
      return "put";
    case UserStoreOperation::kRemove:
      break;
  }
  return "remove";
}

UserStoreRequest ObserveRequest(const UserStoreScope& scope, const UserStoreObject& object) {
  return Finish(UserStoreOperation::kObserve, object, MakeRequest(UserStoreOperation::kObserve, scope, object));
}

UserStoreRequest PutRequest(const UserStoreScope& scope, const UserStoreObject& over, const Bundle& bundle) {
  const base::crypto::Certificate& leaf = bundle.chain.front();
  Json request = MakeRequest(UserStoreOperation::kPut, scope, over);
  SetKnown(request, "version", over.version);
  request["certificate_id"] = bundle.certificate_id;
  request["certificate_pem"] = leaf.pem;
  request["chain_pem"] = JoinPem(bundle.AboveLeaf());
  request["private_key_pem"] = std::string(bundle.private_key_pem.Reveal());
  request["fingerprint_sha256"] = leaf.fingerprint_sha256;
  request["dns_names"] = leaf.dns_names;
  request["not_after"] = base::FormatRfc3339(leaf.not_after);
  UserStoreRequest put = Finish(UserStoreOperation::kPut, over, request);
  put.private_key = bundle.private_key_pem;
  base::Wipe(request["private_key_pem"].get_ref<std::string&>());
  return put;
}

UserStoreRequest RemoveRequest(const UserStoreScope& scope, const UserStoreObject& object) {
  Json request = MakeRequest(UserStoreOperation::kRemove, scope, object);
  SetKnown(request, "version", object.version);
  SetKnown(request, "certificate_id", object.certificate_id);
  SetKnown(request, "fingerprint_sha256", object.fingerprint_sha256);
  return Finish(UserStoreOperation::kRemove, object, request);
}

Result<UserStoreAnswer> ParseUserStoreAnswer(std::string_view text) {
  const auto answer = ParseObject(text);
  if (!answer) return answer.error();
  if (auto known = CheckMembers(*answer); !known) return std::move(known).error();
  auto external_id = ReadText(*answer, "external_id", kMaxExternalId);
  if (!external_id) return std::move(external_id).error();
  if (external_id->empty()) return Complain("the answer has no `external_id`");
  auto version = ReadText(*answer, "version", kMaxVersion);
  if (!version) return std::move(version).error();
  auto fingerprint = ReadFingerprint(*answer);
  if (!fingerprint) return std::move(fingerprint).error();
  auto marks = ReadMarks(*answer);
  if (!marks) return std::move(marks).error();
  auto parts = ReadParts(*answer);
  if (!parts) return std::move(parts).error();
  return UserStoreAnswer{.external_id = *std::move(external_id),
                         .version = *std::move(version),
                         .fingerprint_sha256 = *std::move(fingerprint),
                         .marks = *std::move(marks),
                         .parts = *std::move(parts)};
}

Result<void> ParseUserStoreRemoval(std::string_view text) {
  const auto answer = ParseObject(text);
  if (!answer) return answer.error();
  if (answer->empty()) return {};
  return Complain("the answer to remove is not the empty object {}");
}

}  // namespace engine::sync

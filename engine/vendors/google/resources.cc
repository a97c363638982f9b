// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/resources.h"

#include <algorithm>
#include <array>

#include "base/poller.h"
#include "base/text.h"
#include "base/url.h"

namespace engine::vendors::google {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindBool;
using base::FindInteger;
using base::FindMember;
using base::FindString;
using base::GetString;
using base::Json;
using base::PercentEncode;
using base::Printable;
using base::Result;

constexpr std::array<std::chrono::milliseconds, 5> kPauses = {std::chrono::milliseconds(500), std::chrono::seconds(1),
                                                              std::chrono::seconds(2), std::chrono::seconds(4),
                                                              std::chrono::seconds(5)};
constexpr int kPageSize = 500;
constexpr int kMostPages = 1000;

// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
struct RpcCode {
  std::int64_t number;
  std::string_view name;
  ErrorKind kind;
};
constexpr std::array kCodes{
    RpcCode{1, "CANCELLED", ErrorKind::kUnavailable},
    RpcCode{3, "INVALID_ARGUMENT", ErrorKind::kInvalid},
    RpcCode{4, "DEADLINE_EXCEEDED", ErrorKind::kUnavailable},
    RpcCode{5, "NOT_FOUND", ErrorKind::kNotFound},
    RpcCode{6, "ALREADY_EXISTS", ErrorKind::kConflict},
    RpcCode{7, "PERMISSION_DENIED", ErrorKind::kDenied},
    RpcCode{8, "RESOURCE_EXHAUSTED", ErrorKind::kConflict},
    RpcCode{9, "FAILED_PRECONDITION", ErrorKind::kConflict},
    RpcCode{10, "ABORTED", ErrorKind::kConflict},
    RpcCode{14, "UNAVAILABLE", ErrorKind::kUnavailable},
    RpcCode{16, "UNAUTHENTICATED", ErrorKind::kDenied},
};

Error ToError(const Json& failure) {
  const auto number = FindInteger(failure, "code").value_or(2);
  const auto known = std::find_if(kCodes.begin(), kCodes.end(), [&](const RpcCode& code) { return code.number == number; });
  const std::string name = known == kCodes.end() ? Cat("code ", number) : std::string(known->name);
  return Error{
      .kind = known == kCodes.end() ? ErrorKind::kUnavailable : known->kind,
      .message = Cat("Google Cloud refused: ", Printable(FindString(failure, "message").value_or(""), 300), " (", name, ")"),
      .code = name};
}

// In use, or not in the state for it: 400 with this word.
Error Sharpen(Error error) {
  if (error.code == "FAILED_PRECONDITION" || error.code == "failedPrecondition") error.kind = ErrorKind::kConflict;
  return error;
}

}  // namespace

Result<std::optional<Json>> GoogleResources::Find(const Call& call, std::string_view name) const {
  auto found = api_.Send(call, "GET", Cat("/", version_, "/", name));
  if (found) return std::optional(*std::move(found));
  // A token that could not be got is no answer about the resource.
  if (found.error().kind == ErrorKind::kNotFound && found.error().while_doing.empty()) return std::optional<Json>();
  return std::move(found).error();
}

Result<std::vector<Json>> GoogleResources::List(const Call& call, std::string_view collection, std::string_view member) const {
  std::vector<Json> all;
  std::string page;
  for (int count = 0; count < kMostPages; ++count) {
    const std::string token = page.empty() ? "" : Cat("&pageToken=", PercentEncode(page));
    const auto answer = api_.Send(call, "GET", Cat("/", version_, "/", collection, "?pageSize=", kPageSize, token));
    if (!answer) return answer.error();
    const Json* elements = FindMember(*answer, member);
    if (elements != nullptr && elements->is_array()) all.insert(all.end(), elements->begin(), elements->end());
    page = FindString(*answer, "nextPageToken").value_or("");
    if (page.empty()) return all;
  }
  return Error{ErrorKind::kProtocol, "Google Cloud's list does not end"};
}

Result<void> GoogleResources::Create(const Call& call, std::string_view collection, std::string_view id_parameter,
                                     std::string_view id, const Json& body) const {
  return Await(call,
               api_.Send(call, "POST", Cat("/", version_, "/", collection, "?", id_parameter, "=", PercentEncode(id)), body));
}

Result<void> GoogleResources::Update(const Call& call, std::string_view name, std::string_view mask, const Json& body) const {
  return Await(call, api_.Send(call, "PATCH", Cat("/", version_, "/", name, "?updateMask=", PercentEncode(mask)), body));
}

Result<void> GoogleResources::Delete(const Call& call, std::string_view name) const {
  auto deleted = Await(call, api_.Send(call, "DELETE", Cat("/", version_, "/", name)));
  if (!deleted && deleted.error().kind == ErrorKind::kNotFound && deleted.error().while_doing.empty()) return {};
  return deleted;
}

Result<void> GoogleResources::Await(const Call& call, Result<Json> operation) const {
  base::Poller poller(call, "waiting for Google Cloud's operation", kPauses);
  while (operation) {
    if (const Json* failure = FindMember(*operation, "error")) return ToError(*failure);
    if (FindBool(*operation, "done") == true) return {};
    const auto name = GetString(*operation, "name");
    if (!name) return name.error();
    if (auto waited = poller.Pause(); !waited) return std::move(waited).error().While("waiting for Google Cloud's operation");
    operation = api_.Send(call, "GET", Cat("/", version_, "/", *name));
  }
  return Sharpen(std::move(operation).error());
}

}  // namespace engine::vendors::google

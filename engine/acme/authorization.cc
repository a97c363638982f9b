// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/authorization.h"

#include <algorithm>
#include <array>

#include "base/http/write_or_look.h"
#include "base/json.h"
#include "base/parallel.h"
#include "base/text.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;

constexpr std::size_t kMaxConcurrency = 16;
constexpr int kMostAnswerAttempts = 4;

struct StatusName {
  std::string_view name;
  AuthorizationStatus status;
};
constexpr std::array<StatusName, 6> kStatusNames = {{
    {"deactivated", AuthorizationStatus::kDeactivated},
    {"expired", AuthorizationStatus::kExpired},
    {"invalid", AuthorizationStatus::kInvalid},
    {"pending", AuthorizationStatus::kPending},
    {"revoked", AuthorizationStatus::kRevoked},
    {"valid", AuthorizationStatus::kValid},
}};

std::string_view NameOf(AuthorizationStatus status) {
  return std::find_if(kStatusNames.begin(), kStatusNames.end(), [&](const StatusName& one) { return one.status == status; })
      ->name;
}

base::Result<Authorization> Fetch(const Call& call, Client& client, const Account& account, const std::string& url) {
  auto response = Get(call, client, {account.key, account.url}, url);
  if (!response) return std::move(response).error();
  return ParseAuthorization(response->body, url);
}

}  // namespace

const Challenge* Authorization::FindDns01() const {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(), [](const Challenge& one) { return one.type == "dns-01"; });
  return found == challenges.end() ? nullptr : &*found;
}

std::string Authorization::Name() const { return wildcard ? "*." + identifier : identifier; }

base::Result<Authorization> ParseAuthorization(std::string_view text, std::string url) {
  const auto document = base::ParseJsonObject(text);
  if (!document) return Error{ErrorKind::kProtocol, "the CA's authorization is not JSON"};
  const auto status_name = base::FindString(*document, "status").value_or("");
  const auto status =
      std::find_if(kStatusNames.begin(), kStatusNames.end(), [&](const StatusName& one) { return one.name == status_name; });
  if (status == kStatusNames.end()) {
    return Error{ErrorKind::kProtocol, base::Cat("an authorization has the unknown status ", base::Printable(status_name, 40))};
  }
  const base::Json* identifier = base::FindMember(*document, "identifier");
  auto name = base::GetString(identifier != nullptr ? *identifier : base::Json(), "value");
  if (!name) return Error{ErrorKind::kProtocol, "an authorization has no identifier"};
  Authorization authorization{.url = std::move(url), .identifier = base::ToLower(*name), .status = status->status};
  authorization.wildcard = base::FindBool(*document, "wildcard").value_or(false);
  // RFC 8555 section 7.1.4 wants the name without it; it would become a part of the record's name.
  if (authorization.identifier.starts_with("*.")) {
    authorization.identifier.erase(0, 2);
    authorization.wildcard = true;
  }
  if (authorization.identifier.empty() || authorization.identifier.find('*') != std::string::npos) {
    return Error{ErrorKind::kProtocol,
                 base::Cat("an authorization is for ", base::Printable(*name, 100), ", which is no DNS name")};
  }
  if (const base::Json* challenges = base::FindMember(*document, "challenges"); challenges != nullptr && challenges->is_array()) {
    for (const base::Json& one : *challenges) {
      auto challenge = ParseChallenge(one, authorization.url);
      if (!challenge) return std::move(challenge).error();
      authorization.challenges.push_back(*std::move(challenge));
    }
  }
  return authorization;
}

base::Result<std::vector<Authorization>> FetchAuthorizations(const Call& call, Client& client, const Account& account,
                                                             const std::vector<std::string>& urls) {
  std::vector<base::Result<Authorization>> fetched(urls.size(), Authorization{});
  base::ForEachInParallel(urls.size(), kMaxConcurrency,
                          [&](std::size_t i) { fetched[i] = Fetch(call, client, account, urls[i]); });
  std::vector<Authorization> authorizations;
  for (auto& one : fetched) {
    if (!one) return std::move(one).error().While("reading the authorizations");
    authorizations.push_back(*std::move(one));
  }
  return authorizations;
}

base::Result<void> AnswerChallenge(const Call& call, Client& client, const Account& account, const Authorization& authorization) {
  const Post post{.url = authorization.FindDns01()->url, .payload = "{}", .idempotency = base::http::Idempotency::kOnce};
  const base::http::LookPolicy policy{.attempts = kMostAnswerAttempts, .pause = RetryPolicyOf(client.options).first_pause};
  const auto answer = [&] { return SendSigned(call, client, {account.key, account.url}, post); };
  const auto is_open = [](const Error& error) { return error.kind == ErrorKind::kUnavailable; };
  // An answer that has arrived moves the challenge on.
  const auto look = [&]() -> base::Result<std::optional<base::http::Response>> {
    const auto present = Fetch(call, client, account, authorization.url);
    if (!present) return present.error();
    const Challenge* challenge = present->FindDns01();
    const bool is_unanswered = present->status == AuthorizationStatus::kPending && challenge != nullptr &&
                               challenge->status == ChallengeStatus::kPending;
    return is_unanswered ? std::nullopt : std::optional(base::http::Response());
  };
  auto answered = base::http::WriteOrLook(call, policy, answer, is_open, look);
  if (answered) return {};
  return std::move(answered).error().While(base::Cat("answering the challenge for ", authorization.Name()));
}

void DeactivatePending(const Call& call, Client& client, const Account& account, const std::vector<std::string>& urls) {
  base::ForEachInParallel(urls.size(), kMaxConcurrency, [&](std::size_t i) {
    const auto present = Fetch(call, client, account, urls[i]);
    if (!present || present->status != AuthorizationStatus::kPending) return;
    const Post post{.url = urls[i], .payload = R"({"status":"deactivated"})"};
    const auto response = SendSigned(call, client, {account.key, account.url}, post);
    if (response) return;
    call.log.Debug("authorization was not deactivated",
                   {{base::key::kName, present->Name()}, {base::key::kError, response.error().message}});
  });
}

Error ValidationError(const std::vector<Authorization>& authorizations) {
  Error error{ErrorKind::kInvalid, ""};
  std::vector<std::string> names;
  for (const Authorization& one : authorizations) {
    if (one.status == AuthorizationStatus::kPending || one.status == AuthorizationStatus::kValid) continue;
    const auto failed =
        std::find_if(one.challenges.begin(), one.challenges.end(), [](const Challenge& c) { return c.problem.has_value(); });
    std::string reason = base::Cat("the authorization is ", NameOf(one.status));
    if (failed != one.challenges.end()) {
      reason = failed->problem->message;
      if (names.empty()) error.kind = failed->problem->kind;
      if (names.empty()) error.code = failed->problem->code;
    }
    names.push_back(one.Name());
    error.details.push_back(base::Cat(one.Name(), ": ", reason));
  }
  error.message = base::Cat("the CA could not validate ", base::Join(names, ", "));
  return error;
}

}  // namespace engine::acme

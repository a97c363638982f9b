// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/authorization.h"

#include <algorithm>
#include <array>

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

base::Result<Authorization> FetchAuthorization(const Call& call, Client& client, const Account& account, const std::string& url,
                                               Patience patience = Patience::kHandedOut) {
  auto response = Get(call, client, SignerOf(account), url, patience);
  if (!response) return std::move(response).error();
  return ParseAuthorization(response->body, url);
}

bool IsUnanswered(const Authorization& authorization, ValidationMethod method) {
  const Challenge* challenge = authorization.Find(method);
  return authorization.status == AuthorizationStatus::kPending && challenge != nullptr &&
         challenge->status == ChallengeStatus::kPending && !challenge->problem;
}

}  // namespace

const Challenge* Authorization::Find(ValidationMethod method) const {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& one) { return one.type == NameOf(method); });
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
      // One of another kind may have other members (sectigo-email-01 has no token, others no URL).
      if (!challenge && !ParseValidationMethod(base::FindString(one, "type").value_or(""))) continue;
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
                          [&](std::size_t i) { fetched[i] = FetchAuthorization(call, client, account, urls[i]); });
  std::vector<Authorization> authorizations;
  for (auto& one : fetched) {
    if (!one) return std::move(one).error().While("reading the authorizations");
    authorizations.push_back(*std::move(one));
  }
  return authorizations;
}

base::Result<void> AnswerChallenge(const Call& call, Client& client, const Account& account, const Authorization& authorization) {
  const Post post{.url = authorization.Find(account.validation)->url,
                  .payload = "{}",
                  .idempotency = base::http::Idempotency::kOnce,
                  .patience = Patience::kHandedOut};
  for (int attempt = 1;; ++attempt) {
    auto response = SendSigned(call, client, SignerOf(account), post);
    if (response) return {};
    Error failure = std::move(response).error().While(base::Cat("answering the challenge for ", authorization.Name()));
    if (failure.kind == ErrorKind::kCancelled || failure.kind == ErrorKind::kTimeout) return failure;
    // An answer that was lost has moved the challenge on, as has one that came before ("challenge is not pending", SSL.com).
    const auto present = FetchAuthorization(call, client, account, authorization.url);
    if (!present) return failure;
    if (!IsUnanswered(*present, account.validation)) return {};
    const auto pause = failure.kind == ErrorKind::kUnavailable || failure.kind == ErrorKind::kRateLimited
                           ? PauseAfterFailure(call, client, failure, attempt)
                           : std::nullopt;
    if (!pause) return failure;
    call.log.Info("answering the challenge again", {{base::key::kAttempt, attempt}, {base::key::kError, failure.message}});
    if (auto waited = call.Wait(*pause); !waited) return waited;
  }
}

void DeactivatePending(const Call& call, Client& client, const Account& account, const std::vector<std::string>& urls) {
  base::ForEachInParallel(urls.size(), kMaxConcurrency, [&](std::size_t i) {
    const auto present = FetchAuthorization(call, client, account, urls[i], Patience::kBrief);
    if (!present || present->status != AuthorizationStatus::kPending) return;
    const Post post{.url = urls[i], .payload = R"({"status":"deactivated"})"};
    const auto response = SendSigned(call, client, SignerOf(account), post);
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

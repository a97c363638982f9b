// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/directory.h"

#include <array>
#include <utility>

#include "base/http/client.h"
#include "base/json.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/problem.h"

namespace engine::acme {
namespace {

struct Member {
  std::string_view name;
  std::string Directory::*place;
  bool required;
};

constexpr std::array<Member, 6> kMembers = {{
    {"keyChange", &Directory::key_change, false},  // some CAs lack it (ZeroSSL, SSL.com)
    {"newAccount", &Directory::new_account, true},
    {"newNonce", &Directory::new_nonce, true},
    {"newOrder", &Directory::new_order, true},
    {"renewalInfo", &Directory::renewal_info, false},
    {"revokeCert", &Directory::revoke_cert, false},
}};

constexpr std::size_t kLongestUrl = 200;  // in a message

void ReadMeta(const base::Json& meta, Directory& directory) {
  directory.terms_of_service = base::FindString(meta, "termsOfService").value_or("");
  directory.caa_identities = base::FindStrings(meta, "caaIdentities");
  directory.issuer_domain_names = base::FindStrings(meta, "issuerDomainNames");
  directory.account_hash_prefix = base::FindString(meta, "accountHashPrefix").value_or("");
  directory.external_account_required = base::FindBool(meta, "externalAccountRequired").value_or(false);
  if (const base::Json* profiles = base::FindMember(meta, "profiles"); profiles != nullptr && profiles->is_object()) {
    for (const auto& profile : profiles->items()) directory.profiles.push_back(profile.key());
  }
}

base::Result<base::http::Response> FetchPatiently(const base::Call& call, const ClientOptions& options, Patience patience) {
  const base::http::Request request{.url = options.directory_url, .headers = CommonHeaders()};
  const base::http::RetryPolicy brief = RetryPolicyOf(options);
  int attempts = 0;
  return base::http::FetchWith(call, request, RetryPolicyOf(options, patience), [&]() -> base::http::Attempt {
    auto outcome = base::http::FetchOnce(call, *options.transport, request);
    const bool is_unreachable = !outcome && outcome.error().delivery == base::Delivery::kNotSent;
    return {.outcome = std::move(outcome), .is_final = is_unreachable && ++attempts >= brief.attempts};
  });
}

// Names the URL: a wrong one is the likeliest mistake of all. A redirect is not followed, since accounts belong to a URL.
base::Error DirectoryError(const base::http::Response& response, const std::string& url, base::TimePoint now) {
  base::Error error = ReplyError(response, now);
  error.details.push_back(base::Cat("directory_url: ", base::Printable(base::WithoutQuery(url), kLongestUrl)));
  const auto location = response.Find("location");
  if (location && response.status / 100 == 3)
    error.details.push_back(base::Cat("the server redirects to ", base::Printable(*location, kLongestUrl), "; set that URL"));
  return error;
}

base::Result<Directory> Fetch(const base::Call& call, const ClientOptions& options, Patience patience) {
  auto response = FetchPatiently(call, options, patience);
  if (!response) return std::move(response).error().While("fetching the CA's directory");
  if (response->status != 200)
    return DirectoryError(*response, options.directory_url, call.Now()).While("fetching the CA's directory");
  auto directory = ParseDirectory(response->body);
  if (!directory) return std::move(directory).error().While("reading the CA's directory");
  return directory;
}

}  // namespace

base::Result<Directory> ParseDirectory(std::string_view text) {
  const auto document = base::ParseJsonObject(text);
  if (!document) return base::Error{base::ErrorKind::kProtocol, "the directory URL does not lead to an ACME directory"};
  Directory directory;
  for (const Member& member : kMembers) {
    const auto url = base::FindString(*document, member.name);
    if (!url && member.required) {
      return base::Error{base::ErrorKind::kProtocol,
                         base::Cat("the directory has no ", member.name, ": it is no ACME directory")};
    }
    if (url && !base::ParseUrl(*url)) {
      return base::Error{base::ErrorKind::kProtocol,
                         base::Cat("the directory's ", member.name, " is no URL: ", base::Printable(*url, kLongestUrl))};
    }
    directory.*member.place = url.value_or("");
  }
  if (const base::Json* meta = base::FindMember(*document, "meta")) ReadMeta(*meta, directory);
  return directory;
}

base::Result<Directory> DirectoryCache::Get(const base::Call& call, const ClientOptions& options, Patience patience) {
  if (auto known = Find()) return *std::move(known);
  return flights_.Run(call, {}, [&]() -> base::Result<Directory> {
    if (auto known = Find()) return *std::move(known);
    auto fetched = Fetch(call, options, patience);
    const std::lock_guard lock(mutex_);
    if (fetched) directory_ = *fetched;
    return fetched;
  });
}

std::optional<Directory> DirectoryCache::Find() {
  const std::lock_guard lock(mutex_);
  return directory_;
}

void DirectoryCache::Forget() {
  std::lock_guard lock(mutex_);
  directory_.reset();
}

base::Result<Directory> FetchDirectory(const base::Call& call, Client& client, Patience patience) {
  return client.directory.Get(call, client.options, patience);
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
#include "resources/issuer.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/json.h"
#include "schema/cty/json.h"

namespace resources {
namespace {

using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using schema::cty::Value;

constexpr std::size_t kIdDigits = 32;

// True if `whole` has every member of `part`, whatever its value.
bool HasAllMembers(const Json& whole, const Json& part) {
  if (!part.is_object()) return true;
  for (const auto& [name, value] : part.items()) {
    const auto found = whole.find(name);
    if (found == whole.end() || !HasAllMembers(*found, value)) return false;
  }
  return true;
}

// False if the text says something that `value`, which was read from it, does not.
bool IsAllOf(const std::string& text, const Value& value) {
  const auto written = schema::cty::ToJson(value);
  const auto before = base::ParseJsonObject(text);
  const auto after = base::ParseJsonObject(written ? *written : std::string());
  return before && after && HasAllMembers(*after, *before);
}

// What is missing, since an older version wrote it, is null.
template <typename M>
Result<M> FromText(const std::string& text) {
  auto value = schema::cty::FromJson(text, M::Schema().type(), schema::cty::UnknownMembers::kDropped);
  if (!value) return std::move(value).error();
  if (!IsAllOf(text, *value)) {
    return Error{ErrorKind::kInvalid,
                 "this certificate profile has rules of a newer version of the provider: upgrade the provider"};
  }
  return M::Schema().Read(*value);
}

template <typename M>
Result<std::string> ToText(const M& model) {
  return schema::cty::ToJson(M::Schema().Write(model));
}

// Those that the calls of one configuration have opened. Safe from many threads.
class OpenedIssuers {
 public:
  std::shared_ptr<const Issuer> Find(std::string_view handle) {
    const std::lock_guard lock(mutex_);
    const auto found = by_handle_.find(handle);
    return found == by_handle_.end() ? nullptr : found->second;
  }
  void Add(std::string_view handle, std::shared_ptr<const Issuer> issuer) {
    const std::lock_guard lock(mutex_);
    by_handle_.insert_or_assign(std::string(handle), std::move(issuer));
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Issuer>, std::less<>> by_handle_;  // guarded by mutex_
};

}  // namespace

Result<Issuer> OpenIssuer(const sealed::Sealer& sealer, std::string_view handle) {
  auto opened = sealed::OpenIssuerPayload(sealer, handle);
  if (!opened) return std::move(opened).error();
  Issuer issuer{.ca = std::move(opened->ca)};
  for (const sealed::ProfilePayload& one : opened->profiles) {
    auto rules = FromText<ProfileRules>(one.rules);
    if (!rules) return std::move(rules).error();
    auto defaults = FromText<ProfileDefaults>(one.defaults);
    if (!defaults) return std::move(defaults).error();
    issuer.profiles.push_back({.id = one.id, .name = one.name, .rules = *std::move(rules), .defaults = *std::move(defaults)});
  }
  return issuer;
}

Result<std::shared_ptr<const Issuer>> OpenSharedIssuer(const Context& context, std::string_view handle) {
  const auto opened = context.shared->Get<OpenedIssuers>();
  if (auto known = opened->Find(handle)) return known;
  auto issuer = OpenIssuer(context.sealer, handle);
  if (!issuer) return std::move(issuer).error();
  auto shared = std::make_shared<const Issuer>(*std::move(issuer));
  opened->Add(handle, shared);
  return std::shared_ptr<const Issuer>(std::move(shared));
}

Result<std::string> SealIssuer(const sealed::Sealer& sealer, const Issuer& issuer) {
  sealed::IssuerPayload payload{.ca = issuer.ca};
  for (const CertificateProfile& one : issuer.profiles) {
    auto rules = ToText(one.rules);
    if (!rules) return rules;
    auto defaults = ToText(one.defaults);
    if (!defaults) return defaults;
    payload.profiles.push_back({.id = one.id, .name = one.name, .rules = *std::move(rules), .defaults = *std::move(defaults)});
  }
  return sealed::SealProfile(sealer, payload);
}

std::string ProfileId(const Issuer& parent, std::string_view name) {
  Json parts = {parent.ca.directory_url, parent.ca.account_url};
  for (const CertificateProfile& one : parent.profiles) parts.push_back(one.name);
  parts.push_back(std::string(name));
  return base::Hex(base::crypto::Sha256(base::DumpJson(parts))).substr(0, kIdDigits);
}

Value DefaultsOf(const Issuer& issuer) {
  const auto& model = ProfileDefaults::Schema();
  Value::Members members;
  for (const CertificateProfile& profile : issuer.profiles) {
    const Value defaults = model.Write(profile.defaults);
    for (const auto& [name, value] : defaults.AsMembers()) {
      if (!value.is_null()) members.insert_or_assign(name, value);
    }
  }
  return Value::ObjectOf(model.type(), std::move(members));
}

sealed::AllowedDestinations DestinationsOf(const Issuer& issuer) {
  sealed::AllowedDestinations all;
  for (const CertificateProfile& profile : issuer.profiles) {
    const auto own = profile.rules.destinations.Get();
    if (!own) continue;
    if (!all) {
      all = own;
      continue;
    }
    std::set<std::string> both;
    std::ranges::set_intersection(*all, *own, std::inserter(both, both.end()));
    all = std::move(both);
  }
  return all;
}

}  // namespace resources

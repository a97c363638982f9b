// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/persistent_records.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/dns/authority.h"
#include "engine/dns/await_texts.h"
#include "engine/dns/issue_value.h"
#include "engine/dns/resolver_options.h"
#include "engine/dns/zone.h"

namespace engine::dns {
namespace {

using acme::ChallengeRecord;
using acme::PersistentProof;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;

constexpr std::size_t kMaxUri = 300;

bool IsOneOf(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The one value of a parameter; "" without it. Empty if it is there more than once.
std::optional<std::string_view> OnlyValue(const IssueValue& record, std::string_view name) {
  const auto values = record.Find(name);
  if (values.size() > 1) return std::nullopt;
  return values.empty() ? std::string_view() : values.front();
}

std::optional<std::int64_t> SecondsIn(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds;
}

// What a record of the CA lacks; empty if nothing. CAs refuse a record whose syntax is wrong anywhere.
std::string LackOf(const IssueValue& record, const PersistentProof& proof, base::TimePoint now) {
  const auto account = OnlyValue(record, "accounturi");
  const auto policy = OnlyValue(record, "policy");
  const auto until = OnlyValue(record, "persistUntil");
  if (record.is_malformed || record.has_empty_parameter || !account || !policy || !until) return "is malformed";
  if (account->empty()) return "has no accounturi";
  if (!IsOneOf(proof.account_uris, *account)) return Cat("is for another account, ", base::Printable(*account, kMaxUri));
  if (proof.is_for_wildcard && !base::EqualsIgnoreCase(*policy, "wildcard")) return "has no policy=wildcard";
  if (record.Find("persistUntil").empty()) return {};
  const auto seconds = SecondsIn(*until);
  if (!seconds) return "is malformed: persistUntil is no number of seconds";
  const base::TimePoint end{std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, std::int64_t{1} << 33U))};
  return end < now ? Cat("ended at ", base::FormatRfc3339(end), " (persistUntil)") : std::string();
}

std::string DescribePersistent(const ChallengeRecord& record) {
  const std::string_view name = std::string_view(record.fqdn).substr(0, record.fqdn.size() - 1);
  return Cat("a TXT record ", name, " with the value \"", record.value, '"');
}

class PersistentRecordSolver final : public acme::Solver {
 public:
  PersistentRecordSolver(SolverOptions options, base::dns::Resolver resolver)
      : options_(std::move(options)),
        resolver_(std::move(resolver)),
        authority_(resolver_, *options_.deps.providers.random, options_.propagation) {}

  Result<void> Prepare(const base::Call& call, std::span<const ChallengeRecord> records) override {
    if (options_.propagation.disable) return {};
    std::map<std::string, std::vector<const ChallengeRecord*>> by_name;
    for (const ChallengeRecord& one : records) {
      const bool is_known = one.persistent && !one.persistent->issuers.empty();
      if (is_known && !std::count(seen_.begin(), seen_.end(), IdentityOf(one))) by_name[one.fqdn].push_back(&one);
    }
    if (by_name.empty()) return {};
    const std::string limit = LimitInWords(call, options_.propagation);
    auto expected = ExpectedAt(call, by_name);
    if (!expected) return std::move(expected).error();
    auto seen = AwaitTexts(call, options_, resolver_, authority_, *expected);
    if (seen) {
      for (const ChallengeRecord& one : records) seen_.push_back(IdentityOf(one));
      return {};
    }
    if (seen.error().kind == ErrorKind::kUnavailable) return LeaveToCa(call, seen.error().message);
    if (seen.error().kind != ErrorKind::kTimeout) return seen;
    return Missing(by_name, limit, std::move(seen).error().details);
  }

  Result<void> Place(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
  Result<void> Wait(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }
  Result<void> Remove(const base::Call&, std::span<const ChallengeRecord>) override { return {}; }

 private:
  using ByName = std::map<std::string, std::vector<const ChallengeRecord*>>;
  // A record that one of these names of the CA makes good is looked for once.
  using Identity = std::tuple<std::string, bool, std::vector<std::string>>;
  static Identity IdentityOf(const ChallengeRecord& record) {
    auto issuers = record.persistent ? record.persistent->issuers : std::vector<std::string>();
    std::sort(issuers.begin(), issuers.end());
    return {record.fqdn, record.persistent && record.persistent->is_for_wildcard, std::move(issuers)};
  }

  static Result<void> LeaveToCa(const base::Call& call, std::string_view reason) {
    call.log.Info("the records of dns-persist-01 were not looked for; the CA decides", {{base::key::kError, reason}});
    return call.Check();
  }

  // At the ends of their CNAMEs. Names of which no server tells are left out.
  Result<std::vector<ExpectedText>> ExpectedAt(const base::Call& call, const ByName& by_name) {
    std::vector<std::string> names;
    for (const auto& [name, unused] : by_name) names.push_back(name);
    // One that takes any zone: without it, recursive resolvers would be asked.
    const std::vector<DnsConnection> anywhere(1);
    const auto trails = FollowCnames(call, anywhere, resolver_, authority_, names);
    if (!trails) return trails.error();
    std::vector<ExpectedText> expected;
    for (const CnameTrail& trail : *trails) {
      if (trail.zones.back().empty()) {
        if (auto fine = LeaveToCa(call, Cat("no server of its zone answered for ", trail.end())); !fine) return fine.error();
        continue;
      }
      const auto judge = [&records = by_name.at(trail.names.front()), now = call.Now()](std::span<const std::string> texts) {
        for (const ChallengeRecord* one : records) {
          if (std::string lack = FindPersistentLack(texts, *one->persistent, now); !lack.empty()) return lack;
        }
        return std::string();
      };
      expected.push_back({.zone = trail.zones.back(), .fqdn = trail.end(), .values = {}, .judge = judge});
    }
    return expected;
  }

  // `servers`: a line each.
  static Error Missing(const ByName& by_name, std::string_view limit, const std::vector<std::string>& servers) {
    Error error{.kind = ErrorKind::kNotFound,
                .message = Cat("TXT records of dns-persist-01 are missing; they did not appear within ", limit),
                .code = std::string(kPersistentCode)};
    for (const auto& [name, records] : by_name) {
      // The one for the wildcard does for the name too.
      const auto wildcard = std::find_if(records.begin(), records.end(),
                                         [](const ChallengeRecord* one) { return one->persistent->is_for_wildcard; });
      error.details.push_back(DescribePersistent(wildcard == records.end() ? *records.front() : **wildcard));
    }
    error.details.insert(error.details.end(), servers.begin(), servers.end());
    return error;
  }

  const SolverOptions options_;
  const base::dns::Resolver resolver_;
  Authority authority_;
  std::vector<Identity> seen_;
};

}  // namespace

std::string FindPersistentLack(std::span<const std::string> texts, const PersistentProof& proof, base::TimePoint now) {
  std::string lack;
  for (const std::string& text : texts) {
    const IssueValue record = ParseIssueValue(text);
    if (!IsOneOf(proof.issuers, record.issuer)) continue;
    lack = LackOf(record, proof, now);
    if (lack.empty()) return {};
  }
  if (texts.empty()) return "no TXT record";
  if (lack.empty()) return Cat(texts.size(), " TXT values, none of ", base::Join(proof.issuers, ", "));
  return Cat("the record of ", base::Join(proof.issuers, ", "), ' ', lack);
}

Result<std::unique_ptr<acme::Solver>> MakePersistentRecordSolver(SolverOptions options) {
  auto resolver = MakeResolver(options);
  if (!resolver) return std::move(resolver).error();
  return std::unique_ptr<acme::Solver>(std::make_unique<PersistentRecordSolver>(std::move(options), *std::move(resolver)));
}

}  // namespace engine::dns

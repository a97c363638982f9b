// SPDX-License-Identifier: MPL-2.0
// Amazon Route 53. All values of a name are one record set, which is read, and then replaced as it was read: Route 53 takes a
// change that deletes the old set and creates the new one as a whole, or not at all when the old one is not the same any more. So
// no value of anybody else is lost, whoever writes at the same time.
#include <algorithm>
#include <array>
#include <utility>

#include "base/domain_name.h"
#include "base/http/api_error.h"
#include "base/poller.h"
#include "base/single_flight.h"
#include "base/text.h"
#include "engine/connections/limiter.h"
#include "engine/dns/provider.h"
#include "engine/dns/record_set_api.h"
#include "engine/dns/txt_content.h"
#include "engine/dns/zone.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/route53_api.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using dns::EditOutcome;
using dns::EditValues;
using dns::GroupByName;
using dns::MakeRecordSetProvider;
using dns::Provider;
using dns::ProviderSpec;
using dns::QuoteTxt;
using dns::RecordSetApi;
using dns::TxtEdit;
using dns::TxtRecord;
using dns::UnquoteTxt;
using dns::Zone;

// Others that write to the same names at the same time get in between this often.
constexpr int kAttemptsToPlace = 8;
constexpr std::chrono::milliseconds kPause{250};
// It takes half a minute or a whole one; a second more each time, as all users of the account share five requests a second.
constexpr std::array<std::chrono::milliseconds, 5> kPolls = {
    std::chrono::seconds(2), std::chrono::seconds(3), std::chrono::seconds(4), std::chrono::seconds(5), std::chrono::seconds(6)};
// Of one change: 1000 values and 32000 characters, old and new ones together.
constexpr std::size_t kMaxValues = 900;
constexpr std::size_t kMaxCharacters = 30'000;

// "/hostedzone/Z1" is Z1.
std::string LastPart(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

// The set as the edits want it; all are of its name.
TxtRecordSet Edited(TxtRecordSet set, std::span<const TxtEdit> edits) {
  const bool was_empty = set.values.empty();
  EditValues(set.values, edits, UnquoteTxt, [](const TxtRecord& record) { return QuoteTxt(record.value); });
  if (was_empty && !set.values.empty()) set.ttl = edits.front().record.ttl.count();
  return set;
}

// What has to be changed, in batches that Route 53 takes. Pure.
std::vector<std::vector<TxtSetChange>> Decide(const std::vector<TxtRecordSet>& sets, std::span<const TxtEdit> edits) {
  std::vector<std::vector<TxtSetChange>> batches;
  std::size_t values = kMaxValues;
  std::size_t characters = 0;
  for (const auto& [fqdn, wanted] : GroupByName(edits)) {
    const std::string& name = fqdn;  // clang 14 captures no structured bindings
    const auto found = std::find_if(sets.begin(), sets.end(), [&](const TxtRecordSet& set) { return set.name == name; });
    const TxtRecordSet old = found == sets.end() ? TxtRecordSet{.name = name} : *found;
    const TxtRecordSet set = Edited(old, wanted);
    if (set == old) continue;
    const std::size_t more = old.values.size() + set.values.size();
    const std::size_t longer = base::Join(old.values, "").size() + base::Join(set.values, "").size();
    if (values + more > kMaxValues || characters + longer > kMaxCharacters) {
      batches.emplace_back();
      values = characters = 0;
    }
    values += more;
    characters += longer;
    if (!old.values.empty()) batches.back().push_back({TxtSetChange::Action::kDelete, old});
    if (!set.values.empty()) batches.back().push_back({TxtSetChange::Action::kCreate, set});
  }
  return batches;
}

class Route53 final : public RecordSetApi {
 public:
  Route53(std::shared_ptr<AwsSession> session, Route53Api api, connections::Connection connection, const connections::Deps& deps)
      : session_(std::move(session)),
        api_(std::move(api)),
        connection_(std::move(connection)),
        polls_(deps.shared->Get<base::SingleFlight<void>>("Route 53 changes")) {}

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    auto name = api_.FindZoneName(call, LastPart(id));
    return name ? std::optional(*std::move(name)) : std::nullopt;
  }

  // Polls until the change is on every server of Route 53: the certificate authority asks from many places, and each of them
  // meets another server. Certificates that share a change share the polls.
  Result<void> AwaitServed(const base::Call& call, const std::string& change_id) const override {
    auto served = polls_->Run(call, QueueOf(change_id), [&] { return Poll(call, change_id); });
    if (!served) return std::move(served).error().While(Cat("waiting for the change ", change_id));
    return {};
  }

  Result<std::string> FindZoneId(const base::Call& call, const Zone& zone) const override {
    if (!zone.id.empty()) return LastPart(zone.id);
    auto zones = api_.FindZones(call, zone.name);
    if (!zones) return BlameAwsField(std::move(zones).error(), connection_);
    std::vector<std::string> public_ids;
    for (const HostedZone& one : *zones) {
      if (!one.is_private) public_ids.push_back(one.id);
    }
    if (public_ids.size() == 1) return public_ids.front();
    if (public_ids.size() > 1) {
      return Error{ErrorKind::kInvalid, Cat("this AWS account has ", public_ids.size(), " public hosted zones ", zone.name,
                                            "; write the id of the right one: ", base::Join(public_ids, ", "))};
    }
    return Error{ErrorKind::kNotFound, zones->empty() ? Cat("this AWS account has no hosted zone ", zone.name)
                                                      : Cat("the hosted zone ", zone.name,
                                                            " of this AWS account is private: no certificate "
                                                            "authority sees it")};
  }

  std::string QueueOf(const std::string& zone_id) const override {
    return Cat(connection_.settings.Text("endpoint_url"), ' ', zone_id);
  }
  const void* owner() const override { return session_.get(); }

  // Reads and changes until nobody came in between.
  EditOutcome Change(const base::Call& call, const std::string& zone_id, std::span<const TxtEdit> edits) const override {
    std::vector<std::string> names;
    for (const TxtEdit& edit : edits) names.push_back(edit.record.fqdn);
    EditOutcome outcome{.change = std::string()};
    std::vector<std::vector<TxtSetChange>> refused;
    for (int attempt = 1;; ++attempt) {
      const auto sets = api_.ListTxt(call, zone_id, names);
      if (!sets) return {.change = sets.error(), .may_be_done = outcome.may_be_done};
      if (auto error = FindForeignPolicy(*sets, names)) return {.change = *std::move(error), .may_be_done = outcome.may_be_done};
      const auto batches = Decide(*sets, edits);
      if (batches.empty()) return {.change = outcome.change ? *outcome.change : "", .may_be_done = outcome.may_be_done};
      // Nothing has changed meanwhile, so it is not that which Route 53 refuses.
      const bool is_hopeless = !outcome.change && (batches == refused || attempt > kAttemptsToPlace);
      if (is_hopeless) return outcome;
      SendBatches(call, zone_id, batches, outcome);
      if (outcome.change || outcome.change.error().code != "InvalidChangeBatch") return outcome;
      refused = batches;
      if (auto waited = call.Wait(kPause * attempt); !waited)
        return {.change = std::move(waited).error(), .may_be_done = outcome.may_be_done};
    }
  }

  Error Explain(Error error, const Zone& zone, const std::string& zone_id) const override {
    if (error.code == "NoSuchHostedZone") {
      error.message.append(Cat("; this AWS account has no hosted zone ", zone_id, " for ", zone.name));
    } else if (error.kind == ErrorKind::kDenied && error.code.starts_with("AccessDenied")) {
      error.message.append(Cat("; the guide has the policy that is enough for ", zone.name));
    }
    return BlameAwsField(std::move(error), connection_);
  }

 private:
  Result<void> Poll(const base::Call& call, const std::string& change_id) const {
    base::Poller poller(call, "waiting for Route 53 to serve a change", kPolls);
    for (;;) {
      const auto served = api_.IsInSync(call, change_id);
      if (!served) return BlameAwsField(served.error(), connection_);
      if (*served) return {};
      if (auto waited = poller.Pause(); !waited) return waited;
    }
  }

  void SendBatches(const base::Call& call, const std::string& zone_id, const std::vector<std::vector<TxtSetChange>>& batches,
                   EditOutcome& outcome) const {
    for (const auto& batch : batches) {
      outcome.change = api_.Change(call, zone_id, batch);
      outcome.may_be_done = outcome.may_be_done || outcome.change || base::http::MayHaveActed(outcome.change.error());
      if (!outcome.change) return;
      call.log.Debug("Route 53 accepted a change",
                     {{base::key::kZone, zone_id}, {base::key::kCount, static_cast<std::uint64_t>(batch.size())}});
    }
  }

  // Route 53 lets no plain set stand beside those.
  static std::optional<Error> FindForeignPolicy(const std::vector<TxtRecordSet>& sets, const std::vector<std::string>& names) {
    for (const TxtRecordSet& set : sets) {
      if (set.is_plain || std::find(names.begin(), names.end(), set.name) == names.end()) continue;
      return Error{ErrorKind::kInvalid,
                   Cat("the TXT records at ", set.name,
                       " have a routing policy or are an alias; remove them, or delegate the name by CNAME")};
    }
    return std::nullopt;
  }

  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  Route53Api api_;
  connections::Connection connection_;
  std::shared_ptr<base::SingleFlight<void>> polls_;  // shared by all solvers: by change
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto session = FindAwsSession(connection, deps);
  if (!session) return std::move(session).error();
  Route53Api api(*session, *deps.http, connections::FindLimiter(connection, deps, kRoute53Rate, "route53"));
  return MakeRecordSetProvider(std::make_unique<Route53>(*std::move(session), std::move(api), connection, deps), deps);
}

}  // namespace

const ProviderSpec kDns{.name = "route53", .connection = "aws", .make = Make};

}  // namespace engine::vendors::aws

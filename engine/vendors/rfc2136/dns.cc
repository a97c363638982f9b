// SPDX-License-Identifier: MPL-2.0
// DNS UPDATE (RFC 2136) to the primary server of an rfc2136 connection. Adds and deletes single values, so that what others put
// at the same name stays; everything one order needs in a zone is one message.
#include <algorithm>
#include <utility>

#include "base/dns/keyed_server.h"
#include "base/dns/message.h"
#include "base/dns/update.h"
#include "base/http/api_error.h"
#include "base/text.h"
#include "engine/dns/provider.h"
#include "engine/vendors/rfc2136/connection.h"
#include "engine/vendors/rfc2136/vendor.h"

namespace engine::vendors::rfc2136 {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::dns::Rcode;
using dns::PlacedRecord;
using dns::Provider;
using dns::ProviderSpec;
using dns::TxtRecord;
using dns::Zone;

// A server with a large zone on a slow disk takes its time over an update.
constexpr std::chrono::seconds kPatience{15};
// Of 315 octets at most each, so that they fit into one message of 65535.
constexpr std::size_t kMaxChanges = 200;

std::string Names(std::span<const base::dns::TxtChange> changes) {
  std::string names = changes.front().name;
  if (changes.size() > 1) names.append(Cat(" and ", changes.size() - 1, " more"));
  return names;
}

class Rfc2136 final : public Provider {
 public:
  Rfc2136(base::dns::KeyedServer server, base::Random& random) : server_(std::move(server)), random_(&random) {}

  base::Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                           std::vector<PlacedRecord>& placed) override {
    for (; !records.empty(); records = records.subspan(std::min(records.size(), kMaxChanges))) {
      const auto part = records.first(std::min(records.size(), kMaxChanges));
      std::vector<base::dns::TxtChange> changes;
      for (const TxtRecord& record : part) {
        changes.push_back({.change = base::dns::Change::kAdd, .name = record.fqdn, .value = record.value, .ttl = record.ttl});
      }
      auto sent = Send(call, zone, changes);
      if (sent || base::http::MayHaveActed(sent.error())) {
        for (const TxtRecord& record : part) placed.push_back({.zone_id = {}, .record_id = {}, .record = record});
      }
      if (!sent) return BlameRfc2136Field(std::move(sent).error());
    }
    return {};
  }

  base::Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) override {
    for (; !records.empty(); records = records.subspan(std::min(records.size(), kMaxChanges))) {
      std::vector<base::dns::TxtChange> changes;
      for (const PlacedRecord& placed : records.first(std::min(records.size(), kMaxChanges))) {
        changes.push_back({.change = base::dns::Change::kRemove, .name = placed.record.fqdn, .value = placed.record.value});
      }
      auto sent = Send(call, zone, changes);
      if (!sent) return BlameRfc2136Field(std::move(sent).error());
    }
    return {};
  }

 private:
  base::Result<void> Send(const base::Call& call, const Zone& zone, std::span<const base::dns::TxtChange> changes) const {
    const auto update = base::dns::BuildUpdate(base::dns::RandomId(*random_), zone.name, changes);
    if (!update) return update.error();
    const auto reply = base::dns::AskKeyed(call, server_, *update, kPatience);
    if (!reply) return Explain(reply.error(), changes);
    return ToResult(reply->rcode, zone, changes);
  }

  // Knot DNS answers BADKEY to a key that it knows, where its access list lacks the name or the type.
  static Error Explain(Error error, std::span<const base::dns::TxtChange> changes) {
    if (error.code == "BADKEY") {
      error.message.append(Cat("; if the server is Knot DNS and has the key, its acl does not let the key change TXT records at ",
                               Names(changes), " (update-type, update-owner-name)"));
    }
    return error;
  }

  base::Result<void> ToResult(Rcode rcode, const Zone& zone, std::span<const base::dns::TxtChange> changes) const {
    const std::string server = base::dns::ToText(server_.address);
    const std::string key = server_.key ? Cat("the TSIG key \"", server_.key->name, "\"") : "an unsigned update";
    switch (rcode) {
      case Rcode::kNoError:
        return {};
      case Rcode::kRefused:
        return Refused(Cat(server, " does not let ", key, " change TXT records at ", Names(changes), " (REFUSED); ",
                           server_.key ? "allow it, with BIND in the zone's update-policy"
                                       : "set tsig_key_name and tsig_secret to a key that the server knows"));
      case Rcode::kNotAuth:
        return Refused(Cat(server, " does not hold the zone ", zone.name, " as its primary, or does not let ", key, " change ",
                           Names(changes), " (NOTAUTH)"));
      case Rcode::kNotZone:
        return Error{ErrorKind::kInvalid, Cat(Names(changes), " does not lie in the zone ", zone.name, " (NOTZONE)")};
      case Rcode::kNotImp:
        return Error{ErrorKind::kInvalid, Cat(server, " takes no dynamic updates (NOTIMP)")};
      default:
        return Error{ErrorKind::kUnavailable,
                     Cat(server, " failed to update the zone ", zone.name, " (", base::dns::RcodeName(rcode), ")")};
    }
  }

  // What the field to blame is depends on the setup: without a key, it is the missing key.
  Error Refused(std::string message) const {
    return Error{
        .kind = ErrorKind::kDenied, .message = std::move(message), .blame = connections::ConnectionField("tsig_key_name")};
  }

  base::dns::KeyedServer server_;
  base::Random* random_;
};

base::Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto server = MakeRfc2136Server(connection);
  if (!server) return std::move(server).error();
  return std::unique_ptr<Provider>(std::make_unique<Rfc2136>(*std::move(server), *deps.random));
}

}  // namespace

const ProviderSpec kDns{.name = "rfc2136", .connection = "rfc2136", .make = Make};

}  // namespace engine::vendors::rfc2136

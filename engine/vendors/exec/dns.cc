// SPDX-License-Identifier: MPL-2.0
// The exec protocol: the program is run once for each value, in and out, and never twice at the same time: most such programs
// read, change and write something that is not theirs alone.
#include <utility>

#include "base/http/api_error.h"
#include "base/key_locks.h"
#include "base/text.h"
#include "engine/dns/provider.h"
#include "engine/vendors/exec/connection.h"
#include "engine/vendors/exec/vendor.h"

namespace engine::vendors::exec {
namespace {

using base::Result;
using dns::PlacedRecord;
using dns::Provider;
using dns::ProviderSpec;
using dns::TxtRecord;
using dns::Zone;

class ExecProvider final : public Provider {
 public:
  ExecProvider(Exec exec, std::shared_ptr<base::KeyLocks> locks) : exec_(std::move(exec)), locks_(std::move(locks)) {}

  Result<void> Place(const base::Call& call, const Zone& zone, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    for (const TxtRecord& record : records) {
      const auto turn = AwaitTurn(call);
      if (!turn) return turn.error();
      auto done = exec_.Perform(call, {.arguments = {"present", record.fqdn, record.value}, .zone = zone.name});
      if (done || base::http::MayHaveActed(done.error())) {
        placed.push_back({.zone_id = {}, .record_id = {}, .record = record});
      }
      if (!done) return done;
    }
    return {};
  }

  // What the program could not remove does not keep it from the rest.
  Result<void> Remove(const base::Call& call, const Zone& zone, std::span<const PlacedRecord> records) override {
    Result<void> all;
    for (const PlacedRecord& one : records) {
      const auto turn = AwaitTurn(call);
      if (!turn) return turn.error();
      auto done = exec_.Perform(call, {.arguments = {"cleanup", one.record.fqdn, one.record.value}, .zone = zone.name});
      if (!done && all) all = std::move(done);
    }
    return all;
  }

 private:
  Result<base::KeyLocks::Turn> AwaitTurn(const base::Call& call) const {
    return locks_->Acquire(call, base::Cat("program ", exec_.program()));
  }

  Exec exec_;
  std::shared_ptr<base::KeyLocks> locks_;  // shared by the providers of one configuration
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto exec = MakeExec(connection, deps);
  if (!exec) return std::move(exec).error();
  return std::unique_ptr<Provider>(std::make_unique<ExecProvider>(*std::move(exec), deps.shared->Get<base::KeyLocks>("zones")));
}

}  // namespace

const ProviderSpec kDns{.name = "exec", .connection = "exec", .make = Make};

}  // namespace engine::vendors::exec

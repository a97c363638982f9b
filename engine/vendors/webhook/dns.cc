// SPDX-License-Identifier: MPL-2.0
// The httpreq protocol: one call a value, in and out. What the server makes of it is its own affair.
#include <mutex>
#include <utility>

#include "base/http/api_error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "engine/dns/provider.h"
#include "engine/vendors/webhook/connection.h"
#include "engine/vendors/webhook/vendor.h"

namespace engine::vendors::webhook {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using base::TryForEachInParallel;
using dns::kMaxConcurrentRequests;
using dns::PlacedRecord;
using dns::Provider;
using dns::ProviderSpec;
using dns::TxtRecord;
using dns::Zone;

class WebhookProvider final : public Provider {
 public:
  explicit WebhookProvider(Webhook webhook) : webhook_(std::move(webhook)) {}

  Result<void> Place(const base::Call& call, const Zone&, std::span<const TxtRecord> records,
                     std::vector<PlacedRecord>& placed) override {
    std::mutex mutex;
    return TryForEachInParallel(records.size(), kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      auto sent = Send(call, "/present", records[i]);
      if (sent || base::http::MayHaveActed(sent.error())) {
        std::lock_guard lock(mutex);
        placed.push_back({.zone_id = {}, .record_id = {}, .record = records[i]});
      }
      return sent;
    });
  }

  Result<void> Remove(const base::Call& call, const Zone&, std::span<const PlacedRecord> records) override {
    return TryForEachInParallel(records.size(), kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
      auto sent = Send(call, "/cleanup", records[i].record);
      if (!sent && sent.error().kind == ErrorKind::kNotFound) return {};
      return sent;
    });
  }

 private:
  Result<void> Send(const base::Call& call, std::string_view path, const TxtRecord& record) const {
    auto sent = webhook_.Send(call, "POST", path, {{"fqdn", record.fqdn}, {"value", record.value}});
    if (sent) return {};
    Error error = std::move(sent).error();
    error.message.append(Cat(" to ", path, " for ", record.fqdn));
    return error;
  }

  Webhook webhook_;
};

Result<std::unique_ptr<Provider>> Make(const connections::Connection& connection, const connections::Deps& deps) {
  auto webhook = MakeWebhook(connection, deps);
  if (!webhook) return std::move(webhook).error();
  return std::unique_ptr<Provider>(std::make_unique<WebhookProvider>(*std::move(webhook)));
}

}  // namespace

const ProviderSpec kDns{.name = "webhook", .connection = "webhook", .make = Make};

}  // namespace engine::vendors::webhook

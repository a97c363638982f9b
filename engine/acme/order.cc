// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/order.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/http/client.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/ca_url.h"
#include "engine/acme/problem.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Call;
using base::Error;
using base::ErrorKind;

constexpr std::chrono::seconds kFinalizeLimit{30};

struct StatusName {
  std::string_view name;
  OrderStatus status;
};
constexpr std::array<StatusName, 5> kStatusNames = {{
    {"invalid", OrderStatus::kInvalid},
    {"pending", OrderStatus::kPending},
    {"processing", OrderStatus::kProcessing},
    {"ready", OrderStatus::kReady},
    {"valid", OrderStatus::kValid},
}};

std::vector<std::string> Sorted(std::vector<std::string> names) {
  for (std::string& name : names) name = base::ToLower(name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> ReadNames(const base::Json& document) {
  std::vector<std::string> names;
  const base::Json* identifiers = base::FindMember(document, "identifiers");
  if (identifiers == nullptr || !identifiers->is_array()) return names;
  for (const base::Json& identifier : *identifiers) names.push_back(base::FindString(identifier, "value").value_or(""));
  return Sorted(std::move(names));
}

// Without "*.", sorted, each once.
std::vector<std::string> Identifiers(std::vector<std::string> names) {
  for (std::string& name : names) {
    if (name.starts_with("*.")) name.erase(0, 2);
  }
  names = Sorted(std::move(names));
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// True for failures after which the CA may have finalized the order all the same, or says "not ready" because it did before.
bool MayBeFinalized(const Error& failure) {
  return failure.kind == ErrorKind::kUnavailable || failure.kind == ErrorKind::kTimeout ||
         failure.kind == ErrorKind::kRateLimited || failure.kind == ErrorKind::kDenied || IsProblem(failure, "orderNotReady");
}

base::Result<OrderStatus> ReadStatus(const base::Json& document) {
  auto name = base::GetString(document, "status");
  if (!name) return std::move(name).error();
  const auto known =
      std::find_if(kStatusNames.begin(), kStatusNames.end(), [&](const StatusName& one) { return one.name == *name; });
  if (known == kStatusNames.end()) {
    return Error{ErrorKind::kProtocol, base::Cat("the order has the unknown status ", base::Printable(*name, 40))};
  }
  return known->status;
}

base::Result<Order> FromResponse(const Call& call, const base::http::Response& response, std::string url) {
  auto order = ParseOrder(response.body, std::move(url));
  if (order) order->retry_after = base::http::RetryAfter(response, call.Now());
  return order;
}

std::string OrderPayload(const NewOrder& wanted) {
  base::Json identifiers = base::Json::array();
  for (const std::string& name : wanted.dns_names) identifiers.push_back({{"type", "dns"}, {"value", name}});
  base::Json payload = {{"identifiers", std::move(identifiers)}};
  if (wanted.profile) payload["profile"] = *wanted.profile;
  if (wanted.replaces) payload["replaces"] = *wanted.replaces;
  if (wanted.not_after) payload["notAfter"] = base::FormatRfc3339(*wanted.not_after);
  return base::DumpJson(payload);
}

base::Result<void> CheckProfile(const std::optional<std::string>& profile, const Directory& directory) {
  if (!profile || std::find(directory.profiles.begin(), directory.profiles.end(), *profile) != directory.profiles.end())
    return {};
  const std::string known = directory.profiles.empty() ? "none" : base::Join(directory.profiles, ", ");
  return Error{.kind = ErrorKind::kInvalid,
               .message = base::Cat("the CA has no profile ", *profile, "; it offers: ", known),
               .blame = {kCertificateSubject, "profile"}};
}

}  // namespace

base::Result<Order> ParseOrder(std::string_view text, std::string url) {
  const auto document = base::ParseJsonObject(text);
  if (!document) return Error{ErrorKind::kProtocol, "the CA's order is not JSON"};
  auto status = ReadStatus(*document);
  if (!status) return std::move(status).error();
  auto finalize = base::GetString(*document, "finalize");
  if (!finalize) return std::move(finalize).error();
  Order order{.url = std::move(url), .status = *status, .dns_names = ReadNames(*document)};
  auto absolute = ResolveCaUrl(order.url, *finalize);
  if (!absolute) return std::move(absolute).error();
  order.finalize = *std::move(absolute);
  for (const std::string& reference : base::FindStrings(*document, "authorizations")) {
    auto authorization = ResolveCaUrl(order.url, reference);
    if (!authorization) return std::move(authorization).error();
    order.authorizations.push_back(*std::move(authorization));
  }
  if (order.authorizations.size() > order.dns_names.size()) {
    return Error{ErrorKind::kProtocol, base::Cat("the CA wants ", order.authorizations.size(), " authorizations for ",
                                                 order.dns_names.size(), " names")};
  }
  if (const auto certificate = base::FindString(*document, "certificate")) {
    auto resolved = ResolveCaUrl(order.url, *certificate);
    if (!resolved) return std::move(resolved).error();
    order.certificate = *std::move(resolved);
  }
  if (order.status == OrderStatus::kValid && order.certificate.empty()) {
    return Error{ErrorKind::kProtocol, "the order is valid, but names no certificate"};
  }
  if (const base::Json* problem = base::FindMember(*document, "error")) order.problem = ProblemError(*problem, 0);
  return order;
}

base::Result<Order> CreateOrder(const Call& call, Client& client, const Account& account, const NewOrder& wanted) {
  auto directory = FetchDirectory(call, client, Patience::kOrder);
  if (!directory) return std::move(directory).error();
  if (auto fine = CheckProfile(wanted.profile, *directory); !fine) return std::move(fine).error();
  auto response = SendToDirectory(call, client, SignerOf(account), &Directory::new_order, OrderPayload(wanted),
                                  base::http::Idempotency::kSafe, wanted.patience);
  if (!response) return std::move(response).error().While(std::string(kPlacingOrder));
  auto url = LocationOf(*response, directory->new_order);
  if (!url) return std::move(url).error().While(std::string(kPlacingOrder));
  auto order = FromResponse(call, *response, *std::move(url));
  if (!order) return std::move(order).error().While(std::string(kPlacingOrder));
  if (!CoversNames(*order, wanted.dns_names)) {
    return Error{ErrorKind::kProtocol, base::Cat("the CA made an order for other names: ", base::Join(order->dns_names, ", "))};
  }
  return order;
}

base::Result<Order> FetchOrder(const Call& call, Client& client, const Account& account, const std::string& url,
                               Patience patience) {
  auto response = Get(call, client, SignerOf(account), url, patience);
  if (!response) return std::move(response).error().While("looking at the order");
  auto order = FromResponse(call, *response, url);
  if (!order) return std::move(order).error().While("looking at the order");
  return order;
}

bool CoversNames(const Order& order, const std::vector<std::string>& dns_names) {
  const std::vector<std::string> offered = Identifiers(order.dns_names);
  const std::vector<std::string> wanted = Identifiers(dns_names);
  return std::includes(offered.begin(), offered.end(), wanted.begin(), wanted.end());
}

base::Result<Order> FinalizeOrder(const Call& call, Client& client, const Account& account, const Order& order,
                                  std::string_view csr_der) {
  const base::Json payload = {{"csr", base::Base64Url(csr_der)}};
  const Post post{.url = order.finalize,
                  .payload = base::DumpJson(payload),
                  .idempotency = base::http::Idempotency::kOnce,
                  .patience = Patience::kHandedOut};
  for (int attempt = 1;; ++attempt) {
    // Not cut off by a stop request: a CA may give up an order whose finalize request was.
    Call whole = call.Within(kFinalizeLimit);
    whole.stop = {};
    auto response = SendSigned(whole, client, SignerOf(account), post);
    auto finalized = response ? FromResponse(call, *response, order.url) : base::Result<Order>(std::move(response).error());
    if (finalized) return finalized;
    // An answer that is no order was an answer all the same: the order says how far it is.
    if (response) return FetchOrder(call, client, account, order.url);
    Error& failure = finalized.error();
    if (!MayBeFinalized(failure)) return std::move(failure).While("finalizing the order");
    auto present = FetchOrder(call, client, account, order.url);
    if (!present) return std::move(present).error().While("finalizing the order");
    if (present->status != OrderStatus::kReady && present->status != OrderStatus::kPending) return present;
    const auto pause = PauseAfterFailure(call, client, failure, attempt);
    if (!pause || failure.kind == ErrorKind::kDenied) return std::move(failure).While("finalizing the order");
    call.log.Info("finalizing the order again", {{base::key::kAttempt, attempt}, {base::key::kError, failure.message}});
    if (auto waited = call.Wait(*pause); !waited) return std::move(waited).error();
  }
}

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
// Orders (RFC 8555 section 7.1.3, 7.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/http/request.h"
#include "base/result.h"
#include "engine/acme/account.h"
#include "engine/acme/client.h"

namespace engine::acme {

enum class OrderStatus { kPending, kReady, kProcessing, kValid, kInvalid };

struct Order {
  std::string url;
  OrderStatus status = OrderStatus::kPending;
  std::vector<std::string> dns_names;         // lower case, sorted
  std::vector<std::string> authorizations{};  // URLs, in no order that means anything
  std::string finalize{};
  std::string certificate{};             // the URL; empty before kValid
  std::optional<base::Error> problem{};  // why it is invalid
  std::optional<base::TimePoint> retry_after{};
};

// The step of errors at newOrder.
inline constexpr std::string_view kPlacingOrder = "placing the order";

struct NewOrder {
  std::vector<std::string> dns_names;
  std::optional<std::string> profile{};
  std::optional<std::string> replaces{};
  std::optional<base::TimePoint> not_after{};  // few CAs take it
  Patience patience = Patience::kOrder;
};

// `url`: where the order is; URLs within are resolved against it. Errors: kProtocol (not an order; valid without a certificate).
base::Result<Order> ParseOrder(std::string_view text, std::string url);

// A new order, or an equal one that the CA had already: any status may come back. Errors: kInvalid (a profile that the CA does
// not advertise), kProtocol (an order for other names).
base::Result<Order> CreateOrder(const base::Call& call, Client& client, const Account& account, const NewOrder& wanted);
base::Result<Order> FetchOrder(const base::Call& call, Client& client, const Account& account, const std::string& url,
                               Patience patience = Patience::kHandedOut);
// True when the order is for all of `dns_names`. Some CAs show *.example.test without its "*." (Posh-ACME#567) or add names of
// their own; the certificate decides in the end. Pure.
bool CoversNames(const Order& order, const std::vector<std::string>& dns_names);
// `csr_der`: for the names that were ordered. A lost answer is resolved by looking at the order: it is finalized again only when
// it is still ready. Errors: kUnavailable, kInvalid (badCSR) and others as the CA says.
base::Result<Order> FinalizeOrder(const base::Call& call, Client& client, const Account& account, const Order& order,
                                  std::string_view csr_der);

}  // namespace engine::acme

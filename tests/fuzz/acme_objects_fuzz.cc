// SPDX-License-Identifier: MPL-2.0
// The objects of an ACME server (RFC 8555 section 7.1, RFC 9773): what is taken is an object that can be worked with.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "base/url.h"
#include "engine/acme/authorization.h"
#include "engine/acme/directory.h"
#include "engine/acme/order.h"
#include "engine/acme/renewal_info.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

constexpr const char* kUrl = "https://ca.example.test/acme/order/1";

void RequireUrl(const std::string& url) { Require(base::ParseUrl(url).ok(), "the URLs of an object are absolute"); }

void CheckDirectory(std::string_view text) {
  const auto directory = engine::acme::ParseDirectory(text);
  if (!directory) return;
  for (const auto& url : {directory->new_nonce, directory->new_account, directory->new_order}) {
    Require(!url.empty(), "a directory has what every order needs");
    RequireUrl(url);
  }
  for (const auto& url : {directory->revoke_cert, directory->key_change, directory->renewal_info}) {
    if (!url.empty()) RequireUrl(url);
  }
}

void CheckOrder(std::string_view text) {
  const auto order = engine::acme::ParseOrder(text, kUrl);
  if (!order) return;
  Require(order->url == kUrl, "the order is where it was asked for");
  Require(std::is_sorted(order->dns_names.begin(), order->dns_names.end()), "names are sorted");
  for (const auto& name : order->dns_names) Require(name == base::ToLower(name), "names are in lower case");
  for (const auto& url : order->authorizations) RequireUrl(url);
  if (!order->finalize.empty()) RequireUrl(order->finalize);
  const bool is_valid = order->status == engine::acme::OrderStatus::kValid;
  Require(!is_valid || !order->certificate.empty(), "a valid order has a certificate");
  if (!order->certificate.empty()) RequireUrl(order->certificate);
  if (order->problem) fuzz::RequireUtf8(order->problem->message, "the problem of an order is UTF-8");
}

void CheckAuthorization(std::string_view text) {
  const auto authorization = engine::acme::ParseAuthorization(text, kUrl);
  if (!authorization) return;
  const std::string& name = authorization->identifier;
  Require(!name.empty() && name == base::ToLower(name) && !name.starts_with("*."), "the identifier is a plain name");
  for (const auto& challenge : authorization->challenges) {
    if (!challenge.url.empty()) RequireUrl(challenge.url);
  }
  const auto* dns01 = authorization->Find(engine::acme::ValidationMethod::kDns01);
  Require(dns01 == nullptr || dns01->type == "dns-01", "the challenge found is the one wanted");
  fuzz::RequireUtf8(engine::acme::ValidationError({*authorization}).message, "the reason is UTF-8");
}

void CheckRenewalInfo(std::string_view text) {
  const auto info = engine::acme::ParseRenewalInfo(text);
  if (!info) return;
  Require(info->window_start < info->window_end, "a window ends after it starts");
  fuzz::RequireUtf8(info->explanation_url, "the explanation is UTF-8");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  CheckDirectory(text);
  CheckOrder(text);
  CheckAuthorization(text);
  CheckRenewalInfo(text);
  return 0;
}

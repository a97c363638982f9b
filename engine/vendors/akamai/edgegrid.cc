// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/akamai/edgegrid.h"

#include <algorithm>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"
#include "base/url.h"

namespace engine::vendors::akamai {
namespace {

using base::Cat;
using base::crypto::Hash;
using base::crypto::Hmac;

constexpr std::size_t kMaxSignedBody = 131072;

// "20140321T19:34:21+0000" of "2014-03-21T19:34:21Z".
std::string FormatTimestamp(base::TimePoint when) {
  std::string text = base::FormatRfc3339(when);
  std::erase(text, '-');
  text.pop_back();
  return Cat(text, "+0000");
}

}  // namespace

std::string SignRequest(const base::http::Request& request, const EdgeGridClient& client, const std::string& timestamp,
                        const std::string& nonce) {
  const auto url = base::ParseUrl(request.url);
  const std::string origin = url ? url->Origin() : "";
  const std::string host = origin.substr(std::min(origin.size(), origin.find("://") + 3));
  const std::string path = url ? Cat(url->path, url->query.empty() ? "" : "?", url->query) : "";
  const std::string unsigned_header =
      Cat("EG1-HMAC-SHA256 client_token=", client.client_token.Reveal(), ";access_token=", client.access_token.Reveal(),
          ";timestamp=", timestamp, ";nonce=", nonce, ";");
  // Only a POST has its body signed.
  const bool has_signed_body = request.method == "POST" && !request.body.empty();
  const std::string body_hash =
      has_signed_body ? base::Base64(base::crypto::Sha256(std::string_view(request.body).substr(0, kMaxSignedBody))) : "";
  const std::string text =
      Cat(request.method, "\t", url ? url->scheme : "", "\t", host, "\t", path, "\t\t", body_hash, "\t", unsigned_header);
  const base::Secret key(base::Base64(Hmac(Hash::kSha256, client.client_secret, timestamp)));
  return Cat(unsigned_header, "signature=", base::Base64(Hmac(Hash::kSha256, key, text)));
}

base::Result<base::http::Response> EdgeGridTransport::Send(const base::Call& call, const base::http::Request& request) {
  base::http::Request copy = request;
  std::erase_if(copy.headers, [](const base::http::Header& one) { return base::EqualsIgnoreCase(one.name, "authorization"); });
  copy.headers.push_back(
      {"Authorization", SignRequest(request, client_, FormatTimestamp(call.Now()), base::Hex(random_->Bytes(16)))});
  return inner_->Send(call, copy);
}

}  // namespace engine::vendors::akamai

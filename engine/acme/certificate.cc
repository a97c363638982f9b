// SPDX-License-Identifier: MPL-2.0
#include "engine/acme/certificate.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_format.h"
#include "engine/acme/acme_client.h"
#include "engine/acme/transport.h"

namespace engine::acme {
namespace {

using base::Error;
using base::ErrorKind;

// Clocks of runners are off at times: only a certificate that starts much later is wrong.
constexpr auto kClockSkew = std::chrono::hours(1);

Error Wrong(std::string what) {
  return {ErrorKind::kProtocol, base::Cat("the CA returned another certificate than ordered: ", what)};
}

}  // namespace

base::Result<std::vector<base::crypto::Certificate>> DownloadChain(const base::Call& call, Client& client, const Account& account,
                                                                   const std::string& url) {
  auto response =
      SendSigned(call, client, {account.key, account.url}, {.url = url, .accept = "application/pem-certificate-chain"});
  if (!response) return std::move(response).error().While("downloading the certificate");
  auto chain = base::crypto::ParseChain(response->body);
  if (chain) return chain;
  return Error{ErrorKind::kProtocol, base::Cat("the CA's answer is no certificate chain: ", chain.error().message)}.While(
      "downloading the certificate");
}

base::Result<void> CheckLeaf(const base::crypto::Certificate& leaf, const base::crypto::PrivateKey& key,
                             std::vector<std::string> dns_names, base::TimePoint now) {
  if (leaf.public_key_der != key.PublicKeyDer()) return Wrong("it is for another key");
  std::vector<std::string> issued = leaf.dns_names;
  std::sort(issued.begin(), issued.end());
  issued.erase(std::unique(issued.begin(), issued.end()), issued.end());
  std::sort(dns_names.begin(), dns_names.end());
  if (issued != dns_names) return Wrong(base::Cat("it is for ", base::Join(issued, ", ")));
  if (leaf.not_after <= now) return Wrong(base::Cat("it expired at ", base::FormatRfc3339(leaf.not_after)));
  if (leaf.not_before > now + kClockSkew)
    return Wrong(base::Cat("it is not valid before ", base::FormatRfc3339(leaf.not_before)));
  return {};
}

}  // namespace engine::acme

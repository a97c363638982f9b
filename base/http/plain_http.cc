// SPDX-License-Identifier: MPL-2.0
#include "base/http/plain_http.h"

#include <algorithm>
#include <array>

#include "base/os/address_reach.h"
#include "base/text.h"

namespace base::http {
namespace {

using os::Reach;
using os::ReachOf;

// Of virtual machines at AWS, Azure, Google and others; of containers at ECS and EKS.
constexpr std::array<std::string_view, 6> kMetadataHosts = {
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "fd00:ec2::254", "metadata.google.internal",
};

constexpr std::string_view kLocalhost = "localhost";

}  // namespace

bool IsMetadataHost(std::string_view host) {
  return std::find(kMetadataHosts.begin(), kMetadataHosts.end(), host) != kMetadataHosts.end();
}

Result<void> CheckPlainHttp(const Url& url, PlainHttp allowed) {
  if (url.scheme == "https" || allowed == PlainHttp::kPublic || url.host == kLocalhost || IsMetadataHost(url.host)) return {};
  const auto reach = ReachOf(url.host);
  if (reach == Reach::kLoopback) return {};
  if (allowed == PlainHttp::kPrivate && reach != Reach::kPublic) return {};
  return Error{ErrorKind::kInvalid, Cat("the URL ", Printable(url.Origin(), 200), " has no TLS (https), and ",
                                        allowed == PlainHttp::kPrivate ? "its address is public: what is sent there"
                                                                       : "what is sent beyond this machine",
                                        " must be encrypted")};
}

bool MayConnectPlain(const Url& url, PlainHttp allowed, const void* socket_address) {
  if (url.scheme == "https" || allowed == PlainHttp::kPublic) return true;
  const Reach reach = os::ReachOfSocketAddress(socket_address);
  if (reach == Reach::kLoopback) return true;
  if (url.host == kLocalhost) return false;
  return reach == Reach::kPrivate && (allowed == PlainHttp::kPrivate || IsMetadataHost(url.host));
}

Result<Response> PrivateHttpTransport::Send(const Call& call, const Request& request) {
  if (request.plain_http != PlainHttp::kLoopback) return inner_->Send(call, request);
  Request allowed = request;
  allowed.plain_http = PlainHttp::kPrivate;
  auto response = inner_->Send(call, allowed);
  Wipe(allowed.body);
  return response;
}

}  // namespace base::http

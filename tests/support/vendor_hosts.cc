// SPDX-License-Identifier: MPL-2.0
#include "tests/support/vendor_hosts.h"

#include "base/text.h"

namespace tests {
namespace {

base::http::Request WithHost(base::http::Request request) {
  for (const auto& header : request.headers) {
    if (!base::EqualsIgnoreCase(header.name, "host")) continue;
    request.url = base::Cat("https://", header.value, request.url);
    break;
  }
  return request;
}

}  // namespace

VendorHosts::VendorHosts(FakeApi& api, const std::vector<std::string>& hosts)
    : server_([&api](const base::http::Request& request) { return Answer(api.Handle(WithHost(request))); },
              ca_.MakeServer(hosts)) {}

std::vector<std::string> VendorHosts::environment() const {
  return {"HTTPS_PROXY=" + proxy_.url(),  "https_proxy=" + proxy_.url(), "NO_PROXY=localhost,127.0.0.1",
          "no_proxy=localhost,127.0.0.1", "SSL_CERT_FILE=" + roots_,     "REQUESTS_CA_BUNDLE=" + roots_};
}

}  // namespace tests

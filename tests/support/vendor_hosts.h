// SPDX-License-Identifier: MPL-2.0
// A fake under the vendor's own host names, for foreign programs that know no other URL: they come through a proxy and trust a CA
// of the test's, both by environment variables that every such program knows.
#pragma once

#include <string>
#include <vector>

#include "tests/support/fake_api.h"
#include "tests/support/loopback_http.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_ca.h"
#include "tests/support/tunnel_proxy.h"

namespace tests {

class VendorHosts {
 public:
  VendorHosts(FakeApi& api, const std::vector<std::string>& hosts);

  // "NAME=value" entries for the program.
  std::vector<std::string> environment() const;

 private:
  TestCa ca_;
  TemporaryFolder folder_;
  std::string roots_ = folder_.Write("roots.pem", ca_.root_pem());
  LoopbackServer server_;
  TunnelProxy proxy_{server_.port()};
};

}  // namespace tests

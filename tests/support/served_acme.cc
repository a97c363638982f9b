// SPDX-License-Identifier: MPL-2.0
#include "tests/support/served_acme.h"

#include <utility>

#include "base/clock.h"

namespace tests {

ServedAcme::ServedAcme(First first)
    : first_(std::move(first)),
      ca_(base::RealClock()),
      server_([this](const base::http::Request& request) { return Answer(request); }) {
  ca_.behaviour.base_url = Url();
  has_url_.count_down();
}

Reply ServedAcme::Answer(base::http::Request request) {
  has_url_.wait();
  if (auto answer = first_(ca_, request)) return *std::move(answer);
  request.url = ca_.behaviour.base_url + request.url;
  return tests::Answer(ca_.Handle(request));
}

}  // namespace tests

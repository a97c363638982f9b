// SPDX-License-Identifier: MPL-2.0
// The certificates of listeners in AWS's Elastic Load Balancing (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference),
// version 2015-12-01: application and network load balancers.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/session.h"
#include "engine/vendors/aws/xml.h"

namespace engine::vendors::aws {

// ARNs. The default certificate may be in the list besides.
struct ListenerCertificates {
  std::string default_arn;
  std::set<std::string, std::less<>> list{};
};

// Errors everywhere: those of AwsSession::Send; kNotFound with the code ListenerNotFound or CertificateNotFound.
class LoadBalancerApi {
 public:
  // `transport` is borrowed; outlives this. `region` empty: that of the session.
  LoadBalancerApi(std::shared_ptr<AwsSession> session, base::http::Transport& transport, std::string region)
      : session_(std::move(session)), transport_(&transport), region_(std::move(region)) {}

  base::Result<ListenerCertificates> Describe(const base::Call& call, std::string_view listener) const;
  // To the list; what is in it already stays as it is.
  base::Result<void> Add(const base::Call& call, std::string_view listener, std::string_view certificate) const;
  // From the list, not as the default.
  base::Result<void> Remove(const base::Call& call, std::string_view listener, std::string_view certificate) const;
  // In the place of the former default, at once. The list stays as it is.
  base::Result<void> SetDefault(const base::Call& call, std::string_view listener, std::string_view certificate) const;

 private:
  using Parameters = std::vector<std::pair<std::string_view, std::string_view>>;
  base::Result<XmlElement> Send(const base::Call& call, std::string_view action, std::string_view listener,
                                const Parameters& parameters) const;
  base::Result<void> Change(const base::Call& call, std::string_view action, std::string_view listener,
                            std::string_view certificate) const;

  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  base::http::Transport* transport_;
  std::string region_;
};

}  // namespace engine::vendors::aws

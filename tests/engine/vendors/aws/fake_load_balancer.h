// SPDX-License-Identifier: MPL-2.0
// The listeners of one AWS load balancer, with the ACM that their certificates are in: a listener always has a default
// certificate, which is no part of its list; what a listener has is in use.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/engine/vendors/aws/fake_certificate_manager.h"

namespace tests {

class FakeLoadBalancer final : public FakeAcm {
 public:
  static constexpr const char* kArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188";
  static constexpr const char* kListener =
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/1111111111111111";
  static constexpr const char* kOther =
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/2222222222222222";

  struct Certificates {
    std::string default_arn;
    std::set<std::string> list{};
  };

  // Both listeners, with this default certificate.
  void SetUp(const std::string& default_arn);
  Certificates At(const std::string& listener) const;
  void Set(const std::string& listener, Certificates certificates);
  void DeleteListener(const std::string& listener);
  std::string ListenerSnapshot() const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Act(const std::string& action, const std::string& certificate, Certificates& listener);
  void NoteUsers();

  std::map<std::string, Certificates> listeners_;
};

}  // namespace tests

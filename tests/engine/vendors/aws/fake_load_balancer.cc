// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/aws/fake_load_balancer.h"

#include "base/encoding.h"
#include "base/text.h"
#include "tests/engine/vendors/aws/auth/signature_check.h"

namespace tests {
namespace {

using base::Cat;
using base::http::Response;

Response LoadBalancerError(int status, const std::string& code, const std::string& message) {
  return {.status = status,
          .body = Cat("<ErrorResponse><Error><Type>Sender</Type><Code>", code, "</Code><Message>", message,
                      "</Message></Error><RequestId>1</RequestId></ErrorResponse>")};
}

// Of a form whose values are percent-encoded.
std::string Field(const std::string& body, const std::string& name) {
  for (const std::string& pair : base::Split(body, '&')) {
    if (!pair.starts_with(name + "=")) continue;
    std::string value;
    for (std::size_t i = name.size() + 1; i < pair.size(); ++i) {
      const bool is_escaped = pair[i] == '%';
      value.append(is_escaped ? *base::FromHex(pair.substr(i + 1, 2)) : pair.substr(i, 1));
      if (is_escaped) i += 2;
    }
    return value;
  }
  return {};
}

std::string Member(const std::string& arn, bool is_default) {
  return Cat("<member><CertificateArn>", arn, "</CertificateArn><IsDefault>", is_default ? "true" : "false",
             "</IsDefault></member>");
}

}  // namespace

void FakeLoadBalancer::SetUp(const std::string& default_arn) {
  std::lock_guard lock(mutex_);
  for (const char* listener : {kListener, kOther}) listeners_[listener] = {.default_arn = default_arn};
}

FakeLoadBalancer::Certificates FakeLoadBalancer::At(const std::string& listener) const {
  std::lock_guard lock(mutex_);
  return listeners_.at(listener);
}

void FakeLoadBalancer::Set(const std::string& listener, Certificates certificates) {
  std::lock_guard lock(mutex_);
  listeners_[listener] = std::move(certificates);
}

void FakeLoadBalancer::DeleteListener(const std::string& listener) {
  std::lock_guard lock(mutex_);
  listeners_.erase(listener);
}

std::string FakeLoadBalancer::ListenerSnapshot() const {
  std::lock_guard lock(mutex_);
  std::string all;
  for (const auto& [arn, one] : listeners_) all += Cat(arn, ' ', one.default_arn, ' ', base::Join(one.list, ","), '\n');
  return all;
}

Response FakeLoadBalancer::Answer(const ApiRequest& request) {
  NoteUsers();
  if (!request.Header("Content-Type").starts_with("application/x-www-form-urlencoded")) return FakeAcm::Answer(request);
  const AwsSigner signer{.key_id = kKeyId, .secret = kSecret, .region = kRegion, .service = "elasticloadbalancing"};
  if (const std::string wrong = CheckAwsSignature(*request.whole, signer); !wrong.empty())
    return LoadBalancerError(403, wrong, "refused");
  const std::string& body = request.whole->body;
  const std::string action = Field(body, "Action");
  ++actions_[action];
  if (Field(body, "Version") != "2015-12-01") return LoadBalancerError(400, "InvalidAction", action);
  if (denied_ == action) {
    denied_.clear();
    return LoadBalancerError(403, "AccessDenied", Cat("User is not authorized to perform ", action));
  }
  const auto listener = listeners_.find(Field(body, "ListenerArn"));
  if (listener == listeners_.end()) return LoadBalancerError(400, "ListenerNotFound", "One or more listeners not found");
  return Act(action, Field(body, "Certificates.member.1.CertificateArn"), listener->second);
}

Response FakeLoadBalancer::Act(const std::string& action, const std::string& certificate, Certificates& listener) {
  if (action == "DescribeListenerCertificates") {
    std::string members = Member(listener.default_arn, true);
    for (const std::string& one : listener.list) members += Member(one, false);
    return {.status = 200,
            .body = Cat("<DescribeListenerCertificatesResponse><DescribeListenerCertificatesResult><Certificates>", members,
                        "</Certificates></DescribeListenerCertificatesResult></DescribeListenerCertificatesResponse>")};
  }
  if (!items_.contains(certificate))
    return LoadBalancerError(400, "CertificateNotFound", Cat("Certificate ", certificate, " not found"));
  if (action == "AddListenerCertificates") {
    listener.list.insert(certificate);
  } else if (action == "RemoveListenerCertificates") {
    listener.list.erase(certificate);
  } else if (action == "ModifyListener") {
    listener.default_arn = certificate;
  } else {
    return LoadBalancerError(403, "AccessDenied", Cat("the policy does not allow ", action));
  }
  return {.status = 200, .body = Cat("<", action, "Response/>")};
}

void FakeLoadBalancer::NoteUsers() {
  for (auto& [arn, item] : items_) {
    item.in_use_by.clear();
    for (const auto& [listener, certificates] : listeners_) {
      if (certificates.default_arn == arn || certificates.list.contains(arn)) item.in_use_by = {kArn};
    }
  }
}

}  // namespace tests

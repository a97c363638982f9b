// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/load_balancer_api.h"

#include "base/text.h"
#include "base/url.h"
#include "base/without_value.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::EqualsIgnoreCase;
using base::PercentEncode;
using base::Result;

// Adds the page's; where the next one begins, empty after the last one.
std::string ReadPage(const XmlElement& root, ListenerCertificates& certificates) {
  const XmlElement* result = root.Find("DescribeListenerCertificatesResult");
  if (result == nullptr) return {};
  if (const XmlElement* list = result->Find("Certificates")) {
    for (const XmlElement* one : list->FindAll("member")) {
      const std::string arn(one->Text("CertificateArn"));
      if (EqualsIgnoreCase(one->Text("IsDefault"), "true")) {
        certificates.default_arn = arn;
      } else {
        certificates.list.insert(arn);
      }
    }
  }
  return std::string(result->Text("NextMarker"));
}

}  // namespace

Result<XmlElement> LoadBalancerApi::Send(const Call& call, std::string_view action, std::string_view listener,
                                         const Parameters& parameters) const {
  base::http::Request request{.method = "POST",
                              .url = "/",
                              .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                              .body = Cat("Action=", action, "&Version=2015-12-01&ListenerArn=", PercentEncode(listener))};
  for (const auto& [name, value] : parameters) request.body.append(Cat("&", name, "=", PercentEncode(value)));
  const auto response =
      session_->Send(call, *transport_, "elasticloadbalancing", region_, std::move(request), Cat(action, " for ", listener));
  if (!response) return response.error();
  return ParseXml(response->body);
}

Result<ListenerCertificates> LoadBalancerApi::Describe(const Call& call, std::string_view listener) const {
  ListenerCertificates certificates;
  Parameters page;
  for (std::string marker;;) {
    const auto root = Send(call, "DescribeListenerCertificates", listener, page);
    if (!root) return root.error();
    marker = ReadPage(*root, certificates);
    if (marker.empty()) return certificates;
    page = {{"Marker", marker}};
  }
}

Result<void> LoadBalancerApi::Change(const Call& call, std::string_view action, std::string_view listener,
                                     std::string_view certificate) const {
  const auto root = Send(call, action, listener, {{"Certificates.member.1.CertificateArn", certificate}});
  return WithoutValue(root);
}

Result<void> LoadBalancerApi::Add(const Call& call, std::string_view listener, std::string_view certificate) const {
  return Change(call, "AddListenerCertificates", listener, certificate);
}

Result<void> LoadBalancerApi::Remove(const Call& call, std::string_view listener, std::string_view certificate) const {
  return Change(call, "RemoveListenerCertificates", listener, certificate);
}

Result<void> LoadBalancerApi::SetDefault(const Call& call, std::string_view listener, std::string_view certificate) const {
  return Change(call, "ModifyListener", listener, certificate);
}

}  // namespace engine::vendors::aws

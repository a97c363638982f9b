// SPDX-License-Identifier: MPL-2.0
// XML as AWS answers in it: a tree that was read is written and read again as the same; Route 53's client makes sense of any
// answer, or refuses it, and comes to an end.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/text.h"
#include "engine/vendors/aws/route53_api.h"
#include "engine/vendors/aws/xml.h"
#include "tests/fuzz/require.h"

namespace {

using engine::vendors::aws::XmlElement;
using fuzz::Require;

bool IsName(std::string_view text) {
  return !text.empty() && (text[0] == '_' || (text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
}

// Empty when a name, without its prefix, is none that XML allows.
std::string Write(const XmlElement& element) {
  if (!IsName(element.name)) return {};
  std::string inside = engine::vendors::aws::XmlEscape(element.text);
  for (const XmlElement& child : element.children) {
    const std::string written = Write(child);
    if (written.empty()) return {};
    inside += written;
  }
  return base::Cat('<', element.name, '>', inside, "</", element.name, '>');
}

bool AreEqual(const XmlElement& a, const XmlElement& b) {
  return a.name == b.name && a.text == b.text &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), AreEqual);
}

void CheckTree(std::string_view text) {
  const auto first = engine::vendors::aws::ParseXml(text);
  if (!first) return;
  const std::string written = Write(*first);
  if (written.empty()) return;
  const auto second = engine::vendors::aws::ParseXml(written);
  Require(second && AreEqual(*first, *second), "a tree is written and read again");
}

// Says the same to everything.
class OneAnswer final : public base::http::Transport {
 public:
  explicit OneAnswer(std::string_view body) : body_(body) {}
  base::Result<base::http::Response> Send(const base::Call&, const base::http::Request&) override {
    Require(++requests_ <= 100, "a listing comes to an end");
    return base::http::Response{.status = 200, .headers = {}, .body = body_};
  }

 private:
  std::string body_;
  int requests_ = 0;
};

void CheckRoute53(std::string_view body) {
  static const auto session = std::make_shared<engine::vendors::aws::AwsSession>(
      engine::vendors::aws::auth::AwsSettings{
          .access_key_id = "AKIDEXAMPLE", .secret_access_key = base::Secret("secret"), .region = "us-east-1", .role = {}},
      [](const char*) { return std::optional<std::string>(); });
  static const auto limiter = std::make_shared<base::http::RateLimiter>(base::http::Rate{});
  const base::Call call{.clock = &base::RealClock(),
                        .deadline = base::Deadline::In(base::RealClock(), base::Deadline::kMaxLimit)};
  OneAnswer transport(body);
  const engine::vendors::aws::Route53Api api(session, transport, limiter);
  if (const auto zones = api.FindZones(call, "example.test")) {
    for (const auto& zone : *zones) Require(zone.name == "example.test.", "only zones of the name are found");
  }
  if (const auto name = api.FindZoneName(call, "Z1")) Require(!name->empty(), "a zone has a name");
  if (const auto sets = api.ListTxt(call, "Z1", {"_acme-challenge.example.test.", "a.example.test.", "example.test."})) {
    for (const auto& set : *sets) Require(set.name == base::ToLower(set.name) && set.ttl >= 0, "sets are sets");
  }
  static_cast<void>(api.Change(call, "Z1", {}));
  static_cast<void>(api.IsInSync(call, "C1"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CheckTree(fuzz::Text(data, size));
  CheckRoute53(fuzz::Text(data, size));
  return 0;
}

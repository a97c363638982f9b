// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/route53_api.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/domain_name.h"
#include "base/http/paced_transport.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/aws/xml.h"

namespace engine::vendors::aws {
namespace {

using base::Absolute;
using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Join;
using base::PercentEncode;
using base::Result;
using base::Split;
using base::ToLower;
using base::http::PacedTransport;

constexpr std::string_view kPath = "/2013-04-01/";
constexpr std::size_t kNamesPerPage = 300;  // the most that Route 53 gives

// "\052.example.test." is "*.example.test.": Route 53 escapes what is neither letter, digit, hyphen, underscore nor dot, in
// octal.
std::string Unescape(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unsigned byte = 0;
    const bool is_escape = name[i] == '\\' && i + 3 < name.size();
    if (is_escape && std::from_chars(&name[i + 1], &name[i + 1] + 3, byte, 8).ptr == &name[i + 1] + 3) {
      plain.push_back(static_cast<char>(byte));
      i += 3;
    } else {
      plain.push_back(name[i]);
    }
  }
  return ToLower(plain);
}

// Route 53 sorts by the labels in reverse, joined by dots, as text.
std::string SortKey(std::string_view name) {
  std::vector<std::string> labels = Split(name.substr(0, name.size() - (name.ends_with('.') ? 1 : 0)), '.');
  std::reverse(labels.begin(), labels.end());
  return Join(labels, ".") + ".";
}

TxtRecordSet ReadSet(const XmlElement& element) {
  TxtRecordSet set{.name = Unescape(element.Text("Name"))};
  const std::string_view ttl = element.Text("TTL");
  std::from_chars(ttl.data(), ttl.data() + ttl.size(), set.ttl);
  if (const XmlElement* records = element.Find("ResourceRecords")) {
    for (const XmlElement* record : records->FindAll("ResourceRecord")) set.values.emplace_back(record->Text("Value"));
  }
  set.is_plain = element.Find("SetIdentifier") == nullptr && element.Find("AliasTarget") == nullptr;
  return set;
}

// Adds the page's TXT sets. The name at which the next page begins; empty after the last one.
Result<std::string> ReadPage(std::string_view body, std::vector<TxtRecordSet>& sets) {
  const auto root = ParseXml(body);
  if (!root) return root.error();
  const XmlElement* list = root->Find("ResourceRecordSets");
  if (list == nullptr) return Error{ErrorKind::kProtocol, "the response of Route 53 contains no list of record sets"};
  for (const XmlElement* element : list->FindAll("ResourceRecordSet")) {
    if (element->Text("Type") == "TXT") sets.push_back(ReadSet(*element));
  }
  return root->Text("IsTruncated") == "true" ? Unescape(root->Text("NextRecordName")) : std::string();
}

std::string ToXml(const TxtSetChange& change) {
  std::string records;
  for (const std::string& value : change.set.values) {
    records.append(Cat("<ResourceRecord><Value>", XmlEscape(value), "</Value></ResourceRecord>"));
  }
  return Cat("<Change><Action>", change.action == TxtSetChange::Action::kCreate ? "CREATE" : "DELETE",
             "</Action><ResourceRecordSet><Name>", XmlEscape(change.set.name), "</Name><Type>TXT</Type><TTL>", change.set.ttl,
             "</TTL><ResourceRecords>", records, "</ResourceRecords></ResourceRecordSet></Change>");
}

// "/hostedzone/Z1" and "/change/C1" are Z1 and C1.
std::string LastPart(std::string_view id) { return std::string(id.substr(id.rfind('/') + 1)); }

}  // namespace

Result<std::string> Route53Api::Send(const Call& call, base::http::Request request, std::string_view action) const {
  request.url.insert(0, kPath);
  PacedTransport paced(*transport_, *limiter_, nullptr);
  auto response = session_->Send(call, paced, "route53", "", std::move(request), action);
  if (!response) return std::move(response).error();
  return std::move(response->body);
}

Result<std::vector<HostedZone>> Route53Api::FindZones(const Call& call, std::string_view name) const {
  const std::string wanted = Absolute(name);
  const auto body =
      Send(call, {.url = Cat("hostedzonesbyname?dnsname=", PercentEncode(wanted))}, Cat("looking up the hosted zone ", wanted));
  if (!body) return body.error();
  const auto root = ParseXml(*body);
  if (!root) return root.error();
  const XmlElement* list = root->Find("HostedZones");
  if (list == nullptr) return Error{ErrorKind::kProtocol, "the response of Route 53 contains no list of hosted zones"};
  std::vector<HostedZone> zones;
  for (const XmlElement* element : list->FindAll("HostedZone")) {
    HostedZone zone{.id = LastPart(element->Text("Id")),
                    .name = Unescape(element->Text("Name")),
                    .is_private = element->Text("Config/PrivateZone") == "true"};
    // The list goes on behind the name.
    if (zone.name == wanted) zones.push_back(std::move(zone));
  }
  return zones;
}

Result<std::string> Route53Api::FindZoneName(const Call& call, std::string_view zone_id) const {
  const auto body = Send(call, {.url = Cat("hostedzone/", PercentEncode(zone_id), "/rrset?maxitems=1")},
                         Cat("looking at the hosted zone ", zone_id));
  if (!body) return body.error();
  const auto root = ParseXml(*body);
  if (!root) return root.error();
  std::string name = Unescape(root->Text("ResourceRecordSets/ResourceRecordSet/Name"));
  if (name.empty()) return Error{ErrorKind::kProtocol, Cat("Route 53 lists no record of the hosted zone ", zone_id)};
  return name;
}

Result<std::vector<TxtRecordSet>> Route53Api::ListTxt(const Call& call, std::string_view zone_id,
                                                      std::vector<std::string> names) const {
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return SortKey(a) < SortKey(b); });
  std::vector<TxtRecordSet> sets;
  for (auto name = names.begin(); name != names.end();) {
    const std::size_t page = names.end() - name == 1 ? 1 : kNamesPerPage;
    const auto body = Send(call,
                           {.url = Cat("hostedzone/", PercentEncode(zone_id), "/rrset?maxitems=", page,
                                       "&name=", PercentEncode(*name), "&type=TXT")},
                           Cat("listing the records of the hosted zone ", zone_id));
    if (!body) return body.error();
    const auto next = ReadPage(*body, sets);
    if (!next) return next.error();
    if (next->empty()) break;
    const std::string next_key = SortKey(*next);
    name = std::find_if(std::next(name), names.end(), [&](const std::string& one) { return SortKey(one) >= next_key; });
  }
  return sets;
}

Result<std::string> Route53Api::Change(const Call& call, std::string_view zone_id, std::span<const TxtSetChange> changes) const {
  std::string list;
  for (const TxtSetChange& change : changes) list.append(ToXml(change));
  const base::http::Request request{.method = "POST",
                                    .url = Cat("hostedzone/", PercentEncode(zone_id), "/rrset"),
                                    .headers = {{"Content-Type", "application/xml"}},
                                    .body = Cat("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ChangeResourceRecordSetsRequest "
                                                "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>",
                                                list, "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>")};
  const auto body = Send(call, request, Cat("changing TXT records of the hosted zone ", zone_id));
  if (!body) return body.error();
  const auto root = ParseXml(*body);
  return root ? LastPart(root->Text("ChangeInfo/Id")) : std::string();
}

Result<bool> Route53Api::IsInSync(const Call& call, std::string_view change_id) const {
  const auto body = Send(call, {.url = Cat("change/", PercentEncode(change_id))}, Cat("asking for the change ", change_id));
  if (!body) return body.error();
  const auto root = ParseXml(*body);
  if (!root) return root.error();
  return root->Text("ChangeInfo/Status") == "INSYNC";
}

}  // namespace engine::vendors::aws

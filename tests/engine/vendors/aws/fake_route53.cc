// SPDX-License-Identifier: MPL-2.0
#include "tests/engine/vendors/aws/fake_route53.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/domain_name.h"
#include "base/text.h"
#include "engine/dns/txt_content.h"
#include "tests/engine/vendors/aws/auth/signature_check.h"

namespace tests {
namespace {

using base::Cat;
using base::http::Response;
using engine::vendors::aws::XmlElement;

constexpr const char* kNamespace = "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"";
constexpr std::size_t kMaxValues = 1000;
constexpr std::size_t kMaxCharacters = 32'000;
constexpr std::size_t kLongestPage = 300;

Response Xml(int status, const std::string& body) {
  return {.status = status, .headers = {{"Content-Type", "text/xml"}}, .body = "<?xml version=\"1.0\"?>\n" + body};
}

Response Route53Error(int status, std::string_view code, std::string_view message = "refused by the fake") {
  return Xml(status, Cat("<ErrorResponse ", kNamespace, "><Error><Type>Sender</Type><Code>", code, "</Code><Message>",
                         engine::vendors::aws::XmlEscape(message), "</Message></Error><RequestId>1</RequestId></ErrorResponse>"));
}

Response RefuseChanges(const std::vector<std::string>& messages) {
  std::string list;
  for (const std::string& message : messages) list += Cat("<Message>", engine::vendors::aws::XmlEscape(message), "</Message>");
  return Xml(400, Cat("<InvalidChangeBatch ", kNamespace, "><Messages>", list,
                      "</Messages><RequestId>1</RequestId></InvalidChangeBatch>"));
}

std::string Reversed(std::string_view name) {
  std::vector<std::string> labels = base::Split(name.substr(0, name.size() - 1), '.');
  std::reverse(labels.begin(), labels.end());
  return base::Join(labels, ".") + ".";
}

std::string Escape(std::string_view name) {
  std::string out;
  for (const char one : name) {
    const auto byte = static_cast<unsigned char>(one);
    const bool is_plain = std::isalnum(byte) != 0 || one == '-' || one == '_' || one == '.';
    if (is_plain) {
      out.push_back(one);
    } else {
      out.append(
          {'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8), static_cast<char>('0' + byte % 8)});
    }
  }
  return out;
}

}  // namespace

FakeRoute53::Key FakeRoute53::KeyOf(const std::string& fqdn, const std::string& type) {
  return {Reversed(base::Absolute(fqdn)), type};
}

std::vector<std::string> FakeRoute53::Values(const std::string& fqdn) const {
  std::vector<std::string> values;
  for (const std::string& value : Find(fqdn).values) values.push_back(engine::dns::UnquoteTxt(value));
  std::sort(values.begin(), values.end());
  return values;
}

FakeRoute53::Set FakeRoute53::Find(const std::string& fqdn) const {
  std::lock_guard lock(mutex_);
  const auto found = sets_.find(KeyOf(fqdn, "TXT"));
  return found == sets_.end() ? Set{} : found->second;
}

void FakeRoute53::Add(const std::string& fqdn, const std::string& type, Set set) {
  std::lock_guard lock(mutex_);
  Set& there = sets_[KeyOf(fqdn, type)];
  there.ttl = set.ttl;
  there.set_identifier = set.set_identifier;
  there.values.insert(there.values.end(), set.values.begin(), set.values.end());
}

void FakeRoute53::AddBeforeNextChange(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  before_next_change_.emplace_back(fqdn, value);
}

void FakeRoute53::DenyGetChange() {
  std::lock_guard lock(mutex_);
  denies_get_change_ = true;
}

void FakeRoute53::SetPendingPolls(int polls) {
  std::lock_guard lock(mutex_);
  pending_polls_ = polls;
}

std::size_t FakeRoute53::CountListed() const {
  std::lock_guard lock(mutex_);
  return listed_;
}

Response FakeRoute53::Answer(const ApiRequest& request) {
  const AwsSigner signer{.key_id = kKeyId, .secret = kSecret, .region = "us-east-1", .service = "route53"};
  if (const std::string wrong = CheckAwsSignature(*request.whole, signer); !wrong.empty()) return Route53Error(403, wrong);
  const std::vector<std::string> parts = request.Segments();
  if (parts.size() < 2 || parts[0] != "2013-04-01") return Route53Error(404, "UnknownOperationException");
  if (request.method == "GET" && parts[1] == "hostedzonesbyname") return FindZones(request);
  if (request.method == "GET" && parts[1] == "change" && parts.size() == 3) return GetChange(parts[2]);
  const bool is_records = parts.size() == 4 && parts[1] == "hostedzone" && parts[3] == "rrset";
  if (!is_records) return Route53Error(403, "AccessDenied", "User is not authorized to perform this action");
  if (parts[2] == kOtherZoneId)
    return Route53Error(403, "AccessDenied", "User is not authorized to perform this on the hosted zone");
  if (parts[2] != kZoneId) return Route53Error(404, "NoSuchHostedZone", Cat("No hosted zone found with ID: ", parts[2]));
  return request.method == "GET" ? List(request) : Change(request);
}

Response FakeRoute53::FindZones(const ApiRequest& request) const {
  struct Zone {
    const char* name;
    const char* id;
    bool is_private;
  };
  constexpr Zone kZones[] = {{"example.test.", kPrivateZoneId, true}, {"example.test.", kZoneId, false},
                             {"other.test.", kOtherZoneId, false},    {"private.test.", kPrivateZoneId, true},
                             {"twice.test.", kTwinId, false},         {"twice.test.", "Z0123456789TWIN2", false}};
  std::string list;
  for (const Zone& zone : kZones) {
    if (Reversed(zone.name) < Reversed(base::Absolute(request.Query("dnsname")))) continue;
    list += Cat("<HostedZone><Id>/hostedzone/", zone.id, "</Id><Name>", zone.name, "</Name><CallerReference>x</CallerReference>",
                "<Config><PrivateZone>", zone.is_private ? "true" : "false", "</PrivateZone></Config></HostedZone>");
  }
  return Xml(200, Cat("<ListHostedZonesByNameResponse ", kNamespace, "><HostedZones>", list,
                      "</HostedZones><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListHostedZonesByNameResponse>"));
}

Response FakeRoute53::List(const ApiRequest& request) {
  ++listed_;
  const std::string wanted_size = request.Query("maxitems");
  std::size_t page = kLongestPage;
  std::from_chars(wanted_size.data(), wanted_size.data() + wanted_size.size(), page);
  page = std::min(page, kLongestPage);
  const Key first = request.Query("name").empty() ? Key() : KeyOf(request.Query("name"), request.Query("type"));
  std::string list;
  auto at = sets_.lower_bound(first);
  for (; at != sets_.end() && page > 0; ++at, --page) {
    const auto& [key, set] = *at;
    std::string values;
    for (const std::string& value : set.values) {
      values += Cat("<ResourceRecord><Value>", engine::vendors::aws::XmlEscape(value), "</Value></ResourceRecord>");
    }
    list += Cat("<ResourceRecordSet><Name>", Escape(Reversed(key.first)), "</Name><Type>", key.second, "</Type>",
                set.set_identifier.empty() ? "" : Cat("<SetIdentifier>", set.set_identifier, "</SetIdentifier>"), "<TTL>",
                set.ttl, "</TTL><ResourceRecords>", values, "</ResourceRecords></ResourceRecordSet>");
  }
  const std::string next = at == sets_.end()
                               ? "<IsTruncated>false</IsTruncated>"
                               : Cat("<IsTruncated>true</IsTruncated><NextRecordName>", Escape(Reversed(at->first.first)),
                                     "</NextRecordName><NextRecordType>", at->first.second, "</NextRecordType>");
  return Xml(200, Cat("<ListResourceRecordSetsResponse ", kNamespace, "><ResourceRecordSets>", list, "</ResourceRecordSets>",
                      next, "<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>"));
}

std::string FakeRoute53::Apply(const XmlElement& change, Sets& sets, std::vector<Key>& deleted) {
  const std::string name(change.Text("ResourceRecordSet/Name"));
  const std::string type(change.Text("ResourceRecordSet/Type"));
  const std::string what = Cat("resource record set [name='", name, "', type='", type, "']");
  if (!base::IsInZone(name, "example.test.")) return Cat("RRSet with DNS name ", name, " is not permitted in zone example.test.");
  Set set;
  const std::string_view ttl = change.Text("ResourceRecordSet/TTL");
  if (std::from_chars(ttl.data(), ttl.data() + ttl.size(), set.ttl).ec != std::errc{}) return "Missing field 'TTL'";
  const XmlElement* records = change.Find("ResourceRecordSet")->Find("ResourceRecords");
  if (records == nullptr || records->children.empty()) return Cat("Missing field 'ResourceRecords' in ", what);
  for (const XmlElement& record : records->children) {
    const std::string value(record.Text("Value"));
    const bool is_quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (!is_quoted) return Cat("Invalid Resource Record: FATAL problem: InvalidCharacterString encountered with '", value, "'");
    if (std::count(set.values.begin(), set.values.end(), value) > 0) return Cat("Duplicate Resource Record: '", value, "'");
    set.values.push_back(value);
  }
  const Key key = KeyOf(name, type);
  const auto there = sets.find(key);
  if (change.Text("Action") == "CREATE") {
    if (there != sets.end()) return Cat("Tried to create ", what, " but it already exists");
    if (sets.contains({key.first, "CNAME"})) return Cat(what, " conflicts with a CNAME of the same name in zone example.test.");
    sets[key] = set;
    return "";
  }
  if (change.Text("Action") != "DELETE") return "the fake takes CREATE and DELETE only";
  if (std::count(deleted.begin(), deleted.end(), key) > 0)
    return Cat("The request contains an invalid set of changes for a ", what);
  if (there == sets.end()) return Cat("Tried to delete ", what, " but it was not found");
  const bool is_equal =
      std::set(set.values.begin(), set.values.end()) == std::set(there->second.values.begin(), there->second.values.end()) &&
      set.ttl == there->second.ttl;
  if (!is_equal) return Cat("Tried to delete ", what, " but the values provided do not match the current values");
  sets.erase(there);
  deleted.push_back(key);
  return "";
}

Response FakeRoute53::Change(const ApiRequest& request) {
  const auto root = engine::vendors::aws::ParseXml(request.whole->body);
  const bool is_named =
      root && root->name == "ChangeResourceRecordSetsRequest" && request.whole->body.find(kNamespace) != std::string::npos;
  const XmlElement* changes = is_named && root->Find("ChangeBatch") ? root->Find("ChangeBatch")->Find("Changes") : nullptr;
  if (changes == nullptr || changes->children.empty()) return Route53Error(400, "InvalidInput", "the request is malformed");
  for (const auto& [fqdn, value] : std::exchange(before_next_change_, {})) {
    sets_[KeyOf(fqdn, "TXT")].values.push_back(engine::dns::QuoteTxt(value));
  }
  std::vector<std::string> problems;
  std::vector<Key> deleted;
  std::size_t values = 0;
  std::size_t characters = 0;
  Sets sets = sets_;
  for (const XmlElement& change : changes->children) {
    if (change.Text("ResourceRecordSet/Type") != "TXT") return Route53Error(403, "AccessDenied", "the policy allows TXT alone");
    std::string problem = Apply(change, sets, deleted);
    if (!problem.empty()) problems.push_back(std::move(problem));
    const XmlElement* records = change.Find("ResourceRecordSet")->Find("ResourceRecords");
    if (records == nullptr) continue;
    values += records->children.size();
    for (const XmlElement& record : records->children) characters += record.Text("Value").size();
  }
  if (values > kMaxValues || characters > kMaxCharacters) problems.push_back("Number of records limit exceeded.");
  if (!problems.empty()) return RefuseChanges(problems);
  sets_ = std::move(sets);
  const std::string id = Cat("C", polls_left_.size() + 1);
  polls_left_[id] = pending_polls_;
  return Xml(200, Cat("<ChangeResourceRecordSetsResponse ", kNamespace, "><ChangeInfo><Id>/change/", id,
                      "</Id><Status>PENDING</Status><SubmittedAt>2026-01-02T03:04:05Z</SubmittedAt></ChangeInfo>"
                      "</ChangeResourceRecordSetsResponse>"));
}

Response FakeRoute53::GetChange(const std::string& id) {
  if (denies_get_change_) return Route53Error(403, "AccessDenied", "User is not authorized to perform: route53:GetChange");
  const auto found = polls_left_.find(id);
  if (found == polls_left_.end()) return Route53Error(404, "NoSuchChange");
  const bool is_pending = found->second-- > 0;
  return Xml(200, Cat("<GetChangeResponse ", kNamespace, "><ChangeInfo><Id>/change/", id, "</Id><Status>",
                      is_pending ? "PENDING" : "INSYNC", "</Status></ChangeInfo></GetChangeResponse>"));
}

}  // namespace tests

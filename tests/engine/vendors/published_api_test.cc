// SPDX-License-Identifier: MPL-2.0
// What the providers send, held against what the vendors publish of their APIs. The tables are facts taken from
//   Cloudflare: github.com/cloudflare/api-schemas, openapi.json of 2024-08-07 (TXTRecord and its paths), and for /batch, which is
//               younger, developers.cloudflare.com/api/resources/dns/subresources/records/methods/batch
//   Azure:      github.com/Azure/azure-rest-api-specs,
//   specification/dns/resource-manager/Microsoft.Network/stable/2018-05-01/dns.json
// with what the answers alone hold (readOnly) left out.
#include <gtest/gtest.h>

#include <regex>

#include "base/text.h"
#include "base/url.h"
#include "engine/vendors/catalog.h"
#include "tests/engine/vendors/azure/fake_api.h"
#include "tests/engine/vendors/cloudflare/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/settings.h"

namespace tests::published_api {
namespace {

using base::Cat;
using base::Json;
using base::http::Request;
using engine::connections::Connection;
using engine::dns::PlacedRecord;
using engine::dns::TxtRecord;
using engine::dns::Zone;

enum class Type { kString, kInteger, kObject, kArray };

struct Member {
  std::string path;  // "posts[].content"
  Type type;
};

struct Operation {
  std::string method;
  std::string path;                        // {…} is a segment
  std::vector<std::string> query = {};     // the parameters there are
  std::vector<std::string> headers = {};   // those that mean something here
  std::vector<Member> body = {};           // the members there are; none: no body
  std::vector<std::string> required = {};  // of the members
};

constexpr std::string_view kCloudflareBase = "/client/v4";
const std::vector<Operation> kCloudflare{
    {.method = "GET", .path = "/zones/{zone_id}"},
    {"GET", "/zones", {"name", "status", "account.id", "account.name", "page", "per_page", "order", "direction", "match"}},
    {"GET",
     "/zones/{zone_id}/dns_records",
     {"name", "type", "content", "proxied", "match", "comment", "tag", "search", "tag_match", "page", "per_page", "order",
      "direction"}},
    {.method = "POST",
     .path = "/zones/{zone_id}/dns_records",
     .body = {{"type", Type::kString},
              {"name", Type::kString},
              {"content", Type::kString},
              {"ttl", Type::kInteger},
              {"comment", Type::kString},
              {"tags", Type::kArray},
              {"tags[]", Type::kString}},
     .required = {"type", "name", "content"}},
    {.method = "POST",
     .path = "/zones/{zone_id}/dns_records/batch",
     .body = {{"deletes", Type::kArray},
              {"deletes[]", Type::kObject},
              {"deletes[].id", Type::kString},
              {"posts", Type::kArray},
              {"posts[]", Type::kObject},
              {"posts[].type", Type::kString},
              {"posts[].name", Type::kString},
              {"posts[].content", Type::kString},
              {"posts[].ttl", Type::kInteger},
              {"posts[].comment", Type::kString}}},
    {"DELETE", "/zones/{zone_id}/dns_records/{dns_record_id}", {}},
};

const std::string kSet =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/dnsZones/{zoneName}/TXT/"
    "{relativeRecordSetName}";
const std::vector<Operation> kAzure{
    // The token is that of the answer's nextLink, which the description leaves open.
    {"GET", "/subscriptions/{subscriptionId}/providers/Microsoft.Network/dnszones", {"$top", "api-version", "%24skipToken"}},
    {"GET", kSet, {"api-version"}},
    {.method = "PUT",
     .path = kSet,
     .query = {"api-version"},
     .headers = {"if-match", "if-none-match"},
     .body = {{"etag", Type::kString},
              {"properties", Type::kObject},
              {"properties.metadata", Type::kObject},
              {"properties.metadata.owner", Type::kString},
              {"properties.TTL", Type::kInteger},
              {"properties.TXTRecords", Type::kArray},
              {"properties.TXTRecords[]", Type::kObject},
              {"properties.TXTRecords[].value", Type::kArray},
              {"properties.TXTRecords[].value[]", Type::kString}},
     .required = {"properties"}},
    {.method = "DELETE", .path = kSet, .query = {"api-version"}, .headers = {"if-match"}},
};

// Headers of HTTP itself, which no description lists.
const std::vector<std::string> kCommonHeaders{"accept", "authorization", "content-type", "user-agent"};

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool Is(const Json& value, Type type) {
  switch (type) {
    case Type::kString:
      return value.is_string();
    case Type::kInteger:
      return value.is_number_integer();
    case Type::kObject:
      return value.is_object();
    case Type::kArray:
      return value.is_array();
  }
  return false;
}

void CheckMembers(const Json& value, const std::string& path, const Operation& operation, std::vector<std::string>& deviations) {
  if (!path.empty()) {
    const auto found = std::ranges::find(operation.body, path, &Member::path);
    if (found == operation.body.end() || !Is(value, found->type)) deviations.push_back(Cat(operation.path, ": ", path));
  }
  if (value.is_array()) {
    for (const Json& one : value) CheckMembers(one, path + "[]", operation, deviations);
  } else if (value.is_object()) {
    for (const auto& [name, one] : value.items()) {
      CheckMembers(one, path.empty() ? name : Cat(path, ".", name), operation, deviations);
    }
  }
}

const Operation* FindOperation(const std::vector<Operation>& operations, const std::string& method, const std::string& path) {
  static const std::regex parameter("\\{[^}]*\\}");
  for (const Operation& one : operations) {
    // Azure's names are the same in any case.
    const std::regex pattern(std::regex_replace(one.path, parameter, "[^/]+"), std::regex::icase);
    if (one.method == method && std::regex_match(path, pattern)) return &one;
  }
  return nullptr;
}

// What of the request the vendor's description does not have, a line each.
std::vector<std::string> FindDeviations(const std::vector<Operation>& operations, const Request& request) {
  const auto url = base::ParseUrl(request.url);
  const std::string path = url->path.substr(url->path.starts_with(kCloudflareBase) ? kCloudflareBase.size() : 0);
  const Operation* operation = FindOperation(operations, request.method, path);
  if (operation == nullptr) return {Cat("no ", request.method, " ", path)};
  std::vector<std::string> deviations;
  for (const std::string& pair : base::Split(url->query, '&')) {
    const std::string name = pair.substr(0, pair.find('='));
    if (!pair.empty() && !Holds(operation->query, name)) deviations.push_back(Cat(operation->path, "?", name));
  }
  for (const auto& header : request.headers) {
    const std::string name = base::ToLower(header.name);
    if (!Holds(kCommonHeaders, name) && !Holds(operation->headers, name)) deviations.push_back(Cat(operation->path, ": ", name));
  }
  const Json body = request.body.empty() ? Json::object() : Json::parse(request.body);
  CheckMembers(body, "", *operation, deviations);
  for (const std::string& name : operation->required) {
    if (!body.contains(name)) deviations.push_back(Cat(operation->path, ": no ", name));
  }
  return deviations;
}

// Places one value and several, in a set of others' and in none, and removes them, with and without what placing them told.
void PlaceAndRemove(const Connection& connection, FakeApi& api, const Zone& zone) {
  FakeClock clock;
  const auto provider = *engine::vendors::FindDnsProvider(connection.kind)->make(connection, {.http = &api});
  for (const int count : {1, 2}) {
    std::vector<TxtRecord> records;
    for (int i = 0; i < count; ++i) records.push_back({.fqdn = Cat("_acme-challenge.n", i, ".example.test."), .value = "value"});
    for (const bool forgets : {false, true}) {
      std::vector<PlacedRecord> placed;
      ASSERT_TRUE(provider->Place(clock.Call(), zone, records, placed));
      EXPECT_EQ(provider->FindZoneName(clock.Call(), placed.front().zone_id), "example.test.");
      for (PlacedRecord& one : placed) {
        if (forgets) one.zone_id = one.record_id = "";
      }
      ASSERT_TRUE(provider->Remove(clock.Call(), zone, placed));
    }
  }
}

std::vector<std::string> DeviationsOf(const FakeApi& api, const std::vector<Operation>& operations, const std::string& url) {
  std::vector<std::string> deviations;
  for (const Request& request : api.requests()) {
    if (!request.url.starts_with(url)) continue;
    for (std::string& one : FindDeviations(operations, request)) deviations.push_back(std::move(one));
  }
  return deviations;
}

TEST(PublishedApi, CloudflareKnowsWhatIsSent) {
  FakeCloudflare api;
  Connection connection{
      .kind = "cloudflare", .id = "c", .settings = ConnectionSettings("cloudflare", {{"endpoint_url", FakeCloudflare::kUrl}})};
  Put(connection.settings, "api_token", base::Secret(FakeCloudflare::kToken));

  PlaceAndRemove(connection, api, {.name = "example.test.", .id = {}});

  ASSERT_GE(api.requests().size(), 8u);
  EXPECT_EQ(DeviationsOf(api, kCloudflare, FakeCloudflare::kUrl), std::vector<std::string>{});
}

TEST(PublishedApi, AzureKnowsWhatIsSent) {
  FakeAzure api;
  api.Add("_acme-challenge.n0.example.test.", "foreign");
  Connection connection{.kind = "azure",
                        .id = "c",
                        .settings = ConnectionSettings("azure", {{"tenant_id", FakeAzure::kTenant},
                                                                 {"client_id", FakeAzure::kClient},
                                                                 {"subscription_id", FakeAzure::kSubscription}})};
  Put(connection.settings, "client_secret", base::Secret(FakeAzure::kSecret));

  PlaceAndRemove(connection, api, {.name = "example.test.", .id = {}});

  ASSERT_GE(api.CountRequests("PUT"), 6u);
  ASSERT_GE(api.CountRequests("DELETE"), 1u);
  EXPECT_EQ(DeviationsOf(api, kAzure, FakeAzure::kUrl), std::vector<std::string>{});
}

TEST(PublishedApi, ADeviationIsFound) {
  const std::string records = "https://api.cloudflare.com/client/v4/zones/z/dns_records";
  const Request requests[]{
      {.method = "PATCH", .url = records},
      {.method = "GET", .url = records + "?names=x"},
      {.method = "GET", .url = records, .headers = {{"X-Odd", "1"}}},
      {.method = "POST", .url = records, .body = R"({"type":"TXT","name":"n"})"},
      {.method = "POST", .url = records, .body = R"({"type":"TXT","name":"n","content":"c","ttl":"60"})"},
      {.method = "POST", .url = records + "/batch", .body = R"({"posts":[{"value":"v"}]})"},
  };
  for (const Request& request : requests) {
    EXPECT_EQ(FindDeviations(kCloudflare, request).size(), 1u) << request.method << request.url << request.body;
  }
}

}  // namespace
}  // namespace tests::published_api

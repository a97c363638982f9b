// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/rest_records.h"

#include <algorithm>
#include <utility>

#include "base/domain_name.h"
#include "base/text.h"
#include "base/url.h"
#include "engine/dns/record_api.h"
#include "engine/dns/txt_content.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::PercentEncode;
using base::Result;
using connections::FindAt;
using connections::RestApi;
using connections::TextAt;

class RestRecordApi final : public RecordApi {
 public:
  RestRecordApi(const RestRecords& layout, RestApi api) : layout_(layout), api_(std::move(api)) {}

  Result<Zone> FindZone(const base::Call& call, const Zone& zone) const override {
    const RestZones& zones = layout_.zones;
    if (!zone.id.empty() && !zones.list.empty()) return zone;
    if (zone.id.empty() && zones.list.empty()) return zone;
    if (!zone.id.empty()) {
      return Error{ErrorKind::kInvalid, Cat("\"", base::Printable(zone.id, 64), "\" is not a zone of ", api_.vendor().name,
                                            ", where zones have no ids; write the zone's name")};
    }
    std::vector<base::http::Header> headers;
    if (!zones.filter.empty()) headers.push_back({"X-Filter", FillFilter(zones.filter, WithoutDot(zone.name))});
    auto answer = api_.Send(call, "GET", ZonePath(zones.list, zone), {}, headers);
    if (!answer) return Explain(std::move(answer).error(), zone).While(Cat("looking up the zone ", zone.name));
    const Json* list = FindAt(*answer, zones.list_place);
    if (list == nullptr || !list->is_array()) return MissingList();
    for (const Json& one : *list) {
      std::string id = TextAt(one, zones.id_member);
      if (!id.empty() && base::EqualsIgnoreCase(TextAt(one, zones.name_member), WithoutDot(zone.name))) {
        return Zone{.name = zone.name, .id = std::move(id)};
      }
    }
    return Error{ErrorKind::kNotFound, Cat("the account has no zone ", zone.name)};
  }

  std::optional<std::string> FindZoneName(const base::Call& call, const std::string& id) const override {
    if (id.empty() || layout_.zones.one.empty()) return std::nullopt;
    const auto answer = api_.Send(call, "GET", ZonePath(layout_.zones.one, {.name = {}, .id = id}));
    const Json* zone = answer ? FindAt(*answer, layout_.zones.one_place) : nullptr;
    const std::string name = zone == nullptr ? "" : TextAt(*zone, layout_.zones.name_member);
    return name.empty() ? std::nullopt : std::optional(base::Absolute(name));
  }

  Result<std::vector<std::string>> Create(const base::Call& call, const Zone& zone,
                                          std::span<const TxtRecord> records) const override {
    const TxtRecord& record = records.front();
    Json body{{layout_.name_member, NameIn(zone, record, layout_.written_names)},
              {layout_.value_member, layout_.quotes_values ? QuoteTxt(record.value) : record.value},
              {layout_.ttl_member, std::max(record.ttl, layout_.shortest_ttl).count()}};
    body[std::string(layout_.type_member)] = layout_.type_number == 0 ? Json("TXT") : Json(layout_.type_number);
    if (layout_.creates_lists) body = Json::array({std::move(body)});
    auto answer = api_.Send(call, layout_.create_method, ZonePath(layout_.path, zone), body, {}, base::http::Idempotency::kOnce);
    if (!answer) return Explain(std::move(answer).error(), zone);
    const Json* created = FindAt(*answer, layout_.created_place);
    std::string id = created == nullptr ? "" : TextAt(*created, layout_.id_member);
    if (id.empty())
      return Error{ErrorKind::kProtocol, Cat("the response of ", api_.vendor().name, " lacks the id of the record")};
    return std::vector{std::move(id)};
  }

  Result<std::vector<std::string>> Find(const base::Call& call, const Zone& zone, const TxtRecord& record) const override {
    auto found = FindAll(call, zone, std::span(&record, 1));
    if (!found) return std::move(found).error();
    return std::move(found->front());
  }

  Result<std::vector<std::vector<std::string>>> FindAll(const base::Call& call, const Zone& zone,
                                                        std::span<const TxtRecord> records) const override {
    std::vector<std::vector<std::string>> ids(records.size());
    const std::string path = Cat(ZonePath(layout_.list_path.empty() ? layout_.path : layout_.list_path, zone),
                                 layout_.query.empty() ? "" : "?", layout_.query);
    std::string next = layout_.page.empty() ? "" : Cat("&", layout_.page, "=1");
    const Json body = layout_.list_method == "POST" ? Json::object() : Json();
    for (int page = 1;; ++page) {
      auto answer = api_.Send(call, layout_.list_method, path + next, body, {}, base::http::Idempotency::kSafe);
      if (!answer) return Explain(std::move(answer).error(), zone);
      const Json* list = FindAt(*answer, layout_.list_place);
      if (list == nullptr || !list->is_array()) return MissingList();
      for (const Json& one : *list) AddIdIfEqual(one, zone, records, ids);
      const std::string cursor = layout_.page.empty() ? TextAt(*answer, layout_.cursor_place) : "";
      if (layout_.page.empty() ? cursor.empty() : list->size() < layout_.page_size) return ids;
      next = layout_.page.empty() ? Cat("&cursor=", PercentEncode(cursor)) : Cat("&", layout_.page, "=", page + 1);
    }
  }

  bool KeepsEqualRecords() const override { return true; }

  Result<void> Delete(const base::Call& call, const Zone& zone, std::span<const std::string> ids) const override {
    const std::string pattern = layout_.delete_path.empty() ? Cat(layout_.path, "/{record}") : std::string(layout_.delete_path);
    const std::string path = FillPath(ZonePath(pattern, zone), "{record}", ids.front());
    const Json body = layout_.delete_method == "POST" ? Json::object() : Json();
    auto answer = api_.Send(call, layout_.delete_method, path, body, {}, base::http::Idempotency::kSafe);
    if (answer) return {};
    // The record is gone already; the caller takes that for success.
    if (answer.error().kind == ErrorKind::kNotFound) return std::move(answer).error();
    return Explain(std::move(answer).error(), zone);
  }

 private:
  static std::string ZonePath(std::string_view pattern, const Zone& zone) {
    const std::string name = WithoutDot(zone.name);
    return FillPath(FillPath(pattern, "{zone}", zone.id.empty() ? name : zone.id), "{name}", name);
  }

  // A header is not percent-encoded.
  static std::string FillFilter(std::string_view pattern, std::string_view name) {
    constexpr std::string_view kMark = "{name}";
    const std::size_t at = pattern.find(kMark);
    if (at == std::string_view::npos) return std::string(pattern);
    return Cat(pattern.substr(0, at), name, pattern.substr(at + kMark.size()));
  }

  std::string NameIn(const Zone& zone, const TxtRecord& record, NameSpelling spelling) const {
    return SpellName(record.fqdn, zone, spelling, layout_.apex);
  }

  void AddIdIfEqual(const Json& one, const Zone& zone, std::span<const TxtRecord> records,
                    std::vector<std::vector<std::string>>& ids) const {
    const std::string id = TextAt(one, layout_.id_member);
    const std::string type = layout_.type_number == 0 ? "TXT" : Cat(layout_.type_number);
    if (id.empty() || TextAt(one, layout_.type_member) != type) return;
    const std::string name = TextAt(one, layout_.name_member);
    const std::string value = UnquoteTxt(TextAt(one, layout_.value_member));
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (name == NameIn(zone, records[i], layout_.read_names) && value == records[i].value) ids[i].push_back(id);
    }
  }

  Error MissingList() const { return {ErrorKind::kProtocol, Cat("the response of ", api_.vendor().name, " contains no list")}; }

  Error Explain(Error error, const Zone& zone) const {
    if (error.kind == ErrorKind::kNotFound) {
      error.kind = ErrorKind::kInvalid;  // the zone is wrong; no record is gone
      error.message.append(Cat("; the account has no zone ", zone.name));
      if (!zone.id.empty()) error.message.append(Cat(" with the id ", base::Printable(zone.id, 64)));
    } else if (error.kind == ErrorKind::kDenied) {
      error.message.append(Cat("; the token needs ", layout_.permissions));
    }
    return error;
  }

  const RestRecords& layout_;  // borrowed; outlives this
  RestApi api_;
};

}  // namespace

Result<std::unique_ptr<Provider>> MakeRestRecordProvider(const RestRecords& layout, Result<RestApi> api) {
  if (!api) return std::move(api).error();
  return MakeRecordProvider(std::make_unique<RestRecordApi>(layout, *std::move(api)), 1);
}

}  // namespace engine::dns

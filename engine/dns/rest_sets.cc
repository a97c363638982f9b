// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/rest_sets.h"

#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/text.h"
#include "engine/dns/replaced_sets.h"
#include "engine/dns/txt_content.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using connections::FindAt;
using connections::RestApi;
using connections::TextAt;

class RestSetApi final : public ReplacedSetApi {
 public:
  RestSetApi(const RestSets& layout, RestApi api) : layout_(layout), api_(std::move(api)) {}

  Result<std::vector<TxtSet>> Read(const base::Call& call, const Zone& zone, std::span<const std::string> fqdns) const override {
    std::vector<TxtSet> sets;
    for (const std::string& fqdn : fqdns) sets.push_back({.fqdn = fqdn});
    const std::string path = Cat(ZonePath(layout_.list_path, zone), "?", layout_.query);
    for (int page = 1;; ++page) {
      const auto answer = api_.Send(call, "GET", layout_.page.empty() ? path : Cat(path, "&", layout_.page, "=", page));
      if (!answer) return answer.error();
      const Json* list = FindAt(*answer, layout_.list_place);
      if (list == nullptr || !list->is_array()) {
        return Error{ErrorKind::kProtocol, Cat("the response of ", api_.vendor().name, " contains no list of sets")};
      }
      for (const Json& one : *list) ReadInto(zone, one, sets);
      if (layout_.page.empty() || list->size() < layout_.page_size) return sets;
    }
  }

  Result<void> Write(const base::Call& call, const Zone& zone, std::span<const TxtSet> sets) const override {
    return base::TryForEachInParallel(
        sets.size(), layout_.one_at_a_time ? 1 : kMaxConcurrentRequests, [&](std::size_t i) -> Result<void> {
          const TxtSet& set = sets[i];
          const std::string path = FillPath(ZonePath(layout_.set_path, zone), "{name}", NameIn(zone, set));
          // The same call again does no harm.
          const auto safe = base::http::Idempotency::kSafe;
          auto answer = set.values.empty()
                            ? api_.Send(call, "DELETE", path)
                            : api_.Send(call, set.is_new ? layout_.create_method : "PUT", path, ToJson(zone, set), {}, safe);
          const bool is_gone = !answer && set.values.empty() && answer.error().kind == ErrorKind::kNotFound;
          if (answer || is_gone) return {};
          return std::move(answer).error();
        });
  }

  const RestApi& api() const override { return api_; }
  std::chrono::seconds shortest_ttl() const override { return layout_.shortest_ttl; }
  std::string_view permissions() const override { return layout_.permissions; }

 private:
  static std::string ZonePath(std::string_view pattern, const Zone& zone) {
    return FillPath(pattern, "{zone}", WithoutDot(zone.name));
  }
  std::string NameIn(const Zone& zone, const TxtSet& set) const { return SpellName(set.fqdn, zone, layout_.names, layout_.apex); }

  void ReadInto(const Zone& zone, const Json& one, std::vector<TxtSet>& sets) const {
    if (TextAt(one, layout_.type_member) != "TXT") return;
    const auto found =
        std::ranges::find(sets, TextAt(one, layout_.name_member), [&](const TxtSet& set) { return NameIn(zone, set); });
    if (found == sets.end()) return;
    found->is_new = false;
    found->ttl = std::chrono::seconds(base::FindInteger(one, layout_.ttl_member).value_or(0));
    const Json* values = FindAt(one, layout_.values_member);
    if (values == nullptr || !values->is_array()) return;
    const std::string place = layout_.value_member.empty() ? "" : Cat(layout_.value_member, "/0");
    for (const Json& value : *values) found->values.push_back(UnquoteTxt(TextAt(value, place)));
  }

  Json ToJson(const Zone& zone, const TxtSet& set) const {
    Json values = Json::array();
    for (const std::string& value : set.values) {
      Json text = layout_.quotes_values ? QuoteTxt(value) : value;
      values.push_back(layout_.value_member.empty() ? std::move(text) : Json{{layout_.value_member, {std::move(text)}}});
    }
    Json json{{layout_.ttl_member, set.ttl.count()}, {layout_.values_member, std::move(values)}};
    if (layout_.writes_whole_sets) {
      json[std::string(layout_.name_member)] = NameIn(zone, set);
      json[std::string(layout_.type_member)] = "TXT";
    }
    return json;
  }

  const RestSets& layout_;  // borrowed; outlives this
  RestApi api_;
};

}  // namespace

Result<std::unique_ptr<Provider>> MakeRestSetProvider(const RestSets& layout, Result<connections::RestApi> api,
                                                      const connections::Deps& deps) {
  if (!api) return std::move(api).error();
  return MakeReplacedSetProvider(std::make_unique<RestSetApi>(layout, *std::move(api)), deps);
}

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
// Custom certificates of a zone at Cloudflare (https://developers.cloudflare.com/api/resources/custom_certificates). They have
// neither name nor tags, and Cloudflare gives no certificate back: that the state has an id, which is never used twice, is what
// makes one ours, and the time of its last upload shows whether it still holds what this sync put there.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/http/api_error.h"
#include "base/listing_cache.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/sync/destination.h"
#include "engine/vendors/cloudflare/connection.h"
#include "engine/vendors/cloudflare/vendor.h"

namespace engine::vendors::cloudflare {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Json;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::Settings;
using sync::Setup;

constexpr std::chrono::seconds kLookLimit{30};
constexpr int kPageSize = 50;
constexpr int kMostPages = 100;
constexpr std::string_view kQuotaUsedUp = "1212";
// What the second of two equal uploads meets when the answer to the first was lost.
constexpr std::array<std::string_view, 3> kAlreadyThere = {kQuotaUsedUp, "1220", "1228"};

constexpr std::array kDestinationFields{
    base::ConfigField{.name = "zone_id", .required = true, .doc = "The zone's id, 32 hexadecimal digits.", .identity = true},
    base::ConfigField{.name = "bundle_method",
                      .default_value = "ubiquitous",
                      .one_of = "ubiquitous|optimal|force",
                      .doc =
                          "What Cloudflare does with the chain: `ubiquitous` (the chain that most clients know), `optimal` (the "
                          "shortest one) or `force` (as it is; for a private CA)."},
};

struct Item {
  std::string id;
  std::string uploaded_on;
  std::string expires_on;
  std::string bundle_method;
  std::set<std::string> hosts;
};
using Items = base::ListingCache<Item>::Items;  // by id

std::optional<Item> ReadItem(const Json& json) {
  const auto id = base::FindString(json, "id");
  const std::string status = base::FindString(json, "status").value_or("");
  if (!id || status == "deleted" || status == "pending_deletion") return std::nullopt;
  const auto hosts = base::FindStrings(json, "hosts");
  return Item{.id = *id,
              .uploaded_on = base::FindString(json, "uploaded_on").value_or(""),
              .expires_on = base::FindString(json, "expires_on").value_or(""),
              .bundle_method = base::FindString(json, "bundle_method").value_or(""),
              .hosts = {hosts.begin(), hosts.end()}};
}

bool Holds(const Item& item, const base::crypto::Certificate& leaf) {
  return item.hosts == std::set(leaf.dns_names.begin(), leaf.dns_names.end()) &&
         base::ParseRfc3339(item.expires_on) == std::chrono::floor<std::chrono::seconds>(leaf.not_after);
}

sync::Parts Beside(const Item& item) { return {{"bundle method", item.bundle_method}}; }

class CustomCertificates final : public Destination {
 public:
  CustomCertificates(CloudflareApi api, const std::string& zone_id, std::string bundle_method, bool resumes_create)
      : api_(std::move(api)),
        path_(Cat("/zones/", zone_id, "/custom_certificates")),
        bundle_method_(std::move(bundle_method)),
        resumes_create_(resumes_create) {}

  // One list serves a whole run.
  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    const auto found = list_.Find(call, known.external_id, [&] { return List(call); });
    if (!found) return Explain(found.error());
    return *found ? std::optional(Compare(**found, known)) : std::nullopt;
  }

  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    now = previous;
    list_.Forget();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto item = Upload(call, bundle, previous ? previous->external_id : "");
    if (!item) return Explain(item.error());
    call.log.Info("certificate uploaded", {{base::key::kName, item->id}});
    now = Deployed{.name = std::string(name),
                   .external_id = item->id,
                   .version = item->uploaded_on,
                   .fingerprint_sha256 = bundle.chain.front().fingerprint_sha256,
                   .certificate_id = bundle.certificate_id,
                   .parts = Beside(*item)};
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    if (adoption == Adoption::kMarked) {
      return Error{ErrorKind::kConflict, "certificates at Cloudflare carry no mark of whose they are"};
    }
    const auto list = List(call);
    if (!list) return Explain(list.error());
    const auto found = list->find(std::string(external_id));
    if (found == list->end()) return Error{ErrorKind::kNotFound, "the zone has no such custom certificate"};
    return Compare(found->second, {.external_id = std::string(external_id)});
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    list_.Forget();
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto list = List(call);
    if (!list) return Explain(list.error());
    const auto found = list->find(deployed.external_id);
    if (found == list->end()) return {};
    if (found->second.uploaded_on != deployed.version) {
      call.log.Warn("left alone: not what this sync uploaded", {{base::key::kName, deployed.external_id}});
      return {};
    }
    auto deleted = api_.Send(call, "DELETE", Cat(path_, "/", deployed.external_id));
    if (deleted || deleted.error().kind == ErrorKind::kNotFound) return {};
    return Explain(std::move(deleted).error());
  }

 private:
  // What of `known` is still true of the item. Which certificate somebody else put there cannot be told.
  static Deployed Compare(const Item& item, const Deployed& known) {
    Deployed found = known;
    found.version = item.uploaded_on;
    found.parts = Beside(item);
    if (item.uploaded_on != known.version) found.fingerprint_sha256.clear();
    return found;
  }

  Result<Items> List(const Call& call) const {
    Items items;
    for (int page = 1; page <= kMostPages; ++page) {
      const auto answer = api_.Send(call, "GET", Cat(path_, "?per_page=", kPageSize, "&page=", page));
      if (!answer) return answer.error();
      const Json* result = base::FindMember(*answer, "result");
      if (result == nullptr || !result->is_array())
        return Error{ErrorKind::kProtocol, "the response of Cloudflare contains no list"};
      for (const Json& one : *result) {
        if (auto item = ReadItem(one)) items.emplace(item->id, *item);
      }
      const Json* info = base::FindMember(*answer, "result_info");
      if (info == nullptr || page >= base::FindInteger(*info, "total_pages").value_or(1)) break;
    }
    return items;
  }

  // Over the former one: many zones have room for one alone. Cloudflare may give it another id then.
  Result<Item> Upload(const Call& call, const Bundle& bundle, const std::string& previous_id) const {
    const auto before = List(call);
    if (!before) return before.error();
    const bool is_there = before->contains(previous_id);
    Json body{{"certificate", sync::JoinPem(bundle.chain)},
              {"private_key", bundle.private_key_pem.Reveal()},
              {"bundle_method", bundle_method_}};
    if (!is_there) body["type"] = "sni_custom";
    auto answer = is_there ? api_.Send(call, "PATCH", Cat(path_, "/", previous_id), body) : api_.Send(call, "POST", path_, body);
    if (answer) {
      const Json* result = base::FindMember(*answer, "result");
      const auto item = result == nullptr ? std::nullopt : ReadItem(*result);
      if (item) return *item;
      answer = Error{ErrorKind::kProtocol, "Cloudflare's answer to an upload names no certificate"};
    }
    if (auto found = FindUploaded(call, answer.error(), *before, bundle.chain.front())) return *std::move(found);
    return std::move(answer).error();
  }

  // What an upload whose answer was lost has left: something that was not there before and holds this certificate; or was there,
  // if the run that uploaded it was killed. Also after Ctrl-C: nobody else would ever know of it.
  std::optional<Item> FindUploaded(const Call& call, const Error& error, const Items& before,
                                   const base::crypto::Certificate& leaf) const {
    const bool is_again = std::find(kAlreadyThere.begin(), kAlreadyThere.end(), error.code) != kAlreadyThere.end();
    if (!is_again && error.kind != ErrorKind::kNotFound && !base::http::MayHaveActed(error)) return std::nullopt;
    const auto after = List(call.ForCleanup(kLookLimit));
    if (!after) return std::nullopt;
    for (const auto& [id, item] : *after) {
      const auto known = before.find(id);
      const bool is_new = known == before.end() || known->second.uploaded_on != item.uploaded_on;
      if ((is_new || (resumes_create_ && is_again)) && Holds(item, leaf)) return item;
    }
    return std::nullopt;
  }

  static Error Explain(Error error) {
    if (error.kind == ErrorKind::kDenied) {
      error.message.append("; the token needs the permission Zone / SSL and Certificates / Edit for this zone");
    } else if (error.code == kQuotaUsedUp) {
      error.kind = ErrorKind::kConflict;
      error.message.append("; the zone has no room for one more custom certificate: remove one that is not needed");
    }
    return error;
  }

  CloudflareApi api_;
  std::string path_;
  std::string bundle_method_;
  bool resumes_create_;
  base::ListingCache<Item> list_;
};

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  const std::string_view zone = settings.Text("zone_id");
  const bool is_id = zone.size() == 32 && zone.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (zone.empty() || is_id) return {};
  return {{"zone_id", "Give the zone's id, 32 hexadecimal digits; it is on the zone's overview page."}};
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto api = MakeCloudflareApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  return std::unique_ptr<Destination>(
      std::make_unique<CustomCertificates>(*std::move(api), std::string(setup.settings.Text("zone_id")),
                                           std::string(setup.settings.Text("bundle_method")), setup.resumes_create));
}

}  // namespace

constexpr DestinationSpec kCustomCertificate{
    .kind = "cloudflare_custom_certificate",
    .title = "Cloudflare custom certificates",
    .doc =
        "Uploads each certificate to a zone at Cloudflare, which shows it to visitors. A renewal goes over the former one, so "
        "that a "
        "zone with room for one certificate is enough.",
    .connection = "cloudflare",
    .fields = kDestinationFields,
    // One upload at a time: what one of them left can then be told from what others did.
    .has_versions = true,
    .max_concurrency = 1,
    .check_name = nullptr,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::cloudflare

// SPDX-License-Identifier: MPL-2.0
// Listeners of an AWS load balancer: each certificate lives in AWS Certificate Manager and is attached to the listeners. A tag on
// it for each listener says where this sync attached it, and which certificate was the default there before.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/text.h"
#include "engine/vendors/aws/certificate_manager_store.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/load_balancer_listeners.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::Adoption;
using sync::Bundle;
using sync::Deployed;
using sync::Destination;
using sync::DestinationSpec;
using sync::Parts;
using sync::Settings;
using sync::Setup;

constexpr std::chrono::seconds kLookLimit{30};
constexpr std::string_view kListenerTag = "certwright:listener:";
// Names in Deployed::parts.
constexpr std::string_view kAttachment = "attachment to ";
constexpr std::string_view kNumberOfListeners = "number of listeners";
constexpr std::string_view kBalancerPart = ":loadbalancer/";
constexpr std::string_view kListenerPart = ":listener/";

constexpr std::array kListenerFields{
    base::ConfigField{.name = "listener_arn",
                      .required = true,
                      .doc = "The ARN of a listener (HTTPS or TLS) of the load balancer.",
                      .identity = true},
    base::ConfigField{
        .name = "default",
        .kind = base::FieldKind::kBool,
        .doc = "Whether a certificate of this sync is the listener's default, for clients that name no host. With several "
               "certificates, the first to be attached stays it."},
};

constexpr std::array kLoadBalancerFields{
    base::ConfigField{.name = "region", .doc = "The region. That of `load_balancer_arn` if not set.", .identity = true},
    base::ConfigField{.name = "load_balancer_arn",
                      .required = true,
                      .doc = "The ARN of the application or network load balancer.",
                      .identity = true},
    base::ConfigField{.name = "listeners",
                      .kind = base::FieldKind::kBlockList,
                      .required = true,
                      .doc = "The listeners that the certificates are attached to.",
                      .members = kListenerFields},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Tags of the certificates in AWS Certificate Manager, besides `Name` and Certwright's own."},
};

std::vector<Listener> ReadListeners(const Settings& settings) {
  std::vector<Listener> listeners;
  for (const Settings& one : settings.Blocks("listeners")) {
    listeners.push_back({.arn = std::string(one.Text("listener_arn")), .is_default = one.Flag("default")});
  }
  return listeners;
}

// "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/": what the ARNs of its account's listeners begin with.
std::string ListenerPrefix(std::string_view load_balancer_arn) {
  return Cat(load_balancer_arn.substr(0, load_balancer_arn.find(kBalancerPart)), kListenerPart);
}

class LoadBalancer final : public Destination {
 public:
  LoadBalancer(std::unique_ptr<CertificateStore> store, LoadBalancerApi api, std::vector<Listener> wanted,
               std::string listener_prefix)
      : store_(std::move(store)),
        listeners_(std::move(api)),
        wanted_(std::move(wanted)),
        listener_prefix_(std::move(listener_prefix)) {}

  Result<std::optional<Deployed>> Observe(const Call& call, const Deployed& known) override {
    auto seen = store_->Observe(call, known);
    if (!seen || !*seen) return seen;
    auto attachments = FindAttachments(call, known.external_id);
    if (!attachments) return std::move(attachments).error();
    std::erase_if((*seen)->parts, [](const auto& part) { return part.first.starts_with(kAttachment); });
    (*seen)->parts.erase(std::string(kNumberOfListeners));
    (*seen)->parts.merge(*attachments);
    return seen;
  }

  // The certificate is attached before anything is detached.
  Result<void> Put(const Call& call, std::string_view name, const Bundle& bundle, const std::optional<Deployed>& previous,
                   std::optional<Deployed>& now) override {
    if (auto put = store_->Put(call, name, bundle, previous, now); !put) return put;
    if (auto attached = Attach(call, now->external_id); !attached) {
      now->unfinished = true;
      if (auto found = FindAttachments(call.ForCleanup(kLookLimit), now->external_id)) now->parts.merge(*found);
      return store_->Blame(std::move(attached).error());
    }
    now->parts.merge(AllAttachments());
    return {};
  }

  Result<Deployed> Adopt(const Call& call, std::string_view external_id, Adoption adoption) override {
    return store_->Adopt(call, external_id, adoption);
  }

  Result<void> Remove(const Call& call, const Deployed& deployed) override {
    if (auto go_on = call.Check(); !go_on) return go_on;
    const auto ours = store_->FindOurs(call, deployed);
    if (!ours) return ours.error();
    if (!*ours) return {};
    for (const auto& [listener, former] : NotesIn(**ours)) {
      auto detached = listeners_.Detach(call, listener, {deployed.external_id, former}, NotesFor(call));
      if (!detached) return store_->Blame(std::move(detached).error());
    }
    return store_->Remove(call, deployed);
  }

 private:
  using ListenerNotes = std::map<std::string, std::string>;  // by listener: the former default, or empty

  AwsTags TagFor(std::string_view listener, const std::string& former_default) const {
    return {{Cat(kListenerTag, listener.substr(listener_prefix_.size())), former_default}};
  }

  ListenerNotes NotesIn(const AwsTags& tags) const {
    ListenerNotes notes;
    for (auto tag = tags.lower_bound(kListenerTag); tag != tags.end() && tag->first.starts_with(kListenerTag); ++tag) {
      notes.emplace(Cat(listener_prefix_, std::string_view(tag->first).substr(kListenerTag.size())), tag->second);
    }
    return notes;
  }

  CertificateNotes NotesFor(const Call& call) {
    return {.is_own =
                [this, &call](std::string_view certificate) {
                  const auto own = store_->IsOwn(call, certificate);
                  return own && *own;
                },
            .find_former =
                [this, &call](const std::string& certificate, std::string_view listener) {
                  const auto tags = store_->TagsOf(call, certificate);
                  const ListenerNotes noted = tags && store_->IsGivenUp(certificate, *tags) ? NotesIn(*tags) : ListenerNotes();
                  const auto note = noted.find(std::string(listener));
                  return note == noted.end() ? std::string() : note->second;
                },
            .write =
                [this, &call](const std::string& certificate, std::string_view listener, const std::string& former_default) {
                  return store_->api().AddTags(call, certificate, TagFor(listener, former_default));
                }};
  }

  std::string PartOf(const Listener& listener) const {
    return Cat(kAttachment, std::string_view(listener.arn).substr(listener_prefix_.size()));
  }

  static std::string ValueOf(const Listener& listener) { return listener.is_default ? "default" : "attached"; }

  Parts AllAttachments() const {
    Parts all{{std::string(kNumberOfListeners), std::to_string(wanted_.size())}};
    for (const Listener& listener : wanted_) all.emplace(PartOf(listener), ValueOf(listener));
    return all;
  }

  // The list of tags lags some seconds behind: what seems to be missing there is asked of ACM itself.
  Result<Parts> FindAttachments(const Call& call, const std::string& certificate) {
    auto tags = store_->ListedTagsOf(call, certificate);
    if (!tags) return tags.error();
    auto found = AttachmentsAsNoted(call, certificate, NotesIn(*tags));
    if (found && *found == AllAttachments()) return found;
    tags = store_->TagsOf(call, certificate);
    if (!tags) return tags.error();
    found = AttachmentsAsNoted(call, certificate, NotesIn(*tags));
    return found ? found : store_->Blame(std::move(found).error());
  }

  Result<Parts> AttachmentsAsNoted(const Call& call, const std::string& certificate, const ListenerNotes& notes) {
    Parts found{{std::string(kNumberOfListeners), std::to_string(notes.size())}};
    for (const Listener& listener : wanted_) {
      const auto note = notes.find(listener.arn);
      if (note == notes.end()) continue;
      auto attached = listeners_.IsAttached(call, listener, {certificate, note->second}, NotesFor(call));
      if (!attached && attached.error().kind == ErrorKind::kNotFound) continue;
      if (!attached) return std::move(attached).error();
      if (*attached) found.emplace(PartOf(listener), ValueOf(listener));
    }
    return found;
  }

  Result<void> Attach(const Call& call, const std::string& certificate) {
    const auto tags = store_->TagsOf(call, certificate);
    if (!tags) return tags.error();
    ListenerNotes left = NotesIn(*tags);
    for (const Listener& listener : wanted_) {
      Attachment attachment{.certificate = certificate};
      if (const auto note = left.extract(listener.arn)) attachment.former_default = note.mapped();
      if (auto attached = listeners_.Attach(call, listener, attachment, NotesFor(call)); !attached) return attached;
    }
    for (const auto& [listener, former] : left) {
      if (auto detached = listeners_.Detach(call, listener, {certificate, former}, NotesFor(call)); !detached) return detached;
      if (auto done = store_->api().RemoveTags(call, certificate, TagFor(listener, former)); !done) return done;
    }
    return {};
  }

  std::unique_ptr<CertificateStore> store_;
  Listeners listeners_;
  std::vector<Listener> wanted_;
  std::string listener_prefix_;
};

// "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"; the region, or empty.
std::string RegionIn(std::string_view load_balancer_arn) {
  const std::vector<std::string> parts = base::Split(load_balancer_arn, ':');
  const bool is_balancer = parts.size() == 6 && parts[0] == "arn" && parts[2] == "elasticloadbalancing" &&
                           (parts[5].starts_with("loadbalancer/app/") || parts[5].starts_with("loadbalancer/net/"));
  return is_balancer && FindAwsRegionProblem(parts[3]).empty() ? parts[3] : std::string();
}

void CheckListeners(const Settings& settings, std::vector<connections::FieldProblem>& problems) {
  const std::string_view balancer = settings.Text("load_balancer_arn");
  const auto name = balancer.find(kBalancerPart);
  if (name == std::string::npos) return;
  const std::string prefix = Cat(ListenerPrefix(balancer), balancer.substr(name + kBalancerPart.size()), "/");
  std::set<std::string> seen;
  const std::vector<Listener> listeners = ReadListeners(settings);
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    if (listeners[i].arn.empty()) continue;  // not known yet
    const std::string field = Cat("listeners.", i, ".listener_arn");
    if (!listeners[i].arn.starts_with(prefix)) {
      problems.push_back({field, Cat("This is no listener of the load balancer: their ARNs begin with ", prefix)});
    } else if (!seen.insert(listeners[i].arn).second) {
      problems.push_back({field, "This listener is in the list already."});
    }
  }
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems = CheckAwsTags(settings);
  CheckAwsRegion(settings, problems);
  const std::string_view balancer = settings.Text("load_balancer_arn");
  const std::string region = RegionIn(balancer);
  if (!balancer.empty() && region.empty()) {
    problems.push_back({"load_balancer_arn",
                        "This is no ARN of an application or network load balancer; they look like "
                        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188."});
    return problems;
  }
  const std::string_view set = settings.Text("region");
  if (!set.empty() && !balancer.empty() && set != region) {
    problems.push_back({"region", Cat("The load balancer is in ", region, ": set that, or leave the region out.")});
  }
  CheckListeners(settings, problems);
  return problems;
}

Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  Setup with_region = setup;
  const std::string_view balancer = setup.settings.Text("load_balancer_arn");
  const std::string region = RegionIn(balancer);
  if (region.empty()) {
    return Error{.kind = ErrorKind::kInvalid,
                 .message = "load_balancer_arn is not the ARN of a load balancer",
                 .blame = sync::DestinationField("load_balancer_arn")};
  }
  with_region.settings.Set("region", region);
  auto store = CertificateStore::Make(with_region);
  if (!store) return std::move(store).error();
  auto session = FindAwsSession(*setup.connection, setup.deps);
  if (!session) return std::move(session).error();
  return std::unique_ptr<Destination>(
      std::make_unique<LoadBalancer>(*std::move(store), LoadBalancerApi(*std::move(session), *setup.deps.http, region),
                                     ReadListeners(setup.settings), ListenerPrefix(balancer)));
}

}  // namespace

constexpr DestinationSpec kLoadBalancer{
    .kind = "aws_load_balancer",
    .title = "Listeners of an AWS load balancer",
    .doc =
        "Imports each certificate into AWS Certificate Manager and attaches it to listeners of an application or network load "
        "balancer. A renewal goes into the same ARN; a new one is attached before an old one is detached.",
    .connection = "aws",
    .fields = kLoadBalancerFields,
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByObjectAndKeyAlgorithm; },
    .check_name = nullptr,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_profile/certificate_profile.h"

#include "base/text.h"
#include "engine/vendors/catalog.h"
#include "resources/certificate_profile/model.h"
#include "resources/issuer.h"
#include "resources/lost_keys.h"
#include "resources/profile_rules.h"

namespace resources::certificate_profile {
namespace {

using base::Cat;
using schema::cty::Path;
using schema::cty::Value;
using sealed::Sealer;

ProfileModel ReadProfile(const Value& object) { return ProfileModel::Schema().Read(object); }
// `object` has the rules.
Value WriteProfile(const ProfileModel& profile, const Value& object) { return ProfileModel::Schema().Write(profile, object); }
ProfileRules ReadRules(const Value& object) { return ProfileRules::Schema().Read(object); }

// Without the outputs.
Value InputsOf(const Value& object) {
  ProfileModel inputs = ReadProfile(object);
  inputs.id.SetNull();
  inputs.handle.SetNull();
  return WriteProfile(inputs, object);
}

void CheckDestinations(const ProfileRules& rules, schema::Diagnostics& diagnostics) {
  std::set<std::string> kinds;
  for (const auto& spec : engine::vendors::Destinations()) kinds.emplace(spec.kind);
  const Path path = ProfileRules::Schema().PathOf(&ProfileRules::destinations);
  for (const std::string& kind : rules.destinations.OrEmpty()) {
    if (kinds.contains(kind)) continue;
    diagnostics.Error(Cat("Unknown destination: ", base::Printable(kind, 100)),
                      Cat("`destinations` takes kinds of sync destinations: ", base::Join(kinds, ", "), "."), path);
  }
}

// A default that the profile's own rules refuse would be an error in every certificate.
void CheckOwnDefaults(const ProfileRules& rules, const ProfileDefaults& defaults, schema::Diagnostics& diagnostics) {
  OrderTerms terms{.key_algorithm = defaults.key_algorithm.Get()};
  if (defaults.profile.is_known()) terms.profile = defaults.profile.Get();
  if (defaults.validity.is_known()) terms.validity = defaults.validity.Get();
  const Path path = At(&ProfileModel::defaults);
  for (const RuleViolation& one : FindViolations(rules, terms)) {
    diagnostics.Error(
        Cat("A default that the profile does not allow: ", one.argument),
        Cat(one.problem, " The rule `", one.rule, "` does not allow it. ", one.allowed, " Change the default or the rule."),
        path.Attribute(one.argument));
  }
}

class CertificateProfileResource final : public Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    const ProfileRules rules = ReadRules(config);
    CheckDestinations(rules, diagnostics);
    CheckOwnDefaults(rules, ReadProfile(config).defaults.OrEmpty(), diagnostics);
  }

  void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (!HasSealingKey(context, request.prior, result.diagnostics)) return;
    const ProfileModel prior = ReadProfile(request.prior);
    ProfileModel planned = ReadProfile(result.planned);
    const bool is_same = !request.prior.is_null() && prior.handle.is_known() &&
                         InputsOf(request.prior) == InputsOf(result.planned) &&
                         !context.sealer.IsStale(prior.handle.OrEmpty().Reveal());
    if (is_same) return;
    const Value inputs = InputsOf(result.planned);
    if (inputs.is_wholly_known() && context.sealer.state() == Sealer::State::kReady) {
      (void)SealInto(context, result.planned, planned, result.diagnostics);
    } else {
      planned.id.SetUnknown();
      planned.handle.SetUnknown({.is_null = false, .string_prefix = sealed::KnownPrefix(sealed::handle_kind::kProfile, {})});
    }
    result.planned = WriteProfile(planned, result.planned);
  }

  ChangeResult Read(const base::Call&, const Context&, const Stored& current) const override { return {.stored = current}; }

  ChangeResult Create(const base::Call&, const Context& context, const ChangeRequest& request) const override {
    ChangeResult result{.stored = {.state = request.prior}};
    ProfileModel planned = ReadProfile(request.planned);
    const bool is_sealed = planned.handle.is_known() || SealInto(context, request.planned, planned, result.diagnostics);
    if (is_sealed) result.stored.state = WriteProfile(planned, request.planned);
    return result;
  }

  ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const override {
    return Create(call, context, request);
  }

  ChangeResult Delete(const base::Call&, const Context&, const ChangeRequest& request) const override {
    return {.stored = {.state = Value::Null(request.prior.type())}};
  }

  ImportResult Import(const base::Call&, const Context&, std::string_view) const override {
    ImportResult result{.stored = {.state = Value::Null(schema_.ImpliedType())}};
    result.diagnostics.Error(
        "There is nothing to import",
        "A certificate profile exists in the state alone: the same arguments give the same handle. Write the "
        "resource and apply it.");
    return result;
  }

 private:
  // Sets `id` and `handle` from the inputs in `object`. False after an error.
  static bool SealInto(const Context& context, const Value& object, ProfileModel& profile, schema::Diagnostics& diagnostics) {
    auto issuer = OpenIssuer(context.sealer, profile.external_ca.OrEmpty().Reveal());
    if (!issuer) {
      diagnostics.Error("The CA cannot be used", issuer.error(), "", At(&ProfileModel::external_ca));
      return false;
    }
    const std::string id = ProfileId(*issuer, profile.name.OrEmpty());
    issuer->profiles.push_back(
        {.id = id, .name = profile.name.OrEmpty(), .rules = ReadRules(object), .defaults = profile.defaults.OrEmpty()});
    auto handle = SealIssuer(context.sealer, *issuer);
    if (!handle) {
      diagnostics.Error("The certificate profile cannot be sealed", handle.error(), "", At(&ProfileModel::handle));
      return false;
    }
    profile.id = id;
    profile.handle = base::Secret(*std::move(handle));
    return true;
  }

  const std::string type_name_ = "certwright_certificate_profile";
  const schema::Schema schema_ = CertificateProfileSchema();
};

}  // namespace

std::unique_ptr<Resource> MakeCertificateProfile() { return std::make_unique<CertificateProfileResource>(); }

}  // namespace resources::certificate_profile

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/profiles.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/crypto/csr.h"
#include "base/crypto/key_type.h"
#include "base/text.h"
#include "engine/acme/validation.h"
#include "resources/profile_rules.h"

namespace resources::certificate {
namespace {

using base::Cat;
using schema::cty::Path;
using schema::cty::Value;
using sealed::handle_kind::kCa;
using sealed::handle_kind::kProfile;

// An argument that a profile may have a default for.
struct DefaultedArgument {
  std::string name;
  Value fallback;  // if neither the configuration nor a profile says anything
};

const std::vector<DefaultedArgument>& DefaultedArguments() {
  static const auto arguments = [] {
    std::vector<DefaultedArgument> made;
    for (const schema::Attribute& one : CertificateModel::Schema().attributes()) {
      if (ProfileDefaults::Schema().type().Find(one.name) == nullptr) continue;
      made.push_back({one.name, one.default_value.value_or(Value::Null(one.type))});
    }
    return made;
  }();
  return arguments;
}

void SetTermsOfCsr(std::string_view pem, OrderTerms& terms) {
  const auto csr = base::crypto::ParseCsr(pem);
  if (!csr) return;  // reported by the attribute's own validator
  terms.dns_names = {csr->dns_names.begin(), csr->dns_names.end()};
  terms.has_common_name = csr->common_name.has_value();
  terms.key_algorithm = base::crypto::KeyTypeOf(csr->public_key_der);
}

// Names that are not known yet only add to what is wrong with the others.
std::set<std::string> KnownElements(const Value& names) {
  std::set<std::string> known;
  for (const Value& one : names.AsElements()) {
    if (one.is_known()) known.insert(one.AsString());
  }
  return known;
}

std::optional<std::string> TextOrNone(const schema::Field<std::string>& field) {
  return field.is_unknown() ? std::nullopt : std::optional(field.OrEmpty());
}

OrderTerms TermsOf(const CertificateModel& certificate) {
  OrderTerms terms{.profile = TextOrNone(certificate.profile), .validity = TextOrNone(certificate.validity)};
  terms.exports_private_key = certificate.export_private_key.Get();
  if (certificate.csr_pem.is_unknown()) return terms;
  terms.has_csr = certificate.csr_pem.is_known();
  if (*terms.has_csr) {
    SetTermsOfCsr(certificate.csr_pem.OrEmpty(), terms);
    return terms;
  }
  if (certificate.dns_names.is_known()) terms.dns_names = NormalNames(KnownElements(certificate.dns_names.value()));
  if (!certificate.common_name.is_unknown()) terms.has_common_name = certificate.common_name.is_known();
  terms.key_algorithm = certificate.key_algorithm.Get();
  return terms;
}

// The argument to correct: names and key of a signing request come from there.
Path PathOfArgument(const std::string& argument, const CertificateModel& certificate) {
  const bool in_csr = argument == "dns_names" || argument == "common_name" || argument == "key_algorithm";
  if (in_csr && certificate.csr_pem.is_known()) return At(&CertificateModel::csr_pem);
  return Path::Of(argument);
}

void ReportViolations(const Issuer& issuer, const OrderTerms& terms, const CertificateModel& planned,
                      schema::Diagnostics& diagnostics) {
  for (const CertificateProfile& profile : issuer.profiles) {
    for (const RuleViolation& one : FindViolations(profile.rules, terms)) {
      diagnostics.Error(Cat("Not allowed by the certificate profile ", profile.name, ": ", one.argument),
                        Cat(one.problem, " The rule `", one.rule, "` of the profile does not allow it. ", one.allowed,
                            " Change the certificate, or have the rule changed by the owner of the profile."),
                        PathOfArgument(one.argument, planned));
    }
  }
}

constexpr std::size_t kMaxRecordName = 253;  // RFC 1035 section 2.3.4

// A record of each name has to have a place in DNS; that of dns-01, the shortest, was checked with the argument.
void CheckRecordNames(const sealed::CaPayload& ca, const OrderTerms& terms, const CertificateModel& planned,
                      schema::Diagnostics& diagnostics) {
  const auto validation = engine::acme::ParseValidationMethod(ca.validation);
  if (!validation || !terms.dns_names) return;
  for (const std::string& name : *terms.dns_names) {
    const std::string record = engine::acme::ChallengeName(name, *validation, ca.account_url);
    if (record.size() - 1 <= kMaxRecordName) continue;
    diagnostics.Error(
        Cat("Name too long for ", ca.validation, ": ", name),
        Cat("The name of its record, ", std::string_view(record).substr(0, record.size() - 1), ", would be ", record.size() - 1,
            " characters long. The limit of DNS is ", kMaxRecordName, ". Use a CA whose `validation` is `dns-01` for it."),
        PathOfArgument("dns_names", planned));
  }
}

std::string NameFor(const CertificateModel& certificate) {
  const OrderTerms terms = TermsOf(certificate);
  if (terms.dns_names && !terms.dns_names->empty()) return *terms.dns_names->begin();
  return certificate.certificate_id.OrEmpty();
}

}  // namespace

bool MayHaveProfiles(const schema::Field<base::Secret>& external_ca) {
  if (external_ca.is_known()) return !sealed::CheckHandleForm(kCa, external_ca.OrEmpty().Reveal());
  return !external_ca.is_unknown() || !external_ca.value().refinement().string_prefix.starts_with(sealed::KnownPrefix(kCa, {}));
}

Value DefaultsIn(const schema::Field<base::Secret>& external_ca, const Issuer* issuer) {
  if (issuer != nullptr) return DefaultsOf(*issuer);
  const auto& type = ProfileDefaults::Schema().type();
  return MayHaveProfiles(external_ca) ? Value::Unknown(type) : Value::Null(type);
}

Value WithDefaults(const Value& config, const Value& defaults, Value planned) {
  static const std::string key_algorithm = CertificateModel::Schema().AttributeOf(&CertificateModel::key_algorithm).name;
  const bool has_csr = !planned.Get("csr_pem").is_null();
  for (const auto& [name, fallback] : DefaultedArguments()) {
    if (!config.Get(name).is_null()) continue;
    Value value = defaults.Get(name);
    if (value.is_null()) value = fallback;
    if (has_csr && name == key_algorithm) value = Value::Null(fallback.type());
    if (!(planned.Get(name) == value)) planned = planned.With(name, std::move(value));
  }
  return planned;
}

Value TakenDefaults(const Value& config, const Value& defaults, const Value& certificate) {
  Value::Members taken;
  for (const auto& [name, fallback] : DefaultedArguments()) {
    const Value value = defaults.Get(name);
    if (value.is_known() && config.Get(name).is_null() && certificate.Get(name) == value) taken.emplace(name, value);
  }
  const auto& type = ProfileDefaults::Schema().type();
  return taken.empty() ? Value::Null(type) : Value::ObjectOf(type, std::move(taken));
}

Value AddDefaults(const Value& defaults, const Value& more) {
  if (defaults.is_null() || more.is_null()) return defaults.is_null() ? more : defaults;
  Value all = defaults;
  for (const auto& [name, value] : more.AsMembers()) {
    if (all.Get(name).is_null()) all = all.With(name, value);
  }
  return all;
}

bool LosesDefaults(const Value& config, const Value& prior, const Value& planned) {
  const auto& all = DefaultedArguments();
  return std::any_of(all.begin(), all.end(), [&](const DefaultedArgument& one) {
    return config.Get(one.name).is_null() && !(prior.Get(one.name) == planned.Get(one.name));
  });
}

void CheckOrder(const Issuer& issuer, const CertificateModel& planned, schema::Diagnostics& diagnostics) {
  const OrderTerms terms = TermsOf(planned);
  ReportViolations(issuer, terms, planned, diagnostics);
  CheckRecordNames(issuer.ca, terms, planned, diagnostics);
}

void CheckExport(const Issuer& issuer, const CertificateModel& planned, schema::Diagnostics& diagnostics) {
  ReportViolations(issuer, {.exports_private_key = planned.export_private_key.Get()}, planned, diagnostics);
}

void WarnOfMisfit(const Context& context, const CertificateModel& certificate, schema::Diagnostics& diagnostics) {
  const base::Secret handle = certificate.external_ca.OrEmpty();
  if (!sealed::CheckHandleForm(kProfile, handle.Reveal())) return;
  const auto issuer = OpenSharedIssuer(context, handle.Reveal());
  if (!issuer) return;  // reported by what needs it
  const OrderTerms terms = TermsOf(certificate);
  std::string problems;
  for (const CertificateProfile& profile : (*issuer)->profiles) {
    for (const RuleViolation& one : FindViolations(profile.rules, terms)) {
      problems +=
          Cat(one.problem, " The rule `", one.rule, "` of the profile ", profile.name, " does not allow it. ", one.allowed, " ");
    }
  }
  if (problems.empty()) return;
  diagnostics.Warning(Cat("The certificate no longer fits its profile: ", NameFor(certificate)),
                      Cat(problems, "The certificate stays in use until it expires at ", certificate.not_after.OrEmpty(),
                          ", but it will not be renewed. Change it before then, or have the rule changed."),
                      At(&CertificateModel::external_ca));
}

}  // namespace resources::certificate

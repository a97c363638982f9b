// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/validation_outputs.h"

#include "engine/acme/persistent_record.h"
#include "resources/external_ca/account.h"

namespace resources::external_ca {
namespace {

using engine::acme::ValidationMethod;

constexpr std::chrono::minutes kDirectoryLimit{1};

// True if `validation` is this method, or may be.
bool MayBe(const CaModel& planned, ValidationMethod method) {
  return planned.validation.is_unknown() || planned.validation.Get() == NameOf(method);
}

}  // namespace

void PlanValidationOutputs(const CaModel& prior, KeepsAccount keeps, CaModel& planned) {
  const bool is_known = planned.validation.is_known();
  planned.dns_account_label.SetNull();
  if (MayBe(planned, ValidationMethod::kDnsAccount01)) {
    planned.dns_account_label.SetUnknown();
    if (is_known && keeps != KeepsAccount::kNo)
      planned.dns_account_label = engine::acme::AccountLabel(planned.account_url.OrEmpty());
  }
  planned.dns_persist.SetNull();
  if (MayBe(planned, ValidationMethod::kDnsPersist01)) {
    planned.dns_persist.SetUnknown();
    if (is_known && keeps == KeepsAccount::kWithKey && prior.dns_persist.is_known()) planned.dns_persist = prior.dns_persist;
  }
}

void SetValidationOutputs(const engine::acme::Directory& directory, const engine::acme::Account& account, CaModel& planned) {
  planned.dns_account_label.SetNull();
  planned.dns_persist.SetNull();
  if (planned.validation.Get() == NameOf(ValidationMethod::kDnsAccount01))
    planned.dns_account_label = engine::acme::AccountLabel(account.url);
  if (planned.validation.Get() == NameOf(ValidationMethod::kDnsPersist01))
    planned.dns_persist = ToModel(engine::acme::MakePersistentIssuer(directory, account.url, account.key));
}

bool SettleValidationOutputs(const base::Call& call, const Context& context, const sealed::CaPayload& ca, CaModel& planned,
                             schema::Diagnostics& diagnostics) {
  if (!planned.dns_persist.is_unknown()) return true;
  const auto opened = OpenAccount(context, ca);
  const auto directory = opened ? engine::acme::FetchDirectory(call.Within(kDirectoryLimit), *opened->client)
                                : base::Result<engine::acme::Directory>(opened.error());
  if (!directory) {
    diagnostics.Error("The CA's directory cannot be read", directory.error(), "", At(&CaModel::validation));
    return false;
  }
  SetValidationOutputs(*directory, opened->account, planned);
  return true;
}

void ValidateValidation(const CaModel& ca, schema::Diagnostics& diagnostics) {
  const bool has_no_use =
      ca.validation.Get() == NameOf(ValidationMethod::kDnsPersist01) && ca.dns.is_known() && !ca.dns.OrEmpty().empty();
  if (!has_no_use) return;
  diagnostics.Error("`dns` has no effect with dns-persist-01",
                    "The provider places no record with `validation = \"dns-persist-01\"`, so it needs no DNS credentials. Set "
                    "`dns = []`, and create the record of `dns_persist` with your DNS provider's own resource.",
                    At(&CaModel::dns));
}

}  // namespace resources::external_ca

// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/verify.h"

#include <algorithm>

#include "base/text.h"
#include "resources/external_ca/account.h"
#include "resources/external_ca/validation_outputs.h"
#include "resources/sealed/payload.h"

namespace resources::external_ca {
namespace {

using base::Cat;
using engine::acme::AccountFacts;
using sealed::OpenCa;

constexpr std::chrono::seconds kVerifyLimit{5};
constexpr std::string_view kMail = "mailto:";

base::Result<AccountFacts> Ask(const base::Call& call, const Context& context, std::string_view handle) {
  const auto ca = OpenCa(context.sealer, handle);
  if (!ca) return ca.error();
  const auto opened = OpenAccount(context, *ca);
  if (!opened) return opened.error();
  return engine::acme::FetchAccount(call.Within(kVerifyLimit), *opened->client, opened->account);
}

// What the directory says, which Ask has just read and the client keeps.
void TakeDirectory(const base::Call& call, const Context& context, CaModel& state) {
  const auto ca = OpenCa(context.sealer, state.handle.OrEmpty().Reveal());
  const auto opened = ca ? OpenAccount(context, *ca) : base::Result<OpenedAccount>(ca.error());
  if (!opened) return;
  const auto directory = engine::acme::FetchDirectory(call.Within(kVerifyLimit), *opened->client);
  if (!directory) return;
  state.caa_identities = directory->caa_identities;
  SetValidationOutputs(*directory, opened->account, state);
}

// The address at the CA where it is another one than `email`; empty when they agree or cannot be compared: an account_email that
// was never set leaves the contact alone, and some CAs do not tell it.
std::optional<std::string> FindOtherEmail(const std::optional<std::string>& email, const std::vector<std::string>& contacts) {
  if (!email) return std::nullopt;
  std::optional<std::string> other;
  for (const std::string& contact : contacts) {
    if (!base::ToLower(contact).starts_with(kMail)) continue;
    std::string address = contact.substr(kMail.size());
    if (base::ToLower(address) == base::ToLower(*email)) return std::nullopt;
    if (!other) other = std::move(address);
  }
  return other;
}

}  // namespace

void VerifyAccount(const base::Call& call, const Context& context, CaModel& state, schema::Diagnostics& diagnostics) {
  if (!state.handle.is_known()) return;
  const std::string url = state.account_url.OrEmpty();
  const auto facts = Ask(call, context, state.handle.OrEmpty().Reveal());
  if (!facts && !engine::acme::IsAccountGone(facts.error())) {
    diagnostics.Warning(Cat("The account was not verified: ", url),
                        Cat(schema::Describe(facts.error()), "\n\nThe plan continues with the state as it is."),
                        At(&CaModel::verify_on_refresh));
    return;
  }
  if (!facts || facts->status != "valid") {
    const std::string said =
        facts ? Cat("Its status at the CA is \"", base::Printable(facts->status, 50), "\".") : schema::Describe(facts.error());
    diagnostics.Warning(Cat("The account is gone: ", url), Cat(said, "\n\n", kReplaceAccount), At(&CaModel::account_url));
    return;
  }
  TakeDirectory(call, context, state);
  if (auto email = FindOtherEmail(state.account_email.Get(), facts->contacts)) state.account_email = *std::move(email);
}

}  // namespace resources::external_ca

// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/verify.h"

#include <algorithm>

#include "base/text.h"
#include "resources/external_ca/account.h"
#include "resources/sealed/payload.h"

namespace resources::external_ca {
namespace {

using base::Cat;
using engine::acme::AccountFacts;
using schema::cty::Path;
using schema::cty::Value;
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

// The address at the CA where it is another one than `email`; empty when they agree or cannot be compared: an account_email that
// was never set leaves the contact alone, and some CAs do not tell it.
std::optional<std::string> FindOtherEmail(const Value& email, const std::vector<std::string>& contacts) {
  if (!email.is_known()) return std::nullopt;
  std::optional<std::string> other;
  for (const std::string& contact : contacts) {
    if (!base::ToLower(contact).starts_with(kMail)) continue;
    std::string address = contact.substr(kMail.size());
    if (base::ToLower(address) == base::ToLower(email.AsString())) return std::nullopt;
    if (!other) other = std::move(address);
  }
  return other;
}

}  // namespace

void VerifyAccount(const base::Call& call, const Context& context, Value& state, schema::Diagnostics& diagnostics) {
  const Value handle = state.Get("handle");
  if (!handle.is_known()) return;
  const std::string url = state.Get("account_url").is_known() ? state.Get("account_url").AsString() : "";
  const auto facts = Ask(call, context, handle.AsString());
  if (!facts && !engine::acme::IsAccountGone(facts.error())) {
    diagnostics.Warning(Cat("The account was not verified: ", url),
                        Cat(schema::Describe(facts.error()), "\n\nThe plan goes on with what the state says."),
                        Path::Of("verify_on_refresh"));
    return;
  }
  if (!facts || facts->status != "valid") {
    const std::string said =
        facts ? Cat("Its status at the CA is \"", base::Printable(facts->status, 50), "\".") : schema::Describe(facts.error());
    diagnostics.Warning(Cat("The account is gone: ", url), Cat(said, "\n\n", kReplaceAccount), Path::Of("account_url"));
    return;
  }
  if (auto email = FindOtherEmail(state.Get("account_email"), facts->contacts)) {
    state = state.With("account_email", Value::String(*std::move(email)));
  }
}

}  // namespace resources::external_ca

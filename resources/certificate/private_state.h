// SPDX-License-Identifier: MPL-2.0
// What a certificate remembers in its private data: who issued it and how, when to ask about its renewal, and whether Read found
// it due. Terraform drops private data if the provider dies in an apply: everything in it can be had again.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "resources/certificate/model.h"
#include "resources/context.h"
#include "resources/profile_model.h"

namespace resources::certificate {

struct PrivateState {
  std::string directory_url{};
  std::string account_url{};
  std::string profile_id{};  // of the certificate profile under which it was issued; empty: none
  // What it got from defaults of the profile: an object of ProfileDefaults, or null. They stay until the next issuance.
  schema::cty::Value defaults = schema::cty::Value::Null(ProfileDefaults::Schema().type());
  bool due = false;
  bool is_new = false;                         // of a plan to create: a delete that has it belongs to a replacement
  std::optional<base::TimePoint> ask_after{};  // the CA is not asked about the renewal before; empty: at any time
};

std::string ToText(const PrivateState& memory);
// Anything unreadable reads as empty.
PrivateState ParsePrivateState(const std::string& private_data);
// The same with who issued it, from the handle of the CA if the private data does not say.
PrivateState ReadPrivateState(const Context& context, const CertificateModel& certificate, const std::string& private_data);

}  // namespace resources::certificate

// SPDX-License-Identifier: MPL-2.0
// The `timeouts` of a resource, in the form that Terraform's users know: timeouts = { create = "30m" }.
#pragma once

#include <chrono>
#include <string>

#include "base/call.h"
#include "schema/model.h"

namespace resources {

struct Timeouts {
  static const schema::Model<Timeouts>& Schema();
  schema::Field<std::string> create;
  schema::Field<std::string> read;
  schema::Field<std::string> update;
  schema::Field<std::string> remove;  // "delete" to the user
};

// The attribute `timeouts`; `doc` says which limits apply otherwise.
schema::Attribute TimeoutsAttribute(const char* doc);

// The call, limited to what `limit` of the timeouts says, else to `usual`. May be longer than the caller's own deadline.
base::Call WithTimeout(const base::Call& call, const schema::Field<Timeouts>& timeouts,
                       schema::Field<std::string> Timeouts::*limit, std::chrono::milliseconds usual);

}  // namespace resources

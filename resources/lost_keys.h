// SPDX-License-Identifier: MPL-2.0
// What becomes of an object without the key that sealed it: an error that asks for that key or, if the provider block says that
// it is lost (abandon_unreadable_handles), a new beginning in place.
#pragma once

#include "base/secret.h"
#include "resources/context.h"
#include "schema/cty/value.h"
#include "schema/diagnostics.h"
#include "schema/field.h"

namespace resources {

// For Read and Plan, which nothing follows without a key. False after an error if none is configured: it names the key that
// sealed what `prior` (null on create) holds. One such error is enough for all objects of a run.
bool HasSealingKey(const Context& context, const schema::cty::Value& prior, schema::Diagnostics& diagnostics);

// True if no configured key opens the handle, and the provider block says that it counts as absent.
bool IsAbandoned(const Context& context, const schema::Field<base::Secret>& handle);

}  // namespace resources

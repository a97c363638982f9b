// SPDX-License-Identifier: MPL-2.0
// Source: a configuration in, an object out. What a data source does when it is read, and an ephemeral resource when it is
// opened.
#pragma once

#include <string>

#include "base/call.h"
#include "resources/context.h"
#include "schema/diagnostics.h"
#include "schema/schema.h"

namespace resources {

// Implementations are immutable and safe from many threads.
class Source {
 public:
  virtual ~Source() = default;
  virtual const std::string& type_name() const = 0;  // "certwright_certificate_bundle"
  virtual const schema::Schema& schema() const = 0;

  // `wanted`: the configuration, known, with defaults in place and the computed attributes unknown. Returns it with those known;
  // after an error, anything. Nothing is left to close afterwards.
  virtual schema::cty::Value Read(const base::Call& call, const Context& context, const schema::cty::Value& wanted,
                                  schema::Diagnostics& diagnostics) const = 0;
};

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
// A certificate as members of one JSON object, under names of the user's: what stores of secrets hold.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/config_field.h"
#include "base/json.h"
#include "engine/sync/bundle.h"
#include "engine/sync/destination.h"

namespace engine::sync {

// The block "field_names", for a destination's fields.
inline constexpr std::array<base::ConfigField, 4> kFieldNameFields = {{
    {.name = "certificate", .default_value = "certificate", .doc = "The certificate alone, as PEM."},
    {.name = "private_key", .default_value = "private_key", .doc = "The private key, as PEM (PKCS #8)."},
    {.name = "certificate_chain",
     .default_value = "certificate_chain",
     .doc = "The certificates above it, as PEM, without the root."},
    {.name = "ca_certificate",
     .default_value = "ca_certificate",
     .doc = "The root, as PEM. It is there only with `include_root_ca`."},
}};
inline constexpr base::ConfigField kFieldNames = {.name = "field_names",
                                                  .kind = base::FieldKind::kBlock,
                                                  .doc = "How the parts of a certificate are called.",
                                                  .members = kFieldNameFields};

struct FieldNames {
  std::string certificate{kFieldNameFields[0].default_value};
  std::string private_key{kFieldNameFields[1].default_value};
  std::string certificate_chain{kFieldNameFields[2].default_value};
  std::string ca_certificate{kFieldNameFields[3].default_value};
};

// Of a destination with kFieldNames among its fields.
FieldNames ReadFieldNames(const Settings& settings);
// Empty and equal names.
void CheckFieldNames(const Settings& settings, std::vector<connections::FieldProblem>& problems);

// The object, all members strings. A part that the bundle lacks is absent. Holds the private key.
base::Json Render(const Bundle& bundle, const FieldNames& names);
// SHA-256 of the first certificate in the object, or in what a text holds as JSON; empty when there is none.
std::string LeafFingerprint(const base::Json& object, const FieldNames& names);
std::string LeafFingerprint(const base::Secret& text, const FieldNames& names);

}  // namespace engine::sync

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
inline constexpr std::array<base::ConfigField, 5> kFieldNames = {{
    {.name = "field_names", .kind = base::FieldKind::kBlock, .doc = "How the parts of a certificate are called."},
    {.name = "field_names.certificate", .default_value = "certificate", .doc = "The certificate alone, as PEM."},
    {.name = "field_names.private_key", .default_value = "private_key", .doc = "The private key, as PEM (PKCS #8)."},
    {.name = "field_names.certificate_chain",
     .default_value = "certificate_chain",
     .doc = "The certificates above it, as PEM, without the root."},
    {.name = "field_names.ca_certificate",
     .default_value = "ca_certificate",
     .doc = "The root, as PEM. It is there only with `include_root_ca`."},
}};

struct FieldNames {
  std::string certificate;
  std::string private_key;
  std::string certificate_chain;
  std::string ca_certificate;
};

FieldNames ReadFieldNames(const Settings& settings);
// Empty and equal names.
void CheckFieldNames(const Settings& settings, std::vector<connections::FieldProblem>& problems);

// The object, all members strings. A part that the bundle lacks is absent. Holds the private key.
base::Json Render(const Bundle& bundle, const FieldNames& names);
// SHA-256 of the first certificate in the object, or in what a text holds as JSON; empty when there is none.
std::string LeafFingerprint(const base::Json& object, const FieldNames& names);
std::string LeafFingerprint(const base::Secret& text, const FieldNames& names);

}  // namespace engine::sync

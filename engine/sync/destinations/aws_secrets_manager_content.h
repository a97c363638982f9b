// SPDX-License-Identifier: MPL-2.0
// A certificate as the JSON text of a secret: {"certificate": …, "private_key": …, "certificate_chain": …, "ca_certificate": …}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "engine/sync/bundle.h"
#include "engine/sync/destination.h"

namespace engine::sync::destinations {

// How the members of the JSON object are called.
struct SecretFields {
  std::string certificate = "certificate";              // the leaf
  std::string private_key = "private_key";              // PKCS #8
  std::string certificate_chain = "certificate_chain";  // the issuers without the root; absent when there are none
  std::string ca_certificate = "ca_certificate";        // the root; absent when the chain has none
};

// From the settings "field_names.<member>"; what is not set keeps its name.
SecretFields ReadSecretFields(const Settings& settings);
// Names that are empty or used twice.
std::vector<connections::FieldProblem> CheckSecretFields(const Settings& settings);

// Equal bundles give equal texts.
base::Secret ToSecretText(const Bundle& bundle, const SecretFields& fields);
// The fingerprint of the leaf in such a text; empty when it holds none.
std::string FindFingerprint(const base::Secret& text, const SecretFields& fields);

}  // namespace engine::sync::destinations

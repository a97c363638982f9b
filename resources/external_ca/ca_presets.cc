// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/ca_presets.h"

#include <algorithm>
#include <array>

namespace resources::external_ca {
namespace {

constexpr std::array<CaPreset, 13> kPresets = {{
    {.name = "Actalis", .prefix = "https://acme-api.actalis.com/", .needs_eab = true},
    {.name = "Buypass", .prefix = "https://api.buypass.com/acme", .ended = "in October 2025"},
    {.name = "Buypass", .prefix = "https://api.test4.buypass.no/acme", .ended = "in October 2025"},
    {.name = "DigiCert", .prefix = "https://acme.digicert.com/", .needs_eab = true},
    {.name = "DigiCert", .prefix = "https://one.digicert.com/", .needs_eab = true},
    {.name = "GlobalSign", .prefix = "https://emea.acme.atlas.globalsign.com/", .needs_eab = true},
    // "Accounts must have at least one contact", as malformed (simple-acme#109).
    {.name = "Google Trust Services", .prefix = "https://dv.acme-v02.api.pki.goog/", .needs_eab = true, .needs_contact = true},
    {.name = "Google Trust Services",
     .prefix = "https://dv.acme-v02.test-api.pki.goog/",
     .needs_eab = true,
     .needs_contact = true},
    // "contact email has forbidden domain" (Boulder's policy).
    {.name = "Let's Encrypt", .prefix = "https://acme-staging-v02.api.letsencrypt.org/", .refuses_example_contacts = true},
    {.name = "Let's Encrypt", .prefix = "https://acme-v02.api.letsencrypt.org/", .refuses_example_contacts = true},
    // Its directory does not say that it wants a binding.
    {.name = "SSL.com", .prefix = "https://acme.ssl.com/", .needs_eab = true, .has_key_change = false},
    {.name = "Sectigo", .prefix = "https://acme.sectigo.com/", .needs_eab = true},
    // Without a contact, it says that the binding is missing (community.crypto#100).
    {.name = "ZeroSSL", .prefix = "https://acme.zerossl.com/", .needs_eab = true, .has_key_change = false, .needs_contact = true},
}};

}  // namespace

std::span<const CaPreset> CaPresets() { return kPresets; }

const CaPreset* FindCaPreset(std::string_view directory_url) {
  const auto* found =
      std::find_if(kPresets.begin(), kPresets.end(), [&](const CaPreset& one) { return directory_url.starts_with(one.prefix); });
  return found == kPresets.end() ? nullptr : found;
}

}  // namespace resources::external_ca

// SPDX-License-Identifier: MPL-2.0
// What is known of public CAs beforehand, by their directory URL, so that a plan can tell what an apply would run into. The table
// of docs/guides/certificate-authorities.md has the same URLs.
#pragma once

#include <span>
#include <string_view>

namespace resources::external_ca {

struct CaPreset {
  std::string_view name;
  std::string_view prefix;  // of its directory URLs
  bool needs_eab = false;
  bool has_key_change = true;
  bool needs_contact = false;
  bool refuses_example_contacts = false;  // at example.com, example.net, and example.org (RFC 2606)
  std::string_view ended{};               // when it stopped issuing; empty: it has not
};

std::span<const CaPreset> CaPresets();
// Null for a CA that is not in the table.
const CaPreset* FindCaPreset(std::string_view directory_url);

}  // namespace resources::external_ca

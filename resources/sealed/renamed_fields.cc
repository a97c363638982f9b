// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/renamed_fields.h"

#include <array>

namespace resources::sealed {
namespace {

constexpr std::array<RenamedField, 8> kRenamed = {{
    {"dns_made_easy", "api_key", "api_key", true},
    {"kubernetes", "ca_certificate", "ca_certificate_pem"},
    {"kubernetes", "client_certificate", "client_certificate_pem"},
    {"kubernetes", "client_key", "client_key_pem"},
    {"kubernetes", "server", "server_url"},
    {"ssh", "private_key", "private_key_pem"},
    {"vault", "address", "server_url"},
    {"vault", "ca_certificate", "ca_certificate_pem"},
}};

}  // namespace

std::span<const RenamedField> RenamedFields() { return kRenamed; }

std::string_view NameInId(std::string_view connection, std::string_view field) {
  for (const RenamedField& one : kRenamed) {
    if (one.connection == connection && one.present == field) return one.former;
  }
  return field;
}

}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
// The name schema: how a certificate is called at a destination. "web-{{certificateId}}".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace engine::sync {

inline constexpr std::string_view kDefaultNameSchema = "Certwright-{{certificateId}}";

struct NameParts {
  std::string certificate_id;  // 32 hex digits
  std::string common_name;     // first name of the certificate; characters outside the schema's set become '-'
};

// Exactly one {{certificateId}}; {{shortCertificateId}} and {{commonName}} may join; besides them only letters, digits, '-', '_',
// '/'. Errors: kInvalid, naming the offending character and its place, or the placeholder that is missing, twice there or
// unknown.
base::Result<void> CheckNameSchema(std::string_view schema);
// The name. `schema` has passed CheckNameSchema.
std::string CompileName(std::string_view schema, const NameParts& parts);

}  // namespace engine::sync

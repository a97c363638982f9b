// SPDX-License-Identifier: MPL-2.0
// IDs of certificates.
#pragma once

#include <string>

namespace resources::certificate_sync {

inline const std::string kId(32, '1');
inline const std::string kOtherId(32, '2');

}  // namespace resources::certificate_sync

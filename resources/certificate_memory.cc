// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_memory.h"

#include <nlohmann/json.hpp>

namespace resources {

std::string ToText(const CertificateMemory& memory) {
  return nlohmann::json{{"directory_url", memory.directory_url}, {"account_url", memory.account_url}, {"due", memory.due}}.dump();
}

CertificateMemory ParseCertificateMemory(const std::string& private_data) {
  const auto json = nlohmann::json::parse(private_data, nullptr, false);
  if (!json.is_object()) return {};
  return {.directory_url = json.value("directory_url", ""),
          .account_url = json.value("account_url", ""),
          .due = json.value("due", false)};
}

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/private_state.h"

#include <nlohmann/json.hpp>

namespace resources::certificate_sync {

using nlohmann::json;

std::string ToText(const SyncMemory& memory) {
  json by_key = json::object();
  for (const auto& [key, one] : memory.deployed) {
    by_key[key] = {{"name", one.name},
                   {"external_id", one.external_id},
                   {"version", one.version},
                   {"fingerprint_sha256", one.fingerprint_sha256},
                   {"certificate_id", one.certificate_id},
                   {"key_fingerprint", one.key_fingerprint},
                   {"unfinished", one.unfinished},
                   {"superseded", one.superseded},
                   {"chain_sha256", one.chain_sha256}};
  }
  return json{{"deployed", std::move(by_key)}, {"secrets", memory.sealed_secrets}, {"planned_secrets", memory.planned_secrets}}
      .dump();
}

SyncMemory ParseMemory(const std::string& private_data) {
  SyncMemory memory;
  const json text = json::parse(private_data, nullptr, false);
  if (!text.is_object() || !text.contains("deployed") || !text["deployed"].is_object()) return memory;
  memory.sealed_secrets = text.value("secrets", "");
  memory.planned_secrets = text.value("planned_secrets", "");
  for (const auto& [key, one] : text["deployed"].items()) {
    if (!one.is_object()) continue;
    memory.deployed[key] = {.name = one.value("name", ""),
                            .external_id = one.value("external_id", ""),
                            .version = one.value("version", ""),
                            .fingerprint_sha256 = one.value("fingerprint_sha256", ""),
                            .certificate_id = one.value("certificate_id", ""),
                            .key_fingerprint = one.value("key_fingerprint", ""),
                            .unfinished = one.value("unfinished", false),
                            .superseded = one.value("superseded", false),
                            .chain_sha256 = one.value("chain_sha256", "")};
  }
  return memory;
}

}  // namespace resources::certificate_sync

// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/payload_format1.h"

#include <nlohmann/json.hpp>

#include "resources/sealed/renamed_fields.h"

namespace resources::sealed::format1 {

using base::Secret;
using nlohmann::json;

FlatConnection ConnectionFrom(const json& value) {
  FlatConnection connection{.kind = value.at("kind"), .id = value.at("id"), .values = {}};
  auto& [settings, secrets] = connection.values;
  for (const auto& [name, text] : value.at("settings").items()) settings[name] = text.get<std::string>();
  for (const auto& [name, text] : value.at("secrets").items()) secrets[name] = Secret(text.get<std::string>());
  for (const RenamedField& field : RenamedFields()) {
    if (field.connection != connection.kind) continue;
    if (auto setting = settings.extract(std::string(field.former))) {
      if (field.became_secret) {
        secrets[std::string(field.present)] = Secret(std::move(setting.mapped()));
      } else {
        settings[std::string(field.present)] = std::move(setting.mapped());
      }
    }
    if (auto secret = secrets.extract(std::string(field.former))) {
      secrets[std::string(field.present)] = std::move(secret.mapped());
    }
  }
  return connection;
}

CaPayload CaFrom(const json& value) {
  const json& propagation = value.at("propagation");
  CaPayload ca{.directory_url = value.at("directory_url"),
               .account_url = value.at("account_url"),
               .trusted_roots_pem = value.at("trusted_roots_pem"),
               .account_key_pem = Secret(value.at("account_key_pem").get<std::string>()),
               .dns = {},
               .propagation = {.nameservers = propagation.at("nameservers"),
                               .resolvers = propagation.at("resolvers"),
                               .timeout = std::chrono::milliseconds(propagation.at("timeout_ms").get<std::int64_t>()),
                               .wait_for = propagation.at("majority").get<bool>() ? engine::dns::WaitFor::kMajority
                                                                                  : engine::dns::WaitFor::kAll,
                               .delay = std::chrono::milliseconds(propagation.value("delay_ms", std::int64_t{0})),
                               .disable = propagation.at("disable")}};
  for (const json& one : value.at("dns")) {
    ca.dns.push_back({.connection = MakeConnection(ConnectionFrom(one.at("connection"))), .zone = one.at("zone")});
  }
  return ca;
}

CertificatePayload CertificateFrom(const json& value) {
  return {.certificate_id = value.at("certificate_id"),
          .full_chain_pem = value.at("full_chain_pem"),
          .private_key_pem = Secret(value.at("private_key_pem").get<std::string>())};
}

}  // namespace resources::sealed::format1

// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/payload.h"

#include <nlohmann/json.hpp>

namespace resources::sealed {
namespace {

using base::Error;
using base::ErrorKind;
using base::Result;
using base::Secret;
using engine::connections::Connection;
using engine::dns::DnsConnection;
using engine::dns::PropagationOptions;
using nlohmann::json;

using SecretsByName = engine::sync::Secrets;

json ToJson(const SecretsByName& secrets) {
  json text = json::object();
  for (const auto& [name, secret] : secrets) text[name] = secret.Reveal();
  return text;
}

SecretsByName SecretsFrom(const json& text) {
  SecretsByName secrets;
  for (const auto& [name, value] : text.items()) secrets[name] = Secret(value.get<std::string>());
  return secrets;
}

json ToJson(const Connection& connection) {
  return {{"kind", connection.kind},
          {"id", connection.id},
          {"settings", connection.settings},
          {"secrets", ToJson(connection.secrets)}};
}

Connection ConnectionFrom(const json& text) {
  Connection connection{.kind = text.at("kind"), .id = text.at("id"), .settings = {}, .secrets = SecretsFrom(text.at("secrets"))};
  for (const auto& [name, value] : text.at("settings").items()) connection.settings[name] = value.get<std::string>();
  return connection;
}

json ToJson(const PropagationOptions& options) {
  return {{"nameservers", options.nameservers},    {"resolvers", options.resolvers},
          {"timeout_ms", options.timeout.count()}, {"majority", options.wait_for == engine::dns::WaitFor::kMajority},
          {"delay_ms", options.delay.count()},     {"disable", options.disable}};
}

PropagationOptions PropagationFrom(const json& text) {
  return PropagationOptions{
      .nameservers = text.at("nameservers"),
      .resolvers = text.at("resolvers"),
      .timeout = std::chrono::milliseconds(text.at("timeout_ms").get<std::int64_t>()),
      .wait_for = text.at("majority").get<bool>() ? engine::dns::WaitFor::kMajority : engine::dns::WaitFor::kAll,
      .delay = std::chrono::milliseconds(text.value("delay_ms", std::int64_t{0})),
      .disable = text.at("disable")};
}

json ToJson(const CaPayload& ca) {
  json dns = json::array();
  for (const DnsConnection& one : ca.dns) dns.push_back({{"connection", ToJson(one.connection)}, {"zone", one.zone}});
  return {{"directory_url", ca.directory_url},
          {"account_url", ca.account_url},
          {"trusted_roots_pem", ca.trusted_roots_pem},
          {"account_key_pem", ca.account_key_pem.Reveal()},
          {"dns", std::move(dns)},
          {"propagation", ToJson(ca.propagation)}};
}

CaPayload CaFrom(const json& text) {
  CaPayload ca{.directory_url = text.at("directory_url"),
               .account_url = text.at("account_url"),
               .trusted_roots_pem = text.at("trusted_roots_pem"),
               .account_key_pem = Secret(text.at("account_key_pem").get<std::string>()),
               .dns = {},
               .propagation = PropagationFrom(text.at("propagation"))};
  for (const json& one : text.at("dns")) {
    ca.dns.push_back({.connection = ConnectionFrom(one.at("connection")), .zone = one.at("zone")});
  }
  return ca;
}

json ToJson(const CertificatePayload& certificate) {
  return {{"certificate_id", certificate.certificate_id},
          {"full_chain_pem", certificate.full_chain_pem},
          {"private_key_pem", certificate.private_key_pem.Reveal()}};
}

CertificatePayload CertificateFrom(const json& text) {
  return CertificatePayload{.certificate_id = text.at("certificate_id"),
                            .full_chain_pem = text.at("full_chain_pem"),
                            .private_key_pem = Secret(text.at("private_key_pem").get<std::string>())};
}

// Opens the handle and reads its content by `from`, which throws on content that it does not know.
template <typename From>
auto Open(const Sealer& sealer, std::string_view kind, std::string_view handle, From from)
    -> Result<decltype(from(std::declval<json>()))> {
  auto opened = sealer.Open(kind, handle);
  if (!opened) return std::move(opened).error();
  try {
    return from(json::parse(opened->payload.Reveal()));
  } catch (const json::exception&) {
    // The exception's text may quote the payload.
    return Error{
        ErrorKind::kInvalid,
        "this handle was sealed by another version of the provider and cannot be read: apply the resource that made it again"};
  }
}

}  // namespace

Secret PayloadText(const CaPayload& ca) { return Secret(ToJson(ca).dump()); }
Secret PayloadText(const CertificatePayload& certificate) { return Secret(ToJson(certificate).dump()); }

Result<std::string> SealConnection(const Sealer& sealer, const Connection& connection) {
  return sealer.Seal(handle_kind::kConnection, Secret(ToJson(connection).dump()));
}

Result<std::string> SealCa(const Sealer& sealer, const CaPayload& ca) { return sealer.Seal(handle_kind::kCa, PayloadText(ca)); }

Result<std::string> SealCertificate(const Sealer& sealer, const CertificatePayload& certificate) {
  return sealer.Seal(handle_kind::kCertificate, PayloadText(certificate));
}

Result<std::string> SealSecrets(const Sealer& sealer, const SecretsByName& secrets) {
  return sealer.Seal(handle_kind::kSecrets, Secret(ToJson(secrets).dump()));
}

Result<SecretsByName> OpenSecrets(const Sealer& sealer, std::string_view sealed) {
  return Open(sealer, handle_kind::kSecrets, sealed, SecretsFrom);
}

Result<Connection> OpenConnection(const Sealer& sealer, std::string_view handle) {
  return Open(sealer, handle_kind::kConnection, handle, ConnectionFrom);
}

Result<CaPayload> OpenCa(const Sealer& sealer, std::string_view handle) { return Open(sealer, handle_kind::kCa, handle, CaFrom); }

Result<CertificatePayload> OpenCertificate(const Sealer& sealer, std::string_view handle) {
  return Open(sealer, handle_kind::kCertificate, handle, CertificateFrom);
}

Result<std::string> Reseal(const Sealer& sealer, std::string_view kind, std::string_view handle) {
  if (!sealer.IsStale(handle)) return std::string(handle);
  auto opened = sealer.Open(kind, handle);
  if (!opened) return std::move(opened).error();
  return sealer.Seal(kind, opened->payload);
}

}  // namespace resources::sealed

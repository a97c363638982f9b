// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/payload.h"

#include <nlohmann/json.hpp>

#include "base/crypto/certificate.h"
#include "base/crypto/pem.h"
#include "base/text.h"
#include "resources/sealed/flat_settings.h"
#include "resources/sealed/payload_format1.h"

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

json ToJson(const base::SecretMap& secrets) {
  json text = json::object();
  for (const auto& [name, secret] : secrets) text[name] = secret.Reveal();
  return text;
}

base::SecretMap SecretsFrom(const json& text) {
  base::SecretMap secrets;
  for (const auto& [name, value] : text.items()) secrets[name] = Secret(value.get<std::string>());
  return secrets;
}

json ToJson(const Connection& connection) {
  const FlatSettings flat = Flatten(connection.settings);
  return {{"kind", connection.kind}, {"id", connection.id}, {"settings", flat.settings}, {"secrets", ToJson(flat.secrets)}};
}

FlatConnection ConnectionFrom(const json& text) {
  FlatConnection connection{.kind = text.at("kind"), .id = text.at("id"), .values = {.secrets = SecretsFrom(text.at("secrets"))}};
  for (const auto& [name, value] : text.at("settings").items()) connection.values.settings[name] = value.get<std::string>();
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

// Certificates and keys as DER where that loses nothing, else as the text that they are.
json PemToJson(std::string_view pem, std::string_view label) {
  const auto blocks = base::crypto::SplitPem(pem);
  json array = json::array();
  for (const auto& one : blocks.value_or(std::vector<base::crypto::PemBlock>())) {
    if (one.label != label) return pem;
    array.push_back(json::binary({one.der.begin(), one.der.end()}));
  }
  if (!blocks) return pem;
  return array;
}

std::string PemFrom(const json& value, std::string_view label) {
  if (value.is_string()) return value.get<std::string>();
  std::string pem;
  for (const json& one : value) {
    const auto& der = one.get_binary();
    pem += base::crypto::ToPem({.label = std::string(label), .der = std::string(der.begin(), der.end())});
  }
  return pem;
}

constexpr std::string_view kCertificateLabel = "CERTIFICATE";
constexpr std::string_view kKeyLabel = "PRIVATE KEY";

json ToJson(const CaPayload& ca) {
  json dns = json::array();
  for (const DnsConnection& one : ca.dns) dns.push_back({{"connection", ToJson(one.connection)}, {"zone", one.zone}});
  json text = {{"directory_url", ca.directory_url},
               {"account_url", ca.account_url},
               {"trusted_roots", PemToJson(ca.trusted_roots_pem, kCertificateLabel)},
               {"account_key", PemToJson(ca.account_key_pem.Reveal(), kKeyLabel)},
               {"dns", std::move(dns)},
               {"propagation", ToJson(ca.propagation)}};
  // What came later is written only where it is not the default: the handles that states have stay the same.
  if (!ca.check_caa) text["check_caa"] = false;
  if (!ca.validation.empty()) text["validation"] = ca.validation;
  return text;
}

CaPayload CaFrom(const json& value) {
  CaPayload ca{.directory_url = value.at("directory_url"),
               .account_url = value.at("account_url"),
               .trusted_roots_pem = PemFrom(value.at("trusted_roots"), kCertificateLabel),
               .account_key_pem = Secret(PemFrom(value.at("account_key"), kKeyLabel)),
               .dns = {},
               .propagation = PropagationFrom(value.at("propagation"))};
  ca.check_caa = value.value("check_caa", true);
  ca.validation = value.value("validation", std::string());
  for (const json& one : value.at("dns")) {
    ca.dns.push_back({.connection = MakeConnection(ConnectionFrom(one.at("connection"))), .zone = one.at("zone")});
  }
  return ca;
}

json ToJson(const IssuerPayload& issuer) {
  json profiles = json::array();
  for (const ProfilePayload& one : issuer.profiles) {
    profiles.push_back({{"id", one.id}, {"name", one.name}, {"rules", one.rules}, {"defaults", one.defaults}});
  }
  return {{"ca", ToJson(issuer.ca)}, {"profiles", std::move(profiles)}};
}

IssuerPayload IssuerFrom(const json& value) {
  IssuerPayload issuer{.ca = CaFrom(value.at("ca"))};
  for (const json& one : value.at("profiles")) {
    issuer.profiles.push_back({one.at("id"), one.at("name"), one.at("rules"), one.at("defaults")});
  }
  return issuer;
}

// The id and the destinations are in the facts.
json ToJson(const CertificatePayload& certificate) {
  return {{"chain", PemToJson(certificate.full_chain_pem, kCertificateLabel)},
          {"key", PemToJson(certificate.private_key_pem.Reveal(), kKeyLabel)}};
}

CertificatePayload CertificateFrom(const json& value) {
  return CertificatePayload{.certificate_id = {},
                            .full_chain_pem = PemFrom(value.at("chain"), kCertificateLabel),
                            .private_key_pem = Secret(PemFrom(value.at("key"), kKeyLabel)),
                            .destinations = {}};
}

// A byte for the version of what follows, then CBOR (RFC 8949) with sorted keys.
constexpr char kVersion = 1;

Secret Encode(const json& content) {
  std::string bytes(1, kVersion);
  json::to_cbor(content, bytes);
  return Secret(std::move(bytes));
}

Error WrittenByAnother(std::string_view what_to_do) {
  return Error{ErrorKind::kInvalid,
               base::Cat("this handle was sealed by another version of the provider and cannot be read: ", what_to_do)};
}

// Reads the content of an opened handle by `from` or, in the first format, by `from_format1`. Both throw on content that they do
// not know.
template <typename From, typename FromFormat1>
auto Decode(const Opened& opened, From from, FromFormat1 from_format1) -> Result<decltype(from(std::declval<json>()))> {
  const std::string_view bytes = opened.payload.Reveal();
  try {
    if (opened.prefix.format == 1) return from_format1(json::parse(bytes));
    if (bytes.empty() || bytes.front() != kVersion) return WrittenByAnother("upgrade the provider");
    return from(json::from_cbor(bytes.substr(1)));
  } catch (const json::exception&) {
    // The exception's text may quote the payload.
    return WrittenByAnother("apply the resource that made it again");
  }
}

template <typename From, typename FromFormat1>
auto Open(const Sealer& sealer, std::string_view kind, std::string_view handle, From from, FromFormat1 from_format1)
    -> Result<decltype(from(std::declval<json>()))> {
  auto opened = sealer.Open(kind, handle);
  if (!opened) return std::move(opened).error();
  return Decode(*opened, from, from_format1);
}

std::string FactsOf(const CertificatePayload& certificate) {
  const auto chain = base::crypto::ParseChain(certificate.full_chain_pem);
  return CertificateFacts(certificate.certificate_id, chain ? chain->front().key_type : std::string(), certificate.destinations);
}

}  // namespace

std::string CertificateFacts(std::string_view certificate_id, std::string_view key_algorithm,
                             const AllowedDestinations& destinations) {
  std::string facts = base::Cat(certificate_id, '.', key_algorithm);
  if (destinations) facts += base::Cat('.', base::Join(*destinations, ","));
  return facts;
}

AllowedDestinations DestinationsInFacts(std::string_view facts) {
  const auto parts = base::Split(facts, '.');
  if (parts.size() < 3) return std::nullopt;
  if (parts[2].empty()) return std::set<std::string>();
  const auto kinds = base::Split(parts[2], ',');
  return std::set<std::string>(kinds.begin(), kinds.end());
}

Sealable ToSealable(const CaPayload& ca) {
  return {.kind = std::string(handle_kind::kCa), .facts = {}, .payload = Encode(ToJson(ca))};
}

Sealable ToSealable(const CertificatePayload& certificate) {
  return {.kind = std::string(handle_kind::kCertificate), .facts = FactsOf(certificate), .payload = Encode(ToJson(certificate))};
}

Result<std::string> Seal(const Sealer& sealer, const Sealable& content) {
  return sealer.Seal(content.kind, content.payload, content.facts);
}

Result<std::string> SealConnection(const Sealer& sealer, const Connection& connection) {
  return sealer.Seal(handle_kind::kConnection, Encode(ToJson(connection)));
}

Result<std::string> SealCa(const Sealer& sealer, const CaPayload& ca) { return Seal(sealer, ToSealable(ca)); }

Result<std::string> SealProfile(const Sealer& sealer, const IssuerPayload& issuer) {
  return sealer.Seal(handle_kind::kProfile, Encode(ToJson(issuer)));
}

Result<std::string> SealCertificate(const Sealer& sealer, const CertificatePayload& certificate) {
  return Seal(sealer, ToSealable(certificate));
}

Result<std::string> SealSecrets(const Sealer& sealer, const base::SecretMap& secrets) {
  return sealer.Seal(handle_kind::kSecrets, Encode(ToJson(secrets)));
}

Result<base::SecretMap> OpenSecrets(const Sealer& sealer, std::string_view sealed) {
  return Open(sealer, handle_kind::kSecrets, sealed, SecretsFrom, SecretsFrom);
}

Result<Connection> OpenConnection(const Sealer& sealer, std::string_view handle) {
  const auto flat = Open(sealer, handle_kind::kConnection, handle, ConnectionFrom, format1::ConnectionFrom);
  if (!flat) return flat.error();
  return MakeConnection(*flat);
}

Result<Connection> OpenConnection(const Sealer& sealer, std::string_view handle, std::span<const base::ConfigField> fields) {
  const auto flat = Open(sealer, handle_kind::kConnection, handle, ConnectionFrom, format1::ConnectionFrom);
  if (!flat) return flat.error();
  return MakeConnection(fields, *flat);
}

Result<IssuerPayload> OpenIssuerPayload(const Sealer& sealer, std::string_view handle) {
  if (CheckHandleForm(handle_kind::kProfile, handle)) {
    return Open(sealer, handle_kind::kProfile, handle, IssuerFrom, IssuerFrom);
  }
  auto ca = Open(sealer, handle_kind::kCa, handle, CaFrom, format1::CaFrom);
  if (!ca) return std::move(ca).error();
  return IssuerPayload{.ca = *std::move(ca)};
}

Result<CaPayload> OpenCa(const Sealer& sealer, std::string_view handle) {
  auto issuer = OpenIssuerPayload(sealer, handle);
  if (!issuer) return std::move(issuer).error();
  return std::move(issuer->ca);
}

Result<CertificatePayload> OpenCertificate(const Sealer& sealer, std::string_view handle) {
  const auto opened = sealer.Open(handle_kind::kCertificate, handle);
  if (!opened) return opened.error();
  auto certificate = Decode(*opened, CertificateFrom, format1::CertificateFrom);
  if (certificate && opened->prefix.format != 1) {
    certificate->certificate_id = opened->prefix.facts.substr(0, opened->prefix.facts.find('.'));
    certificate->destinations = DestinationsInFacts(opened->prefix.facts);
  }
  return certificate;
}

Result<std::string> ResealCertificate(const Sealer& sealer, std::string_view handle) {
  if (!sealer.IsStale(handle)) return std::string(handle);
  const auto opened = OpenCertificate(sealer, handle);
  if (!opened) return opened.error();
  return SealCertificate(sealer, *opened);
}

}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
// The values of a certwright_certificate, and what each attribute means.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/secret.h"
#include "resources/timeouts.h"
#include "schema/model.h"
#include "schema/schema.h"

namespace resources::certificate {

// When the certificate is renewed: by the CA's window (RFC 9773), by renew_before, or by the lifetime.
struct RenewalModel {
  static const schema::Model<RenewalModel>& Schema();
  schema::Field<std::string> due_at;
  schema::Field<std::string> window_start;
  schema::Field<std::string> window_end;
  schema::Field<std::string> explanation_url;
};

// Why a certificate was ordered.
enum class IssuedBecause {
  kFirstIssuance,
  kRenewal,
  kConfiguration,  // an attribute that is part of the certificate changed
  kCaChanged,
  kKeyLost,   // the sealed private key could not be opened
  kImported,  // it was ordered by something else
};

// What the outputs are made from.
struct Issuance {
  std::string certificate_id;
  std::vector<base::crypto::Certificate> chain;  // the certificate first
  schema::Field<base::Secret> handle{};          // null: sealed later
  RenewalModel renewal{};
};

}  // namespace resources::certificate

template <>
struct schema::EnumNames<resources::certificate::IssuedBecause> {
  using IssuedBecause = resources::certificate::IssuedBecause;
  static constexpr std::array<std::pair<IssuedBecause, std::string_view>, 6> kNames = {{
      {IssuedBecause::kFirstIssuance, "first_issuance"},
      {IssuedBecause::kRenewal, "renewal"},
      {IssuedBecause::kConfiguration, "configuration"},
      {IssuedBecause::kCaChanged, "ca_changed"},
      {IssuedBecause::kKeyLost, "key_lost"},
      {IssuedBecause::kImported, "imported"},
  }};
};

namespace resources::certificate {

struct CertificateModel {
  using Source = Issuance;
  static const schema::Model<CertificateModel>& Schema();

  schema::Field<base::Secret> external_ca;
  schema::Field<std::set<std::string>> dns_names;
  schema::Field<std::string> common_name;
  schema::Field<std::string> key_algorithm;
  schema::Field<std::string> csr_pem;
  schema::Field<std::string> profile;
  schema::Field<std::string> preferred_chain;
  schema::Field<bool> preferred_chain_strict;
  schema::Field<std::string> validity;
  schema::Field<std::string> renew_before;
  schema::Field<bool> rotate_private_key;
  schema::Field<bool> revoke_on_destroy;
  schema::Field<std::string> revocation_reason;
  schema::Field<Timeouts> timeouts;
  schema::Field<bool> export_private_key;

  schema::Field<std::string> id;
  schema::Field<std::string> certificate_id;
  schema::Field<std::set<std::string>> dns_names_ascii;
  schema::Field<std::string> certificate_pem;
  schema::Field<std::string> chain_pem;
  schema::Field<std::string> issuer;
  schema::Field<std::string> serial_number;
  schema::Field<std::string> not_before;
  schema::Field<std::string> not_after;
  schema::Field<std::string> fingerprint_sha256;
  schema::Field<RenewalModel> renewal;
  schema::Field<IssuedBecause> issued_because;
  schema::Field<std::string> issued_because_detail;
  schema::Field<base::Secret> private_key_pem;
  schema::Field<base::Secret> handle;
};

schema::Schema CertificateSchema();

// The attribute of a field, for diagnostics.
template <typename T>
schema::cty::Path At(schema::Field<T> CertificateModel::*field) {
  return CertificateModel::Schema().PathOf(field);
}

// A name of a certificate, as certificates contain it. Errors: those of base::idn::ParseInternationalName. Pure.
base::Result<std::string> ParseName(std::string_view text);

// Lower case A-labels, sorted, without duplicates; names that are not valid are left out.
std::set<std::string> NormalNames(const std::set<std::string>& names);

}  // namespace resources::certificate

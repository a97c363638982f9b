// SPDX-License-Identifier: MPL-2.0
// What a certificate says, as an object: provider::certwright::decode_certificate, and the data source certwright_handle.
#pragma once

#include <string>
#include <vector>

#include "base/crypto/certificate.h"
#include "resources/function.h"
#include "schema/model.h"

namespace resources {

struct CertificateFacts {
  using Source = base::crypto::Certificate;
  static const schema::Model<CertificateFacts>& Schema();
  static CertificateFacts Of(const base::crypto::Certificate& certificate);

  schema::Field<std::vector<std::string>> dns_names;
  schema::Field<std::string> subject;
  schema::Field<std::string> common_name;
  schema::Field<std::string> issuer;
  schema::Field<std::string> serial_number;
  schema::Field<std::string> not_before;
  schema::Field<std::string> not_after;
  schema::Field<std::string> fingerprint_sha1;
  schema::Field<std::string> fingerprint_sha256;
  schema::Field<std::string> key_algorithm;
  schema::Field<bool> is_ca;
};

Function DecodeCertificate();

}  // namespace resources

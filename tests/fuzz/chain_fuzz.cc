// SPDX-License-Identifier: MPL-2.0
// Certificates as PEM and as DER: a chain that is taken is written and read again as the same, and says nothing but UTF-8.
#include <string>
#include <vector>

#include "base/crypto/certificate.h"
#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "engine/acme/renewal_info.h"
#include "tests/fuzz/require.h"

namespace {

using base::crypto::Certificate;
using fuzz::Require;

void CheckCertificate(const Certificate& one) {
  Require(one.fingerprint_sha256 == base::Hex(base::crypto::Sha256(one.der)), "the fingerprint is that of the DER");
  for (const auto& text : {one.subject, one.subject_common_name, one.issuer, one.issuer_common_name, one.key_type}) {
    fuzz::RequireUtf8(text, "what a certificate says is UTF-8");
  }
  for (const auto& name : one.dns_names) {
    Require(name == base::ToLower(name), "names are in lower case");
    fuzz::RequireUtf8(name, "names are UTF-8");
  }
  Require(one.not_before < base::TimePoint::max() && one.not_after < base::TimePoint::max(), "times fit");
  static_cast<void>(engine::acme::RenewalId(one));
}

void CheckChain(std::string_view pem) {
  const auto chain = base::crypto::ParseChain(pem);
  if (!chain) return;
  std::string written;
  for (const Certificate& one : *chain) {
    CheckCertificate(one);
    written += one.pem;
  }
  const auto again = base::crypto::ParseChain(written);
  Require(again && again->size() == chain->size(), "a chain is written and read again");
  for (std::size_t i = 0; i < chain->size(); ++i)
    Require((*again)[i].der == (*chain)[i].der, "each certificate stays what it is");
}

std::string AsPem(std::string_view der) {
  const std::string base64 = base::Base64(der);
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += 64) lines += base64.substr(at, 64) + "\n";
  return "-----BEGIN CERTIFICATE-----\n" + lines + "-----END CERTIFICATE-----\n";
}

}  // namespace

// DER begins with a SEQUENCE; everything else is PEM.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::Text(data, size);
  CheckChain(text.starts_with('\x30') ? AsPem(text) : std::string(text));
  return 0;
}

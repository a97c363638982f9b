// SPDX-License-Identifier: MPL-2.0
// What a certificate says, as an object: provider::certwright::decode_certificate, and the data source certwright_handle.
#pragma once

#include <vector>

#include "base/crypto/certificate.h"
#include "resources/function.h"
#include "schema/attribute.h"

namespace resources {

std::vector<schema::Attribute> CertificateFactAttributes();
// An object of those attributes.
schema::cty::Value CertificateFacts(const base::crypto::Certificate& certificate);

Function DecodeCertificate();

}  // namespace resources

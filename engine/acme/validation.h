// SPDX-License-Identifier: MPL-2.0
// How control of a name is proven, and the name of the record that proves it: dns-01 (RFC 8555 section 8.4), dns-account-01
// (draft-ietf-acme-dns-account-label), whose record has a label of the account, so that several accounts can have one name
// delegated, and dns-persist-01 (draft-ietf-acme-dns-persist), whose record outlives an order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine::acme {

enum class ValidationMethod { kDns01, kDnsAccount01, kDnsPersist01 };

// The challenge's type: "dns-01", "dns-account-01", "dns-persist-01".
std::string_view NameOf(ValidationMethod method);
// Empty for other names.
std::optional<ValidationMethod> ParseValidationMethod(std::string_view name);

// What an account puts before "_acme-challenge" with dns-account-01: "_" and 16 lower-case letters and digits. Pure.
std::string AccountLabel(std::string_view account_url);

// What comes before a name with dns-persist-01.
inline constexpr std::string_view kPersistentLabel = "_validation-persist";

// Where the value for a DNS name goes, a wildcard or not: "_acme-challenge.example.test.", with the account's label before it for
// dns-account-01; "_validation-persist.example.test." for dns-persist-01. Pure.
std::string ChallengeName(std::string_view dns_name, ValidationMethod method = ValidationMethod::kDns01,
                          std::string_view account_url = {});

}  // namespace engine::acme

// SPDX-License-Identifier: MPL-2.0
// What a certificate remembers in its private data: who issued it, and whether Read found it due.
#pragma once

#include <string>

namespace resources {

struct CertificateMemory {
  std::string directory_url{};
  std::string account_url{};
  bool due = false;
};

std::string ToText(const CertificateMemory& memory);
// Anything unreadable reads as empty: the next plan then treats the CA as another one.
CertificateMemory ParseCertificateMemory(const std::string& private_data);

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
#include "base/os/system_roots.h"

#include <array>
#include <filesystem>

#include "base/read_file.h"

namespace base::os {
namespace {

// As in Go's crypto/x509/root_linux.go.
constexpr std::array<const char*, 6> kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // CentOS, RHEL
    "/etc/ssl/cert.pem",                                  // Alpine
};

constexpr std::size_t kMaxBundle = 4 * 1024 * 1024;

}  // namespace

std::string ReadSystemRoots() {
  for (const char* path : kBundles) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    const auto bundle = ReadSmallFile(path, kMaxBundle);
    return bundle ? std::string(bundle->Reveal()) : std::string();
  }
  return {};
}

}  // namespace base::os

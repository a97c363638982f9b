// SPDX-License-Identifier: MPL-2.0
// What Debian's static libssh asks of Kerberos, for a binary that has all libraries inside: there is no static Kerberos. Nothing
// here logs in by GSSAPI, so that none of this is ever called; a call would be told that there is no such mechanism (RFC 2744
// section 3.9.1). The parameters, which are not looked at, are left out.
#include <cstdint>

namespace {

constexpr std::uint32_t kUnavailable = 16U << 16;

}  // namespace

extern "C" {

extern const void* const GSS_C_NT_HOSTBASED_SERVICE;
extern const void* const GSS_C_NT_USER_NAME;
const void* const GSS_C_NT_HOSTBASED_SERVICE = nullptr;
const void* const GSS_C_NT_USER_NAME = nullptr;

// NOLINTBEGIN(readability-identifier-naming): the names of RFC 2744
std::uint32_t gss_accept_sec_context() { return kUnavailable; }
std::uint32_t gss_acquire_cred() { return kUnavailable; }
std::uint32_t gss_add_oid_set_member() { return kUnavailable; }
std::uint32_t gss_create_empty_oid_set() { return kUnavailable; }
std::uint32_t gss_display_name() { return kUnavailable; }
std::uint32_t gss_display_status() { return kUnavailable; }
std::uint32_t gss_get_mic() { return kUnavailable; }
std::uint32_t gss_import_name() { return kUnavailable; }
std::uint32_t gss_indicate_mechs() { return kUnavailable; }
std::uint32_t gss_init_sec_context() { return kUnavailable; }
std::uint32_t gss_inquire_cred() { return kUnavailable; }
std::uint32_t gss_inquire_cred_by_mech() { return kUnavailable; }
std::uint32_t gss_release_buffer() { return kUnavailable; }
std::uint32_t gss_release_cred() { return kUnavailable; }
std::uint32_t gss_release_name() { return kUnavailable; }
std::uint32_t gss_release_oid_set() { return kUnavailable; }
std::uint32_t gss_test_oid_set_member() { return kUnavailable; }
std::uint32_t gss_verify_mic() { return kUnavailable; }
// NOLINTEND(readability-identifier-naming)

}  // extern "C"

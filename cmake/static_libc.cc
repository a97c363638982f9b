// SPDX-License-Identifier: MPL-2.0
// What a binary with libc inside must never do: load a library of the machine. That library would bring another libc along, of
// another version more often than not, and the process would crash. Two things load libraries by what a file of the machine says,
// and both are set here before main, in the static link only.
#include <nss.h>
#include <openssl/crypto.h>

#include <initializer_list>

namespace {

[[gnu::constructor]] void StayInside() {
  // nsswitch.conf names mdns, resolve, sss, db and others, each a library. Files and DNS are inside: /etc/hosts, and resolv.conf
  // with its search list and options, are read as ever. Of a user or group that only a directory server knows, the number is to
  // be given.
  __nss_configure_lookup("hosts", "files dns");
  for (const char* const database : {"passwd", "group", "services", "protocols"}) __nss_configure_lookup(database, "files");
  // openssl.cnf may name provider modules and engines. libcrypto's own provider needs no configuration.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

}  // namespace

// SPDX-License-Identifier: MPL-2.0
// tests/support/fake_key_vault.h as a server on loopback, for clients of others and for Terraform. Its argument is a file that it
// writes its port into. A signal ends it.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "tests/support/fake_key_vault.h"
#include "tests/support/loopback_http.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  tests::FakeKeyVault vault;
  const tests::LoopbackServer server([&](const base::http::Request& request) { return tests::Answer(vault.Handle(request)); });
  const std::string file = arguments[1];
  std::ofstream(file + ".new") << server.port();
  std::rename((file + ".new").c_str(), file.c_str());
  return pause();
}

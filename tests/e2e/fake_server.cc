// SPDX-License-Identifier: MPL-2.0
// A vendor's fake as a server on loopback, for clients of others and for Terraform. Arguments: which one, and a file that
// it writes its port into. A signal ends it.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/text.h"
#include "tests/engine/vendors/azure/fake_key_vault.h"
#include "tests/engine/vendors/cloudflare/fake_custom_certificates.h"
#include "tests/engine/vendors/kubernetes/fake_api.h"
#include "tests/support/loopback_http.h"

namespace {

using base::http::Request;

// kubectl sends no token over plain HTTP: it is put in.
Request WithToken(Request request) {
  for (const auto& header : request.headers) {
    if (base::EqualsIgnoreCase(header.name, "authorization")) return request;
  }
  request.headers.push_back({"Authorization", base::Cat("Bearer ", tests::FakeKubernetes::kToken)});
  return request;
}

Request AsItIs(Request request) { return request; }

struct Fake {
  std::unique_ptr<tests::FakeApi> (*make)();
  Request (*prepare)(Request);
};

template <typename Api>
std::unique_ptr<tests::FakeApi> Make() {
  return std::make_unique<Api>();
}

const std::map<std::string, Fake> kFakes = {
    {"cloudflare_certificates", {Make<tests::FakeCloudflareCertificates>, AsItIs}},
    {"key_vault", {Make<tests::FakeKeyVault>, AsItIs}},
    {"kubernetes", {Make<tests::FakeKubernetes>, WithToken}},
};

}  // namespace

int main(int count, char** arguments) {
  const auto found = count == 3 ? kFakes.find(arguments[1]) : kFakes.end();
  if (found == kFakes.end()) return 2;
  const auto& [make, prepare] = found->second;
  const auto api = make();
  const tests::LoopbackServer server([&](const Request& request) { return tests::Answer(api->Handle(prepare(request))); });
  const std::string file = arguments[2];
  std::ofstream(file + ".new") << server.port();
  std::rename((file + ".new").c_str(), file.c_str());
  return pause();
}

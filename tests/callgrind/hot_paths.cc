// SPDX-License-Identifier: MPL-2.0
// The paths that every certificate of every plan or apply goes through, one an argument, for callgrind: only what Measured calls
// is counted. What is made before serves all runs, and each path has run once before, so that nothing is fetched or cached
// within.
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/crypto/key.h"
#include "engine/acme/jws.h"
#include "resources/certificate/model.h"
#include "resources/sealed/handle.h"
#include "schema/cty/json.h"
#include "schema/cty/msgpack.h"
#include "schema/plan.h"
#include "schema/roles.h"

namespace {

using resources::sealed::Sealer;
using resources::sealed::SealingKey;
using schema::cty::Type;
using schema::cty::Value;
using Path = std::function<bool()>;  // whether it went well

constexpr int kRuns = 10;

Sealer MakeSealer() {
  return Sealer::Ready(*SealingKey::Parse(base::Secret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")), {});
}

// Of the size that Let's Encrypt's have: a leaf and an intermediate certificate.
std::string Pem(std::size_t lines) {
  std::string text = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < lines; ++i) text += std::string(64, 'A') + '\n';
  return text + "-----END CERTIFICATE-----\n";
}

std::string SealedCertificate() {
  return *MakeSealer().Seal("certificate", base::Secret(R"({"full_chain_pem":")" + Pem(50) + std::string(300, 'k') + "\"}"));
}

Value::Members Configured(const std::string& ca_handle) {
  return {{"external_ca", Value::String(ca_handle)},
          {"dns_names", Value::Set(Type::String(), {Value::String("example.test"), Value::String("*.example.test")})}};
}

// As Terraform keeps an issued certificate.
Value State(const schema::Schema& schema, const std::string& ca_handle) {
  Value::Members members = Configured(ca_handle);
  const std::map<std::string, std::string> texts = {{"key_algorithm", "EC_P256"},
                                                    {"certificate_id", std::string(32, 'a')},
                                                    {"certificate_pem", Pem(25)},
                                                    {"chain_pem", Pem(25)},
                                                    {"issuer", "CN=E7,O=Let's Encrypt,C=US"},
                                                    {"serial_number", std::string(36, '1')},
                                                    {"not_before", "2026-01-02T03:04:05Z"},
                                                    {"not_after", "2026-04-02T03:04:05Z"},
                                                    {"fingerprint_sha256", std::string(64, 'f')},
                                                    {"handle", SealedCertificate()}};
  for (const auto& [name, text] : texts) members.insert_or_assign(name, Value::String(text));
  for (const char* name : {"preferred_chain_strict", "revoke_on_destroy", "export_private_key"}) {
    members.insert_or_assign(name, Value::Bool(false));
  }
  members.insert_or_assign("rotate_private_key", Value::Bool(true));
  return Value::ObjectOf(schema.ImpliedType(), std::move(members));
}

Path Decode() {
  const schema::Schema schema = resources::certificate::CertificateSchema();
  return [type = schema.ImpliedType(), wire = schema::cty::ToMsgpack(State(schema, SealedCertificate()))] {
    return schema::cty::FromMsgpack(wire, type).ok();
  };
}

Path Encode() {
  return [state = State(resources::certificate::CertificateSchema(), SealedCertificate())] {
    return !schema::cty::ToMsgpack(state).empty();
  };
}

// What PlanResourceChange does of an unchanged certificate, but for its comparisons of few attributes.
Path Plan() {
  const auto schema = std::make_shared<const schema::Schema>(resources::certificate::CertificateSchema());
  const std::string ca_handle = SealedCertificate();
  const Value state = State(*schema, ca_handle);
  const Value config = Value::ObjectOf(schema->ImpliedType(), Configured(ca_handle));
  return [schema, state, config] {
    const auto result = schema::PlanChange({.schema = *schema, .prior = state, .config = config}, [](const auto&, auto&) {});
    return result.planned == state;
  };
}

// What a plan does with the values of the prior and the planned certificate besides.
Path Model() {
  const auto& model = resources::certificate::CertificateModel::Schema();
  return [&model, state = State(resources::certificate::CertificateSchema(), SealedCertificate())] {
    const auto prior = model.Read(state);
    return model.Write(prior) == state && schema::OtherContent(model.attributes(), state, state).empty();
  };
}

// What UpgradeResourceState does of a state of the present version.
Path Upgrade() {
  const schema::Schema schema = resources::certificate::CertificateSchema();
  return [type = schema.ImpliedType(), json = *schema::cty::ToJson(State(schema, SealedCertificate()))] {
    return schema::cty::FromJson(json, type, schema::cty::UnknownMembers::kDropped).ok();
  };
}

Path Seal() {
  return [sealer = MakeSealer(), content = base::Secret(Pem(50))] { return sealer.Seal("certificate", content).ok(); };
}

Path Open() {
  return [sealer = MakeSealer(), handle = SealedCertificate()] { return sealer.Open("certificate", handle).ok(); };
}

Path Sign() {
  return [key = *base::crypto::KeyFromSeed(base::Secret("0123456789abcdef0123456789abcdef"))] {
    return engine::acme::SignBody({.key = key, .kid = "https://ca.test/acme/acct/1"}, "0123456789abcdef",
                                  "https://ca.test/acme/new-order", R"({"identifiers":[{"type":"dns","value":"example.test"}]})")
        .ok();
  };
}

const std::map<std::string_view, Path (*)()> kPaths = {{"decode", Decode}, {"encode", Encode},  {"model", Model},
                                                       {"open", Open},     {"plan", Plan},      {"seal", Seal},
                                                       {"sign", Sign},     {"upgrade", Upgrade}};

}  // namespace

// callgrind is told to count from here on (--toggle-collect).
extern "C" __attribute__((noinline, visibility("default"))) bool Measured(const Path& path) {
  bool fine = true;
  for (int i = 0; i < kRuns; ++i) fine = path() && fine;
  return fine;
}

int main(int argc, char** argv) {
  const auto found = argc == 2 ? kPaths.find(argv[1]) : kPaths.end();
  if (found == kPaths.end()) {
    std::cerr << "usage: hot_paths PATH; there are:";
    for (const auto& [name, make] : kPaths) std::cerr << ' ' << name;
    std::cerr << '\n';
    return 2;
  }
  const Path path = found->second();
  if (path() && Measured(path)) return 0;
  std::cerr << found->first << " went wrong\n";
  return 1;
}

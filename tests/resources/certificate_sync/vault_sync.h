// SPDX-License-Identifier: MPL-2.0
// A sync to Vault, in one or in two working directories.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "resources/certificate_sync/certificate_sync.h"
#include "resources/sealed/payload.h"
#include "resources/shared_notes.h"
#include "tests/engine/vendors/vault/fake_api.h"
#include "tests/resources/certificate_sync/ids.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/settings.h"
#include "tests/support/test_bundle.h"

namespace resources::certificate_sync {

class VaultSync : public testing::Test {
 protected:
  using FakeVault = tests::FakeVault;
  using Type = schema::cty::Type;
  using Value = schema::cty::Value;

  // A working directory, with the provider process that serves the commands in it.
  struct Lab {
    explicit Lab(const std::shared_ptr<FakeVault>& vault) {
      parts.context.http = vault;
      Restart();
    }
    // Another process: it knows what is in the working directory.
    void Restart() {
      const std::string folder = parts.data_folder.path().string();
      parts.context.journal = std::make_shared<sealed::Journal>(folder, parts.random, parts.context.sealer);
      parts.context.notes = std::make_shared<SharedNotes>(folder, "default");
      parts.context.shared = std::make_shared<base::SharedObjects>();
    }
    tests::TestContext parts;
  };

  std::string NewHandle(const std::string& certificate_id) const {
    const engine::sync::Bundle bundle = tests::MakeTestBundle(certificate_id);
    sealed::CertificatePayload payload{
        .certificate_id = certificate_id, .full_chain_pem = {}, .private_key_pem = bundle.private_key_pem};
    for (const auto& one : bundle.chain) payload.full_chain_pem += one.pem;
    return *SealCertificate(lab_.parts.context.sealer, payload);
  }
  std::string Connect(const std::string& token = FakeVault::kToken, const std::string& id = "c") const {
    const engine::connections::Connection connection{
        .kind = "vault",
        .id = id,
        .settings = tests::ConnectionSettings("vault", {{"server_url", FakeVault::kUrl}, {"token", base::Secret(token)}})};
    return *SealConnection(lab_.parts.context.sealer, connection);
  }
  Value Config(const tests::FakeCore& core, const std::map<std::string, std::string>& handles, const char* path = "certs") const {
    Value::Members certificates;
    for (const auto& [key, handle] : handles) certificates.emplace(key, Value::String(handle));
    const Type destination = *resource_->schema().ImpliedType().Find("destination");
    const Value block = Value::ObjectOf(*destination.Find("vault_kv"), {{"path", Value::String(path)}});
    return core.Config({{"name", Value::String("vault")},
                        {"app_connection", Value::String(connection_)},
                        {"destination", Value::ObjectOf(destination, {{"vault_kv", block}})},
                        {"certificates", Value::Map(Type::String(), std::move(certificates))},
                        {"name_schema", Value::String("{{certificateId}}")}});
  }

  FakeVault::Item There(const std::string& id = kId) const { return vault_->Get("certs/" + id); }
  std::string OwnerOf(const std::string& id = kId) const {
    const FakeVault::Item item = There(id);
    return item.marks.is_object() ? item.marks.value("certwright:sync-id", "") : "";
  }

  std::shared_ptr<FakeVault> vault_ = std::make_shared<FakeVault>();
  std::unique_ptr<Resource> resource_ = MakeCertificateSync();
  Lab lab_{vault_};
  std::string connection_ = Connect();
  const std::string handle_ = NewHandle(kId);
};

}  // namespace resources::certificate_sync

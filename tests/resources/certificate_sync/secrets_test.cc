// SPDX-License-Identifier: MPL-2.0
// Secret settings of a sync's destination: pkcs12_password of local_files.
#include "resources/certificate_sync/secrets.h"

#include <gtest/gtest.h>

#include "base/crypto/pkcs12.h"
#include "resources/certificate_sync/certificate_sync.h"
#include "resources/certificate_sync/private_state.h"
#include "resources/sealed/payload.h"
#include "tests/resources/certificate_sync/ids.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_bundle.h"

namespace resources::certificate_sync {
namespace {

using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CertificatePayload;
using sealed::OpenCertificate;
using sealed::ResealCertificate;
using sealed::SealCertificate;
using sealed::Sealer;
using tests::Action;

const std::string kFile = "out/" + kId + ".p12";

class SyncSecretsTest : public testing::Test {
 protected:
  // A new certificate at each call, as a renewal has.
  std::string NewHandle() {
    bundle_ = tests::MakeTestBundle(kId);
    CertificatePayload payload{.certificate_id = kId, .full_chain_pem = {}, .private_key_pem = bundle_.private_key_pem};
    for (const auto& one : bundle_.chain) payload.full_chain_pem += one.pem;
    return *SealCertificate(parts_.context.sealer, payload);
  }

  Value Config(const Value& password, const std::string& layout = "pkcs12") const {
    const Type type = resource_->schema().ImpliedType();
    const Type destination = *type.Find("destination");
    const Value block = Value::ObjectOf(
        *destination.Find("local_files"),
        {{"directory", Value::String(dir_ / "out")}, {"layout", Value::String(layout)}, {"pkcs12_password", password}});
    return core_.Config({{"name", Value::String("files")},
                         {"destination", Value::ObjectOf(destination, {{"local_files", block}})},
                         {"certificates", Value::Map(Type::String(), {{"web", Value::String(handle_)}})},
                         {"name_schema", Value::String("{{certificateId}}")}});
  }
  Value Config(const std::string& password) const { return Config(Value::String(password)); }

  bool OpensWith(const std::string& password) const {
    return base::crypto::Pkcs12Holds(dir_.Read(kFile), base::Secret(password),
                                     *base::crypto::ParsePrivateKey(bundle_.private_key_pem));
  }

  void ExpectGood(const tests::Outcome& outcome, Action action) {
    EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
    EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
    EXPECT_EQ(outcome.action, action);
  }

  tests::TestContext parts_;
  tests::TempDir dir_;
  std::unique_ptr<Resource> resource_ = MakeCertificateSync();
  tests::FakeCore core_{*resource_, parts_.context, parts_.clock};
  engine::sync::Bundle bundle_;
  std::string handle_ = NewHandle();
};

TEST_F(SyncSecretsTest, AnotherPasswordIsAnUpdateInPlace) {
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);
  ASSERT_TRUE(OpensWith("first"));
  const std::string before = dir_.Read(kFile);

  ExpectGood(core_.Apply(Config("first")), Action::kNone);
  EXPECT_EQ(dir_.Read(kFile), before);
  ExpectGood(core_.Apply(Config("second")), Action::kUpdate);

  EXPECT_TRUE(OpensWith("second"));
}

TEST_F(SyncSecretsTest, APasswordThatIsKnownLateIsComparedWhenItIsThere) {
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);
  const std::string before = dir_.Read(kFile);

  ExpectGood(core_.Apply(Config(Value::Unknown(Type::String())), Config("first")), Action::kUpdate);
  EXPECT_EQ(dir_.Read(kFile), before);
  ExpectGood(core_.Apply(Config(Value::Unknown(Type::String())), Config("second")), Action::kUpdate);

  EXPECT_TRUE(OpensWith("second"));
}

// The change gets the real configuration, whatever its plans were shown.
TEST_F(SyncSecretsTest, IgnoreChangesKeepsThePassword) {
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);
  core_.IgnoreChanges({"destination"});
  handle_ = NewHandle();

  ExpectGood(core_.Apply(Config("second")), Action::kUpdate);

  EXPECT_TRUE(OpensWith("first"));
}

TEST_F(SyncSecretsTest, AFileThatKeptTheFormerPasswordIsWrittenByTheNextApply) {
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);
  const std::string before = dir_.Read(kFile);
  // A folder in place of the file: the push fails, and then the file is back with the former password.
  std::filesystem::remove(dir_ / kFile);
  std::filesystem::create_directory(dir_ / kFile);
  EXPECT_TRUE(core_.Apply(Config("second")).has_failed());
  std::filesystem::remove(dir_ / kFile);
  dir_.Write(kFile, before);
  std::filesystem::permissions(dir_ / kFile, std::filesystem::perms(0600));

  ExpectGood(core_.Apply(Config("second")), Action::kUpdate);

  EXPECT_TRUE(OpensWith("second"));
}

TEST_F(SyncSecretsTest, AnotherSealingKeyWritesNothing) {
  const std::string pem = *SealCertificate(parts_.context.sealer, *OpenCertificate(parts_.context.sealer, handle_));
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);
  const std::string before = dir_.Read(kFile);
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});
  handle_ = *ResealCertificate(parts_.context.sealer, pem);

  ExpectGood(core_.Apply(Config("first")), Action::kUpdate);
  // Nothing is left that the former key opens alone.
  parts_.context.sealer = Sealer::Ready(tests::TestKey('b'), {});
  ExpectGood(core_.Apply(Config("first")), Action::kNone);

  EXPECT_EQ(dir_.Read(kFile), before);
}

TEST_F(SyncSecretsTest, TheLayoutAsksForThePasswordAndTheOthersRefuseIt) {
  const auto missing = core_.Plan(Config(Value::Null(Type::String())));
  const auto useless = core_.Plan(Config(Value::String("first"), "split"));

  for (const auto* outcome : {&missing, &useless}) {
    ASSERT_TRUE(outcome->has_failed());
    EXPECT_EQ(outcome->diagnostics.items().front().path,
              Path::Of("destination").Attribute("local_files").Attribute("pkcs12_password"))
        << outcome->ToText();
  }
}

TEST_F(SyncSecretsTest, AnotherLayoutForgetsThePassword) {
  ExpectGood(core_.Apply(Config("first")), Action::kCreate);

  ExpectGood(core_.Apply(Config(Value::Null(Type::String()), "split")), Action::kUpdate);

  EXPECT_EQ(ParseMemory(core_.private_data()).sealed_secrets, "");
  EXPECT_EQ(dir_.Entries(),
            (std::set<std::string>{"out", "out/." + kId + ".certwright", "out/" + kId + ".crt", "out/" + kId + ".key"}));
}

TEST_F(SyncSecretsTest, ThePasswordIsInNothingThatIsKept) {
  const auto outcome = core_.Apply(Config("correct horse battery"));
  ExpectGood(outcome, Action::kCreate);

  EXPECT_EQ(core_.private_data().find("correct horse"), std::string::npos);
  EXPECT_TRUE(core_.state().Get("destination").Get("local_files").Get("pkcs12_password").is_null());
  EXPECT_EQ(outcome.ToText().find("correct horse"), std::string::npos);
  ExpectGood(core_.Destroy(), Action::kDelete);
  EXPECT_EQ(dir_.Entries(), (std::set<std::string>{"out"}));
}

}  // namespace
}  // namespace resources::certificate_sync

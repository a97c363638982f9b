// SPDX-License-Identifier: MPL-2.0
// The cloudflare_custom_certificate destination against a strict fake.
#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/cloudflare/fake_custom_certificates.h"
#include "tests/support/bundle_files.h"
#include "tests/support/foreign_python.h"
#include "tests/support/settings.h"
#include "tests/support/test_destination.h"
#include "tests/support/vendor_hosts.h"

namespace tests::cloudflare_custom_certificate {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Adoption;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Fake = FakeCloudflareCertificates;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("cloudflare_custom_certificate"); }

std::unique_ptr<Destination> Make(Fake& fake, const std::string& token = Fake::kToken) {
  Connection connection{
      .kind = "cloudflare", .id = "c", .settings = ConnectionSettings("cloudflare", {{"endpoint_url", Fake::kUrl}})};
  Put(connection.settings, "api_token", base::Secret(token));
  return MakeTestDestination(
      "cloudflare_custom_certificate",
      {.settings = DestinationSettings("cloudflare_custom_certificate", {{"zone_id", Fake::kZoneId}, {"bundle_method", "force"}}),
       .connection = &connection,
       .deps = {.http = &fake},
       .sync_id = "5c0e"});
}

std::string ChainPem(const Bundle& bundle) { return bundle.chain.at(0).pem + bundle.chain.at(1).pem; }

class CloudflareHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(fake_);
    return *destination_;
  }
  bool has_marks() const override { return false; }
  std::string Snapshot() override { return fake_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    fake_.Overwrite(deployed.external_id, ChainPem(MakeTestBundle(kId)), "force");
  }
  void TakeAway(const Deployed& deployed) override { fake_.Erase(deployed.external_id); }
  void DamageBesideLeaf(const Deployed& deployed) override { fake_.ChangeBundleMethod(deployed.external_id, "optimal"); }
  void PlaceForeign(const std::string&) override {
    before_ = ChainPem(MakeTestBundle(kId));
    foreign_ = fake_.Add(before_);
  }
  bool ForeignIsIntact() override { return fake_.Get(foreign_).chain_pem == before_; }
  // There is no half-way: an upload is one request.
  void BreakNextPut(const std::string&) override { fake_.FailNext({200, {.status = 500, .headers = {}, .body = "<html>"}}); }
  void Mend() override { fake_.FailNext({}); }
  FakeApi& api() override { return fake_; }

 private:
  Fake fake_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(CloudflareCustomCertificate, DestinationContract, testing::Values(MakeHarness<CloudflareHarness>));
INSTANTIATE_TEST_SUITE_P(CloudflareCustomCertificate, ApiDestinationContract, testing::Values(MakeHarness<CloudflareHarness>));

class CloudflareCustomCertificate : public DestinationTest {
 protected:
  base::Result<void> TryPut(const Bundle& bundle, const std::optional<Deployed>& previous, std::optional<Deployed>& now) {
    return Make(fake_)->Put(clock_.Call(), "web", bundle, previous, now);
  }
  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    std::optional<Deployed> now;
    const auto put = TryPut(bundle, previous, now);
    EXPECT_TRUE(put) << (put ? "" : put.error().message);
    return now.value_or(Deployed{});
  }
  base::Error Fail(const Bundle& bundle) {
    std::optional<Deployed> now;
    const auto put = TryPut(bundle, std::nullopt, now);
    EXPECT_FALSE(put);
    EXPECT_FALSE(now);
    return put ? base::Error{} : put.error();
  }

  Fake fake_;
};

TEST_F(CloudflareCustomCertificate, ARenewalNeedsNoRoomForTwo) {
  fake_.SetQuota(1);
  const Deployed first = Put(MakeTestBundle(kId));

  const Deployed second = Put(MakeTestBundle(kId), first);

  EXPECT_EQ(second.external_id, first.external_id);
  EXPECT_EQ(fake_.size(), 1U);
}

TEST_F(CloudflareCustomCertificate, ANewIdOfARenewalIsFollowed) {
  fake_.SetQuota(1);
  fake_.GiveNewIds();
  const Deployed first = Put(MakeTestBundle(kId));

  const Deployed second = Put(MakeTestBundle(kId), first);
  const auto former = Make(fake_)->Remove(clock_.Call(), first);
  const auto observed = Make(fake_)->Observe(clock_.Call(), second);

  EXPECT_NE(second.external_id, first.external_id);
  EXPECT_TRUE(former);
  ASSERT_TRUE(observed && *observed);
  EXPECT_EQ((*observed)->fingerprint_sha256, second.fingerprint_sha256);
}

TEST_F(CloudflareCustomCertificate, AnUploadWhoseAnswerWasLostIsFoundAgain) {
  for (const bool gives_new_ids : {false, true}) {
    Fake fake;
    fake.SetQuota(1);
    if (gives_new_ids) fake.GiveNewIds();
    std::optional<Deployed> first;
    fake.LoseNextAnswer();
    // Reading is safe: the answer that is lost is that of the upload.
    const auto put = Make(fake)->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, first);
    ASSERT_TRUE(put) << put.error().message;
    std::optional<Deployed> second;
    fake.LoseNextAnswer();
    const auto renewed = Make(fake)->Put(clock_.Call(), "web", MakeTestBundle(kId), first, second);
    ASSERT_TRUE(renewed) << renewed.error().message;

    EXPECT_EQ(fake.size(), 1U);
    EXPECT_FALSE(fake.Get(second->external_id).chain_pem.empty());
  }
}

TEST_F(CloudflareCustomCertificate, AFullZoneIsAConflictThatLeavesTheOtherAlone) {
  fake_.SetQuota(1);
  const std::string foreign = fake_.Add(ChainPem(MakeTestBundle(kId)));
  const std::string before = fake_.Snapshot();

  const auto error = Fail(MakeTestBundle(kId));

  EXPECT_EQ(error.kind, ErrorKind::kConflict);
  EXPECT_NE(error.message.find("no room for one more"), std::string::npos) << error.message;
  EXPECT_EQ(fake_.Snapshot(), before);
}

TEST_F(CloudflareCustomCertificate, AnEqualOneOfSomebodyElseIsNotTakenForOurs) {
  const Bundle bundle = MakeTestBundle(kId);
  fake_.Add(ChainPem(bundle));

  const auto error = Fail(bundle);

  EXPECT_NE(error.message.find("(1220)"), std::string::npos) << error.message;
}

TEST_F(CloudflareCustomCertificate, SendsTheChainLeafFirstAndTheKey) {
  const Bundle bundle = MakeTestBundle(kId);

  const Deployed now = Put(bundle);

  EXPECT_EQ(fake_.Get(now.external_id).chain_pem, ChainPem(bundle));
  EXPECT_EQ(fake_.Get(now.external_id).bundle_method, "force");
}

TEST_F(CloudflareCustomCertificate, OneListServesEveryCertificate) {
  fake_.SetQuota(60);
  for (int i = 0; i < 55; ++i) fake_.Add(ChainPem(MakeTestBundle(kId)));
  const Deployed now = Put(MakeTestBundle(kId));
  const auto destination = Make(fake_);
  const std::size_t before = fake_.requests().size();

  for (int i = 0; i < 5; ++i) EXPECT_TRUE(*destination->Observe(clock_.Call(), now));

  EXPECT_EQ(fake_.requests().size() - before, 2U);
}

TEST_F(CloudflareCustomCertificate, ATokenWithoutThePermissionIsToldWhich) {
  std::optional<Deployed> now;
  const auto put = Make(fake_, "another-token-canary-0123456789abcdefghijk")
                       ->Put(clock_.Call(), "web", MakeTestBundle(kId), std::nullopt, now);

  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind, ErrorKind::kDenied);
  EXPECT_NE(put.error().message.find("Zone / SSL and Certificates / Edit"), std::string::npos) << put.error().message;
}

TEST_F(CloudflareCustomCertificate, AdoptsOnlyWhereTheUserSaysSo) {
  const std::string foreign = fake_.Add(ChainPem(MakeTestBundle(kId)));

  const auto marked = Make(fake_)->Adopt(clock_.Call(), foreign, Adoption::kMarked);
  const auto any = Make(fake_)->Adopt(clock_.Call(), foreign, Adoption::kAny);
  const auto none = Make(fake_)->Adopt(clock_.Call(), "ffffffffffffffffffffffffffffffff", Adoption::kAny);

  EXPECT_EQ(marked.error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(any) << any.error().message;
  EXPECT_EQ(any->external_id, foreign);
  EXPECT_EQ(any->fingerprint_sha256, "");
  EXPECT_EQ(none.error().kind, ErrorKind::kNotFound);
}

TEST(CloudflareCustomCertificateValidate, WantsAnIdOfAZone) {
  EXPECT_TRUE(Spec().validate(DestinationSettings("cloudflare_custom_certificate", {{"zone_id", Fake::kZoneId}})).empty());
  EXPECT_TRUE(Spec().validate(DestinationSettings("cloudflare_custom_certificate")).empty());
  const auto problems = Spec().validate(DestinationSettings("cloudflare_custom_certificate", {{"zone_id", "example.com"}}));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().field, "zone_id");
}

class FakeCloudflareCertificatesJudged : public WithForeignPython {};

TEST_F(FakeCloudflareCertificatesJudged, CloudflaresOwnSdkIsServedAndRefusedAsByCloudflare) {
  Fake fake;
  const VendorHosts hosts(fake, {"api.cloudflare.com"});
  const BundleFiles first;
  const BundleFiles second;

  const std::string findings =
      RunJudge("cloudflare/judge_custom_certificate.py",
               {Fake::kZoneId, Fake::kToken, first.chain, first.key, second.chain, second.key}, hosts.environment());

  EXPECT_EQ(findings,
            "hosts: a.test\n"
            "shown as made: True\n"
            "bundle method: force\n"
            "listed: True\n"
            "twice: 400 1220\n"
            "foreign key: 400 2200\n"
            "same id: True\n"
            "newer: True\n"
            "stranger: 403 9109\n"
            "deleted: True\n"
            "gone: 404 1201\n");
  EXPECT_EQ(fake.size(), 0U);
}

}  // namespace
}  // namespace tests::cloudflare_custom_certificate

// SPDX-License-Identifier: MPL-2.0
#include "resources/sealed/payload.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/resources/test_context.h"
#include "tests/support/source_tree.h"
#include "tests/support/test_certificate.h"

namespace resources::sealed {
namespace {

TEST(CaHandle, KeepsHowToWaitForPropagation) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  CaPayload ca{};
  ca.propagation = {.nameservers = {"192.0.2.1"},
                    .resolvers = {"192.0.2.2:53"},
                    .timeout = std::chrono::minutes(7),
                    .wait_for = engine::dns::WaitFor::kMajority,
                    .delay = std::chrono::seconds(30),
                    .disable = true};

  const auto opened = OpenCa(sealer, *SealCa(sealer, ca));

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->propagation.nameservers, ca.propagation.nameservers);
  EXPECT_EQ(opened->propagation.resolvers, ca.propagation.resolvers);
  EXPECT_EQ(opened->propagation.timeout, ca.propagation.timeout);
  EXPECT_EQ(opened->propagation.wait_for, ca.propagation.wait_for);
  EXPECT_EQ(opened->propagation.delay, ca.propagation.delay);
  EXPECT_TRUE(opened->propagation.disable);
}

TEST(CertificateHandle, IsCompactAndKeepsItsText) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  const auto ca = tests::MakeTestCertificate({.common_name = "CA", .is_ca = true});
  const auto leaf = tests::MakeTestCertificate({.dns_names = {"a.test"}, .issuer = &ca});
  const CertificatePayload payload{
      .certificate_id = std::string(32, 'a'), .full_chain_pem = leaf.pem + ca.pem, .private_key_pem = leaf.key.ToPem()};

  const std::string handle = *SealCertificate(sealer, payload);

  // Base64 of DER is as long as PEM without its lines.
  EXPECT_LT(handle.size(), payload.full_chain_pem.size() + payload.private_key_pem.Reveal().size() + 150);
  EXPECT_EQ(ReadHandlePrefix(handle)->facts, std::string(32, 'a') + ".EC_P256");
  const auto opened = OpenCertificate(sealer, handle);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->certificate_id, payload.certificate_id);
  EXPECT_EQ(opened->full_chain_pem, payload.full_chain_pem);
  EXPECT_EQ(opened->private_key_pem, payload.private_key_pem);
}

TEST(CertificateHandle, KeepsTextThatIsNotPlainPem) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  const CertificatePayload payload{.certificate_id = "ab", .full_chain_pem = "# a comment", .private_key_pem = {}};

  const auto opened = OpenCertificate(sealer, *SealCertificate(sealer, payload));

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->full_chain_pem, "# a comment");
  EXPECT_TRUE(opened->private_key_pem.empty());
}

TEST(CertificateHandle, OfALaterPayloadVersionAsksForAnUpgrade) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});

  const auto opened = OpenCertificate(sealer, *sealer.Seal(handle_kind::kCertificate, base::Secret("\x02rest"), "ab.EC_P256"));

  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("upgrade the provider"), std::string::npos);
}

TEST(CertificateHandle, OfTheFirstFormatIsSealedAgain) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  const auto vector = nlohmann::json::parse(
      std::ifstream(testing_support::SourceRoot() / "tests/vectors/state/0.0.0/certwright_certificate.json"));
  const std::string former = vector.at("attributes").at("handle");
  ASSERT_TRUE(former.starts_with("cw1:"));

  const auto sealed = ResealCertificate(sealer, former);

  ASSERT_TRUE(sealed) << sealed.error().message;
  EXPECT_TRUE(sealed->starts_with("cw2:certificate:"));
  EXPECT_LT(sealed->size(), former.size());
  EXPECT_EQ(OpenCertificate(sealer, *sealed)->full_chain_pem, OpenCertificate(sealer, former)->full_chain_pem);
  EXPECT_EQ(OpenCertificate(sealer, *sealed)->certificate_id, OpenCertificate(sealer, former)->certificate_id);
}

TEST(ConnectionHandle, OfTheFirstFormatGetsThePresentNames) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  const auto vector = nlohmann::json::parse(
      std::ifstream(testing_support::SourceRoot() / "tests/vectors/state/0.0.0/certwright_app_connection_dns_made_easy.json"));

  const auto opened = OpenConnection(sealer, vector.at("attributes").at("handle").get<std::string>());

  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_NE(opened->settings.FindSecret("api_key"), nullptr);
}

TEST(SealCertificate, KeepsWhereTheCertificateMayBeDeployed) {
  const Sealer sealer = Sealer::Ready(tests::TestKey('a'), {});
  for (const AllowedDestinations& destinations :
       {AllowedDestinations(), AllowedDestinations(std::set<std::string>()), AllowedDestinations({"local_files", "vault_kv"})}) {
    const std::string handle = *SealCertificate(sealer, {.certificate_id = "id",
                                                         .full_chain_pem = "chain",
                                                         .private_key_pem = base::Secret("key"),
                                                         .destinations = destinations});
    const Sealer rotated = Sealer::Ready(tests::TestKey('b'), {tests::TestKey('a')});

    EXPECT_EQ(OpenCertificate(sealer, handle)->destinations, destinations);
    EXPECT_EQ(OpenCertificate(rotated, *ResealCertificate(rotated, handle))->destinations, destinations);
  }
}

}  // namespace
}  // namespace resources::sealed

// SPDX-License-Identifier: MPL-2.0
#include "base/crypto/csr.h"
#include "engine/acme/link.h"
#include "engine/acme/problem.h"
#include "tests/engine/acme/acme_fixture.h"
#include "tests/support/test_certificate.h"

namespace engine::acme {
namespace {

struct LinkCase {
  std::vector<std::string> headers;
  Names expected;
};

TEST(LinksOf, ReadsEveryForm) {
  const LinkCase cases[] = {
      {{"<https://ca.test/a>;rel=\"alternate\""}, {"https://ca.test/a"}},
      {{"<https://ca.test/dir>;rel=\"index\"", "<https://ca.test/a>; rel=alternate"}, {"https://ca.test/a"}},
      {{"<https://ca.test/dir>;rel=\"index\", <a>;rel=\"alternate\", </b>; title=\"x;y\"; rel=\"up Alternate\""},
       {"https://ca.test/cert/a", "https://ca.test/b"}},
      {{"<https://ca.test/a>", "rel=alternate", "<https://ca.test/a", "<https://ca.test/a>;rel", "<>;rel=\"alternative\""}, {}}};
  for (const LinkCase& one : cases) {
    base::http::Response response{200, {}, ""};
    for (const std::string& header : one.headers) response.headers.push_back({"Link", header});

    EXPECT_EQ(LinksOf(response, "alternate", "https://ca.test/cert/1"), one.expected) << one.headers.front();
  }
}

// Chains of the fake CA: its own root, and that root's key as certified by others.
class PreferredChainTest : public AcmeTest {
 protected:
  PreferredChainTest() : ca_key_(*base::crypto::ParsePrivateKey(base::Secret(server->ca().RootKeyPem()))) {
    for (const char* name : {"Root One", "Root Two"}) {
      const auto root = tests::MakeTestCertificate({.common_name = name, .is_ca = true});
      server->behaviour.alternate_roots.push_back(CertifiedBy(root) + root.pem);
    }
    trusted_roots = server->ca().root_pem();
  }
  std::string CertifiedBy(const tests::TestCertificate& root) const {
    return tests::MakeTestCertificate({.common_name = "Test Root", .is_ca = true, .issuer = &root, .key = ca_key_}).pem;
  }
  base::Result<Issued> IssueWith(const std::optional<PreferredChain>& preferred) {
    return Issue(Call(), client(), Registered(), {.dns_names = {"a.test"}, .key = key, .preferred_chain = preferred}, solver);
  }

 private:
  base::crypto::PrivateKey ca_key_;
};

TEST_F(PreferredChainTest, FetchesNoAlternateUnasked) {
  ASSERT_TRUE(IssueWith(std::nullopt));

  EXPECT_EQ(server->count(Kind::kCertificate), 1);
}

TEST_F(PreferredChainTest, FetchesNoAlternateWhenTheUsualChainFits) {
  const auto issued = IssueWith(PreferredChain{"Test Root", true});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(server->count(Kind::kCertificate), 1);
}

TEST_F(PreferredChainTest, IsFoundByTheNameOfAnIssuer) {
  const auto issued = IssueWith(PreferredChain{"Root Two", true});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.back().subject_common_name, "Root Two");
  EXPECT_EQ(issued->chain.size(), 3U);
  EXPECT_TRUE(issued->other_chains.empty());
}

TEST_F(PreferredChainTest, IsFoundByAFingerprintInAnyWriting) {
  const auto chain = base::crypto::ParseChain(server->behaviour.alternate_roots[0]);
  const std::string fingerprint = chain->back().fingerprint_sha256;
  std::string written;
  for (std::size_t i = 0; i < 64; i += 2) {
    written += fingerprint.substr(i, 2);
    if (i < 62) written += ':';
  }
  for (char& c : written) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;

  const auto issued = IssueWith(PreferredChain{written, true});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.back().subject_common_name, "Root One");
}

TEST_F(PreferredChainTest, IsTheUsualOneWhenItIsNotOffered) {
  const auto issued = IssueWith(PreferredChain{"No Such Root", false});

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.back().subject_common_name, "Test Root");
  EXPECT_EQ(issued->other_chains, (Names{"Test Root", "Root One", "Root Two"}));
}

TEST_F(PreferredChainTest, IsAnErrorWhenItIsNotOfferedAndStrict) {
  const auto issued = IssueWith(PreferredChain{"No Such Root", true});

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().blame, (base::Blame{kCertificateSubject, "preferred_chain"}));
  EXPECT_EQ(issued.error().message, "the CA offers no chain with No Such Root; its chains end at: Test Root, Root One, Root Two");
}

// Google Trust Services: leaf, WR1, GTS Root R1 certified by GlobalSign; alternate: leaf, WR1 (certbot#8577).
TEST_F(PreferredChainTest, IsTheOneWhoseTopTheNameIssued) {
  const auto global_root = tests::MakeTestCertificate({.common_name = "Old Root", .is_ca = true});
  server->behaviour.usual_roots = CertifiedBy(global_root);
  server->behaviour.alternate_roots = {""};
  trusted_roots += global_root.pem;

  const auto usual = IssueWith(std::nullopt);
  const auto preferred = IssueWith(PreferredChain{"Test Root", true});

  ASSERT_TRUE(usual && preferred);
  EXPECT_EQ(usual->chain.size(), 2U);
  EXPECT_EQ(preferred->chain.size(), 1U);
}

TEST_F(PreferredChainTest, IsTheOneWithTheNameNearestToTheTopUnlessStrict) {
  const auto old_root = tests::MakeTestCertificate({.common_name = "Old Root", .is_ca = true});
  server->behaviour.usual_roots = CertifiedBy(old_root);
  server->behaviour.alternate_roots.clear();

  const auto lax = IssueWith(PreferredChain{"Test Root", false});
  const auto strict = IssueWith(PreferredChain{"Test Root", true});

  ASSERT_TRUE(lax) << lax.error().message;
  EXPECT_TRUE(lax->other_chains.empty());
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().message, "the CA offers no chain with Test Root; its chains end at: Old Root");
}

TEST_F(PreferredChainTest, AnAlternateThatFailsIsLeftOutUnlessStrict) {
  const tests::AcmeFault broken{.at = Kind::kCertificate,
                                .what = What::kReply,
                                .reply = tests::ProblemReply(410, "malformed", "gone"),
                                .skip = 1,
                                .times = 1};
  server->Inject(broken);
  const auto lax = IssueWith(PreferredChain{"Root One", false});
  server->Inject(broken);
  const auto strict = IssueWith(PreferredChain{"Root One", true});

  ASSERT_TRUE(lax) << lax.error().message;
  EXPECT_EQ(lax->other_chains, (Names{"Test Root", "Root Two"}));
  EXPECT_FALSE(strict);
}

using ChainTrustTest = PreferredChainTest;

TEST_F(ChainTrustTest, AChainInWhichALinkIsMissingGivesWayToAnAlternate) {
  server->behaviour.usual_roots = tests::MakeTestCertificate({.common_name = "Test Root", .is_ca = true}).pem;
  server->behaviour.alternate_roots = {server->ca().root_pem()};

  const auto issued = IssueWith(std::nullopt);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.back().pem, server->ca().root_pem());
  EXPECT_EQ(server->count(Kind::kCertificate), 2);
}

TEST_F(ChainTrustTest, ChainsOfWhichNoneVerifiesAreAnErrorThatNamesThem) {
  const std::string stranger = tests::MakeTestCertificate({.common_name = "Stranger", .is_ca = true}).pem;
  server->behaviour.usual_roots = stranger;
  server->behaviour.alternate_roots = {stranger};

  const auto issued = IssueWith(std::nullopt);

  ASSERT_FALSE(issued);
  EXPECT_EQ(issued.error().message,
            "the CA's certificate chain is broken: no chain that it offers (ending at Stranger, Stranger) has each certificate "
            "issued by the next");
}

TEST_F(ChainTrustTest, AnAlternateToATrustedRootIsPreferredToAnUnknownOne) {
  const auto trusted = tests::MakeTestCertificate({.common_name = "Trusted Root", .is_ca = true});
  server->behaviour.usual_roots = server->ca().root_pem();
  server->behaviour.alternate_roots = {CertifiedBy(trusted)};
  trusted_roots = trusted.pem;

  const auto issued = IssueWith(std::nullopt);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.back().issuer_common_name, "Trusted Root");
  EXPECT_EQ(issued->unknown_root, "");
}

TEST_F(ChainTrustTest, ARootThatIsNotTrustedHereIsNamed) {
  trusted_roots.clear();

  const auto issued = IssueWith(std::nullopt);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->unknown_root, "Test Root");
}

class RequestTest : public AcmeTest {};

TEST_F(RequestTest, ASigningRequestMadeElsewhereIsSentAsItIs) {
  const auto der = base::crypto::MakeCsr(key, {.dns_names = {"a.test"}});
  base::crypto::Csr csr{.der = *der, .dns_names = {"a.test"}, .public_key_der = key.PublicKeyDer()};

  const auto issued = Issue(Call(), client(), Registered(), {.dns_names = {"a.test"}, .csr = csr}, solver);

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->chain.front().public_key_der, key.PublicKeyDer());
}

TEST_F(RequestTest, AWishForTheValidityIsSentInWholeSeconds) {
  const base::TimePoint end{std::chrono::seconds(1'767'400'000)};

  ASSERT_TRUE(Issue(Call(), client(), Registered(), {.dns_names = {"a.test"}, .key = key, .not_after = end}, solver));

  EXPECT_EQ(server->last_payload(Kind::kNewOrder)["notAfter"], "2026-01-03T00:26:40Z");
}

}  // namespace
}  // namespace engine::acme

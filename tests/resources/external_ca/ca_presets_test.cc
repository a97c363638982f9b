// SPDX-License-Identifier: MPL-2.0
#include "resources/external_ca/ca_presets.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/source_tree.h"

namespace resources::external_ca {
namespace {

TEST(FindCaPreset, KnowsACaByItsDirectory) {
  struct Case {
    const char* url;
    const char* name;
    bool needs_eab;
    bool has_key_change;
    bool ended;
  };
  const Case cases[] = {{"https://acme-v02.api.letsencrypt.org/directory", "Let's Encrypt", false, true, false},
                        {"https://acme.zerossl.com/v2/DV90", "ZeroSSL", true, false, false},
                        {"https://dv.acme-v02.api.pki.goog/directory", "Google Trust Services", true, true, false},
                        {"https://acme.ssl.com/sslcom-dv-ecc", "SSL.com", true, false, false},
                        {"https://acme.digicert.com/v2/acme/directory/?action=renew&orderId=1", "DigiCert", true, true, false},
                        {"https://acme.sectigo.com/v2/OV", "Sectigo", true, true, false},
                        {"https://api.buypass.com/acme/directory", "Buypass", false, true, true}};
  for (const Case& one : cases) {
    const CaPreset* preset = FindCaPreset(one.url);

    ASSERT_NE(preset, nullptr) << one.url;
    EXPECT_EQ(preset->name, one.name);
    EXPECT_EQ(preset->needs_eab, one.needs_eab) << one.url;
    EXPECT_EQ(preset->has_key_change, one.has_key_change) << one.url;
    EXPECT_EQ(!preset->ended.empty(), one.ended) << one.url;
  }
}

TEST(FindCaPreset, KnowsNothingOfOthers) {
  EXPECT_EQ(FindCaPreset("https://localhost:14000/dir"), nullptr);
  EXPECT_EQ(FindCaPreset("https://acme.zerossl.com.example.test/"), nullptr);
}

TEST(CaPresets, AreInTheGuide) {
  std::ifstream file(testing_support::SourceRoot() / "docs/guides/certificate-authorities.md");
  const std::string guide{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};

  for (const CaPreset& one : CaPresets()) EXPECT_NE(guide.find(one.prefix), std::string::npos) << one.prefix;
}

}  // namespace
}  // namespace resources::external_ca

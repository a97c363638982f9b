// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/name_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace engine::sync {
namespace {

using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

std::string Refusal(std::string_view schema) {
  const auto checked = CheckNameSchema(schema);
  if (checked) return "accepted";
  EXPECT_EQ(checked.error().kind, base::ErrorKind::kInvalid);
  return checked.error().message;
}

TEST(CheckNameSchema, TakesOneCertificateIdAmongAllowedCharacters) {
  for (const char* schema : {"{{certificateId}}", "web-{{certificateId}}", "Team_1/web-{{certificateId}}-x",
                             "{{commonName}}/{{shortCertificateId}}-{{certificateId}}", kDefaultNameSchema.data()}) {
    EXPECT_EQ(Refusal(schema), "accepted") << schema;
  }
}

TEST(CheckNameSchema, NamesTheOffendingCharacterAndItsPlace) {
  EXPECT_EQ(Refusal("web.{{certificateId}}"),
            "the name schema holds the character \".\" at position 4; only letters, digits, \"-\", \"_\" and \"/\" are allowed "
            "beside placeholders");
  EXPECT_THAT(Refusal("{{certificateId}} "), HasSubstr("the character \" \" at position 18"));
  EXPECT_THAT(Refusal("{{certificateId}}}"), HasSubstr("the character \"}\" at position 18"));
  EXPECT_THAT(Refusal("{certificateId}"), HasSubstr("the character \"{\" at position 1"));
  EXPECT_THAT(Refusal("a{{certificateId"), HasSubstr("the character \"{\" at position 2"));
}

TEST(CheckNameSchema, WantsTheCertificateIdExactlyOnce) {
  EXPECT_THAT(Refusal(""), HasSubstr("lacks {{certificateId}}"));
  EXPECT_THAT(Refusal("web"), HasSubstr("lacks {{certificateId}}"));
  EXPECT_THAT(Refusal("{{shortCertificateId}}"), HasSubstr("lacks {{certificateId}}"));
  EXPECT_THAT(Refusal("{{certificateId}}{{certificateId}}"), HasSubstr("more than once"));
}

TEST(CheckNameSchema, NamesAnUnknownPlaceholder) {
  EXPECT_EQ(Refusal("web-{{profileId}}-{{certificateId}}"),
            "the name schema has the unknown placeholder {{profileId}} at position 5; there are {{certificateId}}, "
            "{{shortCertificateId}} and {{commonName}}");
  EXPECT_THAT(Refusal("{{ certificateId }}"), HasSubstr("unknown placeholder {{ certificateId }}"));
  EXPECT_THAT(Refusal("{{CertificateId}}"), HasSubstr("unknown placeholder"));
}

TEST(CompileName, FillsThePlaceholders) {
  EXPECT_EQ(CompileName(kDefaultNameSchema, {.certificate_id = kId, .common_name = ""}),
            "Certwright-0123456789abcdef0123456789abcdef");
  EXPECT_EQ(CompileName("a/{{commonName}}_{{certificateId}}", {.certificate_id = kId, .common_name = "*.Example.test"}),
            "a/--Example-test_0123456789abcdef0123456789abcdef");
}

TEST(CompileName, LeavesNoSlashOfACommonName) {
  EXPECT_EQ(CompileName("{{commonName}}{{certificateId}}", {.certificate_id = "", .common_name = "../../etc"}), "------etc");
}

// python3 -c 'd="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"; n=int("0123456789abcdef"*2,16); s=""
// while n: s=d[n%62]+s; n//=62
// print(s.rjust(22,"0"))'
TEST(CompileName, WritesTheShortIdInBase62) {
  const auto short_id = [](std::string id) {
    return CompileName("{{shortCertificateId}}", {.certificate_id = std::move(id), .common_name = ""});
  };

  EXPECT_EQ(short_id(kId), "0296tiiBb3U904RIpygpjj");
  EXPECT_EQ(short_id("ffffffffffffffffffffffffffffffff"), "7n42DGM5Tflk9n8mt7Fhc7");
  EXPECT_EQ(short_id("00000000000000000000000000000000"), "0000000000000000000000");
  EXPECT_EQ(short_id("0000000000000000000000000000003d"), "000000000000000000000z");
}

}  // namespace
}  // namespace engine::sync

// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/ownership.h"

#include <gtest/gtest.h>

#include <array>

namespace engine::sync {
namespace {

constexpr std::array kFields{base::ConfigField{.name = "tags", .kind = base::FieldKind::kStringMap}};

Settings WithTags(base::SettingMap tags) { return {kFields, {{"tags", std::move(tags)}}}; }

TEST(Ownership, MarksWhatItMakesBesideTheTagsOfTheUser) {
  const Ownership ownership({.settings = WithTags({{"team", "web"}, {"empty", ""}, {"equation", "a=b"}}), .sync_id = "5c0e"});

  EXPECT_EQ(ownership.TagsFor("cafe"), (Tags{{"certwright:certificate-id", "cafe"},
                                             {"certwright:sync-id", "5c0e"},
                                             {"empty", ""},
                                             {"equation", "a=b"},
                                             {"team", "web"}}));
}

TEST(Ownership, OwnsWhatHasBothMarks) {
  const Ownership ownership({.sync_id = "5c0e"});

  EXPECT_TRUE(ownership.Owns({{"certwright:sync-id", "5c0e"}, {"certwright:certificate-id", "cafe"}}, "cafe"));
  EXPECT_FALSE(ownership.Owns({{"certwright:sync-id", "5c0e"}, {"certwright:certificate-id", "cafe"}}, "f00d"));
  EXPECT_FALSE(ownership.Owns({{"certwright:sync-id", "07e5"}, {"certwright:certificate-id", "cafe"}}, "cafe"));
  EXPECT_FALSE(ownership.Owns({{"certwright:certificate-id", "cafe"}}, "cafe"));
}

Tags MarksOf(const std::string& sync_id) { return {{std::string(kSyncTag), sync_id}, {std::string(kCertificateTag), "cafe"}}; }

TEST(Ownership, ReadsWhoseTheMarkIs) {
  const FindKinship find_kinship = [](std::string_view sync_id) {
    if (sync_id == "gone") return Kinship::kSameState;
    if (sync_id == "stays") return Kinship::kRival;
    if (sync_id == "new") return Kinship::kCreating;
    return sync_id == "killed" ? Kinship::kUnsaved : Kinship::kStranger;
  };
  Ownership ownership({.sync_id = "5c0e", .find_kinship = find_kinship});
  ASSERT_TRUE(ownership.Adopt("adopted", MarksOf("07e5"), Adoption::kMarked));

  EXPECT_EQ(ownership.ReadMark("a", {{"team", "web"}}, "cafe"), Mark::kNone);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("5c0e"), "cafe"), Mark::kOurs);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("5c0e"), "f00d"), Mark::kOurOther);
  EXPECT_EQ(ownership.ReadMark("adopted", MarksOf("07e5"), "cafe"), Mark::kAdopted);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("07e5"), "cafe"), Mark::kForeign);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("gone"), "cafe"), Mark::kSameState);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("stays"), "cafe"), Mark::kRival);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("killed"), "cafe"), Mark::kUnsaved);
  EXPECT_EQ(ownership.ReadMark("a", MarksOf("new"), "cafe"), Mark::kCreating);
  EXPECT_EQ(ownership.ReadOwnMark("a", MarksOf("gone"), "cafe"), Mark::kForeign);
}

TEST(OwnerText, NamesTheOwnerAndTheWayOut) {
  EXPECT_NE(OwnerText(Mark::kRival, "07e5").find("Another sync of this state (id 07e5)"), std::string::npos);
  EXPECT_NE(OwnerText(Mark::kForeign, "07e5").find("another sync (id 07e5)"), std::string::npos);
  EXPECT_NE(OwnerText(Mark::kForeign, "07e5").find("`adopt = true`"), std::string::npos);
  EXPECT_NE(OwnerText(Mark::kNone, "").find("`adopt = true`"), std::string::npos);
}

TEST(Ownership, AdoptsWithoutAMarkOnlyWhenItMay) {
  Ownership ownership({.sync_id = "5c0e"});

  const auto refused = ownership.Adopt("a", {}, Adoption::kMarked);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kConflict);
  EXPECT_EQ(*ownership.Adopt("a", {}, Adoption::kAny), "");
}

TEST(CheckTags, RefusesNamesAndPrefixesThatAreReserved) {
  constexpr std::array<std::string_view, 2> kReserved{"aws:", "Name"};

  for (const char* key : {"aws:x", "Name", "certwright:sync-id"}) {
    ASSERT_EQ(CheckTags(WithTags({{key, "x"}}), kReserved).size(), 1U) << key;
  }
  EXPECT_TRUE(CheckTags(WithTags({{"Namespace", "x"}, {"aws", "y"}}), kReserved).empty());
  EXPECT_TRUE(CheckTags(Settings(kFields), kReserved).empty());
}

TEST(MarkNames, MarksAreReadAndWrittenUnderTheVendorsNames) {
  const MarkNames names{.sync_id = "sync", .certificate_id = "certificate"};
  const Tags marks{{std::string(kSyncTag), "5c0e"}, {std::string(kCertificateTag), "0123"}};

  const Tags labels = WithMarks({{"sync", "old"}, {"team", "web"}}, marks, names);

  EXPECT_EQ(labels, (Tags{{"sync", "5c0e"}, {"certificate", "0123"}, {"team", "web"}}));
  EXPECT_EQ(MarksIn(labels, names), marks);
  EXPECT_TRUE(MarksIn(labels).empty());
}

}  // namespace
}  // namespace engine::sync

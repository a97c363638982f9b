// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/ownership.h"

#include <gtest/gtest.h>

#include <array>

namespace engine::sync {
namespace {

TEST(Ownership, MarksWhatItMakesBesideTheTagsOfTheUser) {
  const Ownership ownership("5c0e", {{"tags", "team=web\nempty=\nequation=a=b"}});

  EXPECT_EQ(ownership.TagsFor("cafe"), (Tags{{"certwright:certificate-id", "cafe"},
                                             {"certwright:sync-id", "5c0e"},
                                             {"empty", ""},
                                             {"equation", "a=b"},
                                             {"team", "web"}}));
}

TEST(Ownership, OwnsWhatHasBothMarks) {
  const Ownership ownership("5c0e", {});

  EXPECT_TRUE(ownership.Owns({{"certwright:sync-id", "5c0e"}, {"certwright:certificate-id", "cafe"}}, "cafe"));
  EXPECT_FALSE(ownership.Owns({{"certwright:sync-id", "5c0e"}, {"certwright:certificate-id", "cafe"}}, "f00d"));
  EXPECT_FALSE(ownership.Owns({{"certwright:sync-id", "07e5"}, {"certwright:certificate-id", "cafe"}}, "cafe"));
  EXPECT_FALSE(ownership.Owns({{"certwright:certificate-id", "cafe"}}, "cafe"));
}

TEST(Ownership, WhatAnotherSyncMadeIsOthersUntilItIsAdopted) {
  Ownership ownership("5c0e", {});
  const Tags theirs = {{"certwright:sync-id", "07e5"}, {"certwright:certificate-id", "cafe"}};
  EXPECT_FALSE(ownership.IsOthers("a", {})) << "a lost mark is no other sync's";
  EXPECT_FALSE(ownership.IsOthers("a", ownership.TagsFor("cafe")));
  EXPECT_TRUE(ownership.IsOthers("a", theirs));

  const auto certificate_id = ownership.Adopt("a", theirs, Adoption::kMarked);

  ASSERT_TRUE(certificate_id);
  EXPECT_EQ(*certificate_id, "cafe");
  EXPECT_FALSE(ownership.IsOthers("a", theirs));
  EXPECT_TRUE(ownership.IsOthers("b", theirs));
}

TEST(Ownership, AdoptsWithoutAMarkOnlyWhenItMay) {
  Ownership ownership("5c0e", {});

  const auto refused = ownership.Adopt("a", {}, Adoption::kMarked);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kConflict);
  EXPECT_EQ(*ownership.Adopt("a", {}, Adoption::kAny), "");
}

TEST(CheckTags, RefusesNamesAndPrefixesThatAreReserved) {
  constexpr std::array<std::string_view, 2> kReserved{"aws:", "Name"};

  for (const char* tags : {"aws:x=1", "Name=x", "certwright:sync-id=x"}) {
    ASSERT_EQ(CheckTags({{"tags", tags}}, kReserved).size(), 1U) << tags;
  }
  EXPECT_TRUE(CheckTags({{"tags", "Namespace=x\naws=y"}}, kReserved).empty());
  EXPECT_TRUE(CheckTags({}, kReserved).empty());
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

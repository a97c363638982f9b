// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/parts.h"

#include <gtest/gtest.h>

namespace engine::sync {
namespace {

TEST(DescribeDrift, SaysNothingWhenNothingDiffers) {
  EXPECT_EQ(DescribeDrift({{"chain", "a"}, {"tags", "complete"}}, {{"chain", "a"}, {"tags", "complete"}}), "");
}

TEST(DescribeDrift, NamesWhatDiffersAndWhatIsMissing) {
  const Parts known{{"private key", "a"}, {"permissions of web.key", "0600"}, {"file web.crt", "c"}, {"tags", "complete"}};

  EXPECT_EQ(DescribeDrift(known, {{"private key", "b"}, {"permissions of web.key", "0644"}, {"file web.crt", "c"}}),
            "the permissions of web.key differ; the private key differs; the tags are missing");
  EXPECT_EQ(DescribeDrift({{"file web.crt", "c"}}, {}), "the file web.crt is missing");
}

TEST(DescribeDrift, IgnoresWhatWasNotRecorded) {
  EXPECT_EQ(DescribeDrift({{"chain", "a"}}, {{"chain", "a"}, {"tags", "complete"}}), "");
  EXPECT_EQ(DescribeDrift({}, {{"chain", "a"}}), "");
}

TEST(PartDigest, IsHalfOfASha256) { EXPECT_EQ(PartDigest("abc"), "ba7816bf8f01cfea414140de5dae2223"); }

}  // namespace
}  // namespace engine::sync

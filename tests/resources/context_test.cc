// SPDX-License-Identifier: MPL-2.0
#include "resources/context.h"

#include <gtest/gtest.h>

#include "engine/dns/shared_records.h"
#include "engine/dns/zone_batcher.h"
#include "engine/vendors/aws/session.h"

namespace resources {
namespace {

using engine::dns::SharedRecords;
using engine::dns::ZoneBatcher;
using engine::vendors::aws::SharedAwsSession;
using engine::vendors::aws::auth::AwsSettings;

Context MakeContext() { return Context{.sealer = sealed::Sealer::Missing(), .acme = nullptr, .http = nullptr}; }

TEST(Context, ItsCopiesShareWhatTheirCallsUse) {
  const Context context = MakeContext();
  const Context copy = context;

  EXPECT_EQ(context.deps().shared->Get<ZoneBatcher>(), copy.deps().shared->Get<ZoneBatcher>());
  EXPECT_EQ(context.deps().shared->Get<SharedRecords>(), copy.deps().shared->Get<SharedRecords>());
}

TEST(Context, TwoOfThemShareNothing) {
  const AwsSettings settings{
      .access_key_id = "AKIAIOSFODNN7EXAMPLE", .secret_access_key = base::Secret("x"), .region = "eu-west-1"};
  const Context one = MakeContext();
  const Context other = MakeContext();

  EXPECT_NE(one.deps().shared->Get<ZoneBatcher>(), other.deps().shared->Get<ZoneBatcher>());
  EXPECT_NE(one.deps().shared->Get<SharedRecords>(), other.deps().shared->Get<SharedRecords>());
  EXPECT_NE(SharedAwsSession(settings, one.deps()), SharedAwsSession(settings, other.deps()));
}

}  // namespace
}  // namespace resources

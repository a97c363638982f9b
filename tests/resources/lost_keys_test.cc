// SPDX-License-Identifier: MPL-2.0
#include "resources/lost_keys.h"

#include <gtest/gtest.h>

#include "engine/vendors/catalog.h"
#include "resources/app_connection/app_connection.h"
#include "tests/resources/test_context.h"
#include "tests/support/fake_core.h"

namespace resources {
namespace {

using schema::cty::Type;
using schema::cty::Value;

const Value& Absence() {
  static const Value none = Value::Null(Type::Object({{"handle", Type::String()}}));
  return none;
}

Value Holding(const std::string& handle) { return Value::Object({{"handle", Value::String(handle)}}); }

struct KeylessContext : tests::TestContext {
  KeylessContext() { context.sealer = sealed::Sealer::Missing(); }
};

TEST(HasSealingKey, AsksForTheKeyThatSealedTheState) {
  const KeylessContext parts;
  schema::Diagnostics diagnostics;

  EXPECT_FALSE(HasSealingKey(parts.context, Holding("cw2:ca::0a1b2c3d:AAAA"), diagnostics));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  const std::string& detail = diagnostics.items().front().detail;
  EXPECT_NE(detail.find("0a1b2c3d"), std::string::npos) << detail;
  EXPECT_NE(detail.find("-refresh=false"), std::string::npos) << detail;
  EXPECT_EQ(detail.find("openssl"), std::string::npos) << "a new key cannot open what is there: " << detail;
}

TEST(HasSealingKey, SaysHowANewStateGetsOne) {
  const KeylessContext parts;
  schema::Diagnostics diagnostics;

  EXPECT_FALSE(HasSealingKey(parts.context, Absence(), diagnostics));

  ASSERT_EQ(diagnostics.items().size(), 1U);
  EXPECT_NE(diagnostics.items().front().detail.find("openssl rand -base64 32"), std::string::npos);
}

TEST(HasSealingKey, SaysItOncePerKey) {
  const KeylessContext parts;
  schema::Diagnostics diagnostics;

  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(HasSealingKey(parts.context, Holding("cw2:ca::0a1b2c3d:AAAA"), diagnostics));
    EXPECT_FALSE(HasSealingKey(parts.context, Holding("cw1:ca:00000000:AAAA"), diagnostics));
  }

  EXPECT_EQ(diagnostics.items().size(), 2U);
}

TEST(IsAbandoned, OnlyWhatNoKeyOpensAndOnlyWhenToldSo) {
  tests::TestContext parts;
  const auto seal = [](char key) {
    schema::Field<base::Secret> handle;
    return handle = base::Secret(*sealed::Sealer::Ready(tests::TestKey(key), {}).Seal("ca", base::Secret("x")));
  };
  const auto own = seal('a');
  const auto lost = seal('z');

  EXPECT_FALSE(IsAbandoned(parts.context, lost));
  parts.context.abandon_unreadable_handles = true;
  EXPECT_TRUE(IsAbandoned(parts.context, lost));
  EXPECT_FALSE(IsAbandoned(parts.context, own));
  EXPECT_FALSE(IsAbandoned(parts.context, {}));
}

// A secret that only the state had is gone with the key: the plan asks for it.
TEST(AbandonedConnection, IsSealedAgainFromTheConfiguration) {
  tests::TestContext parts;
  const auto resource = app_connection::MakeAppConnection(*engine::vendors::FindConnection("powerdns"));
  tests::FakeCore core(*resource, parts.context, parts.clock);
  const Value config = core.Config(
      {{"endpoint_url", Value::String("http://localhost:1")}, {"api_key", Value::String("k")}, {"validate", Value::Bool(false)}});
  ASSERT_FALSE(core.Apply(config).has_failed());
  const Value id = core.state().Get("id");
  parts.context.sealer = sealed::Sealer::Ready(tests::TestKey('b'), {});
  parts.context.abandon_unreadable_handles = true;

  const auto incomplete = core.Plan(config.With("api_key", Value::Null(Type::String())));
  const auto outcome = core.Apply(config);

  EXPECT_NE(incomplete.ToText().find("error at api_key"), std::string::npos) << incomplete.ToText();
  EXPECT_FALSE(outcome.has_failed()) << outcome.ToText();
  EXPECT_TRUE(outcome.violations.empty()) << outcome.ToText();
  EXPECT_EQ(core.state().Get("id"), id);
}

}  // namespace
}  // namespace resources

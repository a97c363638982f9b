// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/service.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/provider/service_harness.h"
#include "tests/support/log_capture.h"

namespace tests {
namespace {

using schema::cty::Value;

// The same for equal messages, whatever order their maps have.
std::string BytesOf(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream output(&stream);
  output.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&output);
  output.Trim();
  return bytes;
}

// Tells when a call has begun to wait, and lets it be ended by its stop token only.
class WaitingClock final : public base::Clock {
 public:
  base::TimePoint Now() const override { return base::RealClock().Now(); }
  base::SteadyTime SteadyNow() const override { return base::RealClock().SteadyNow(); }
  bool SleepUntil(base::SteadyTime when, const std::stop_token& stop) override {
    waiting.set_value();
    return base::RealClock().SleepUntil(when, stop);
  }
  std::promise<void> waiting;
};

// Waits until the test says so, whatever the stop token says.
class DeafClock final : public base::Clock {
 public:
  base::TimePoint Now() const override { return base::RealClock().Now(); }
  base::SteadyTime SteadyNow() const override { return base::RealClock().SteadyNow(); }
  bool SleepUntil(base::SteadyTime, const std::stop_token&) override {
    waiting.set_value();
    over.get_future().wait();
    return true;
  }
  std::promise<void> waiting;
  std::promise<void> over;
};

TEST(GetProviderSchema, DescribesProviderAndResources) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::GetProviderSchema);

  EXPECT_TRUE(reply.server_capabilities().plan_destroy());
  EXPECT_TRUE(reply.server_capabilities().get_provider_schema_optional());
  EXPECT_TRUE(reply.server_capabilities().move_resource_state());
  EXPECT_EQ(reply.provider().block().attributes(0).name(), "region");
  ASSERT_EQ(reply.resource_schemas().count("trial_thing"), 1U);
  const pb::Schema& thing = reply.resource_schemas().at("trial_thing");
  EXPECT_EQ(thing.version(), 2);
  EXPECT_EQ(thing.block().attributes(0).type(), "\"string\"");
  EXPECT_TRUE(thing.block().attributes(0).required());
  EXPECT_TRUE(thing.block().attributes(2).write_only());
  EXPECT_TRUE(thing.block().attributes(2).sensitive());
  EXPECT_EQ(thing.block().attributes(3).nested_type().nesting(), pb::Schema::Object::LIST);
  EXPECT_EQ(thing.block().attributes(3).type(), "");
  EXPECT_TRUE(reply.data_source_schemas().at("trial_answer").block().attributes(0).required());
  EXPECT_TRUE(reply.ephemeral_resource_schemas().at("trial_answer").block().attributes(1).computed());
  EXPECT_EQ(reply.functions().at("reverse").parameters(0).type(), "\"string\"");
}

TEST(GetProviderSchema, AnswersTheSameTwice) {
  ServiceHarness harness;

  const auto first = harness.Call(&rpc::GetProviderSchema);

  EXPECT_EQ(BytesOf(first), BytesOf(harness.Call(&rpc::GetProviderSchema)));
}

TEST(GetMetadata, ListsWhatTheSchemaHas) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::GetMetadata);

  ASSERT_EQ(reply.resources_size(), 1);
  EXPECT_EQ(reply.resources(0).name(), "trial_thing");
  ASSERT_EQ(reply.data_sources_size(), 1);
  EXPECT_EQ(reply.data_sources(0).name(), "trial_answer");
  ASSERT_EQ(reply.ephemeral_resources_size(), 1);
  EXPECT_EQ(reply.ephemeral_resources(0).name(), "trial_answer");
  ASSERT_EQ(reply.functions_size(), 1);
  EXPECT_EQ(reply.functions(0).name(), "reverse");
  EXPECT_TRUE(reply.server_capabilities().get_provider_schema_optional());
}

TEST(ConfigureProvider, TellsErrorsAtTheirPath) {
  ServiceHarness harness;
  pb::ConfigureProvider::Request request;
  *request.mutable_config() = Wire(Value::ObjectOf(TrialProviderSchema().ImpliedType(), {{"region", Value::String("bad")}}));

  const auto reply = harness.Call(&rpc::ConfigureProvider, request);

  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_EQ(reply.diagnostics(0).attribute().steps(0).attribute_name(), "region");
}

TEST(StopProvider, EndsACallThatWaitsAndKeepsItsState) {
  WaitingClock clock;
  ServiceHarness harness(clock);
  harness.Configure();
  auto applied = std::async(std::launch::async,
                            [&] { return harness.Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("blocks"))); });
  clock.waiting.get_future().wait();

  EXPECT_EQ(harness.Call(&rpc::StopProvider).error(), "");

  const auto reply = applied.get();
  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_EQ(reply.diagnostics(0).summary(), "Interrupted");
  EXPECT_EQ(FromWire(reply.new_state()).Get("id").AsString(), "1");
  EXPECT_EQ(reply.private_(), "planned+c");
}

TEST(StopProvider, LastsUntilTheNextConfiguration) {
  WaitingClock clock;
  ServiceHarness harness(clock);
  harness.Configure();
  harness.Call(&rpc::StopProvider);
  const auto stopped = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("blocks")));
  EXPECT_EQ(stopped.diagnostics_size(), 1);

  harness.Configure();

  auto applied = std::async(std::launch::async,
                            [&] { return harness.Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("blocks"))); });
  clock.waiting.get_future().wait();  // it waits: nobody told the new configuration to stop
  EXPECT_TRUE(harness.service().StopAndWait(std::chrono::seconds(20)));
  EXPECT_EQ(applied.get().diagnostics_size(), 1);
}

TEST(StopAndWait, TellsWhenACallDoesNotEnd) {
  DeafClock clock;
  ServiceHarness harness(clock);
  harness.Configure();
  auto applied = std::async(std::launch::async,
                            [&] { return harness.Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("blocks"))); });
  clock.waiting.get_future().wait();

  EXPECT_FALSE(harness.service().StopAndWait(std::chrono::milliseconds(0)));

  clock.over.set_value();
  applied.wait();
  EXPECT_TRUE(harness.service().StopAndWait(std::chrono::milliseconds(0)));
}

TEST(Answer, LogsEachCallWithItsResourceAndNoValue) {
  const auto sink = std::make_shared<LogCapture>();
  ServiceHarness harness(base::RealClock(), base::Log(sink));
  harness.Configure();

  harness.Call(
      &rpc::ApplyResourceChange,
      ApplyRequest(NoThing(), Thing({{"name", Value::String("canary-name")}, {"secret", Value::String("canary-secret")}})));

  EXPECT_NE(sink->text().find("call answered request_id=2 rpc=ApplyResourceChange resource=trial_thing took="), std::string::npos)
      << sink->text();
  EXPECT_EQ(sink->text().find("canary"), std::string::npos) << sink->text();
}

TEST(Answer, TellsExceptionsAsDiagnostics) {
  ServiceHarness harness;
  harness.Configure();
  pb::ValidateResourceConfig::Request request;
  request.set_type_name("trial_thing");
  *request.mutable_config() = Wire(Named("throws"));

  const auto reply = harness.Call(&rpc::ValidateResourceConfig, request);

  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_EQ(reply.diagnostics(0).detail(),
            "ValidateResourceConfig failed unexpectedly: the trial was told to throw. This is a bug in the provider; please "
            "report it.");
}

}  // namespace
}  // namespace tests

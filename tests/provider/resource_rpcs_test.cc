// SPDX-License-Identifier: MPL-2.0
// The RPCs of a resource's life, each with success and what can go wrong.
#include <gtest/gtest.h>

#include "tests/provider/service_harness.h"

namespace tests {
namespace {

using schema::cty::Value;

ServiceHarness& Configured() {
  static ServiceHarness harness;
  harness.Configure();
  return harness;
}

template <typename Request>
Request Of(const std::string& type_name = "trial_thing") {
  Request request;
  request.set_type_name(type_name);
  return request;
}

TEST(ValidateResourceConfig, TellsErrorsAtTheirPathInValidUtf8) {
  auto request = Of<pb::ValidateResourceConfig::Request>();
  *request.mutable_config() = Wire(Named("invalid"));

  const auto reply = Configured().Call(&rpc::ValidateResourceConfig, request);

  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_EQ(reply.diagnostics(0).detail(), "Not ? this one.");
  EXPECT_EQ(reply.diagnostics(0).attribute().steps(0).attribute_name(), "name");
}

TEST(ValidateResourceConfig, AsksForANewerClientWhenAWriteOnlyAttributeIsSet) {
  const Value part =
      Value::ObjectOf(TrialType().Find("parts")->element(), {{"token", Value::Unknown(schema::cty::Type::String())}});
  auto request = Of<pb::ValidateResourceConfig::Request>();
  *request.mutable_config() =
      Wire(Thing({{"name", Value::String("x")}, {"secret", Value::String("s")}, {"parts", Value::List(part.type(), {part})}}));

  const auto old_client = Configured().Call(&rpc::ValidateResourceConfig, request);
  request.mutable_client_capabilities()->set_write_only_attributes_allowed(true);
  const auto new_client = Configured().Call(&rpc::ValidateResourceConfig, request);

  ASSERT_EQ(old_client.diagnostics_size(), 2);
  EXPECT_EQ(old_client.diagnostics(0).summary(), "Write-only attributes need Terraform 1.11 or OpenTofu 1.11");
  // One step into the expression, as Terraform before 1.16 finds it; the text has the whole path.
  ASSERT_EQ(old_client.diagnostics(1).attribute().steps_size(), 2);
  EXPECT_EQ(old_client.diagnostics(1).attribute().steps(1).element_key_int(), 0);
  EXPECT_NE(old_client.diagnostics(1).detail().find("parts[0].token"), std::string::npos);
  EXPECT_EQ(new_client.diagnostics_size(), 0);
}

TEST(UpgradeResourceState, ReadsStoredStateOfThisAndOlderVersions) {
  auto request = Of<pb::UpgradeResourceState::Request>();
  request.set_version(1);
  request.mutable_raw_state()->set_json(R"({"name":"x","size":3,"gone":true,"secret":null})");

  const auto reply = Configured().Call(&rpc::UpgradeResourceState, request);

  EXPECT_EQ(Summaries(reply), "");
  EXPECT_EQ(FromWire(reply.upgraded_state()), Thing({{"name", Value::String("x")}, {"size", Value::Number(3)}}));
}

TEST(UpgradeResourceState, TakesTheStepsOfTheResource) {
  auto renamed = Of<pb::UpgradeResourceState::Request>();
  renamed.mutable_raw_state()->set_json(R"({"title":"x","size":3})");
  auto nameless = Of<pb::UpgradeResourceState::Request>();
  nameless.mutable_raw_state()->set_json(R"({"size":3})");

  const auto reply = Configured().Call(&rpc::UpgradeResourceState, renamed);

  EXPECT_EQ(FromWire(reply.upgraded_state()), Thing({{"name", Value::String("x")}, {"size", Value::Number(3)}}));
  EXPECT_EQ(Summaries(Configured().Call(&rpc::UpgradeResourceState, nameless)), "Cannot read the stored state of a trial_thing;");
}

TEST(UpgradeResourceState, RefusesNewerAndBrokenState) {
  auto newer = Of<pb::UpgradeResourceState::Request>();
  newer.set_version(3);
  newer.mutable_raw_state()->set_json("{}");
  auto broken = Of<pb::UpgradeResourceState::Request>();
  broken.mutable_raw_state()->set_json("{\"name\":");
  auto flat = Of<pb::UpgradeResourceState::Request>();
  (*flat.mutable_raw_state()->mutable_flatmap())["name"] = "x";

  EXPECT_EQ(Summaries(Configured().Call(&rpc::UpgradeResourceState, newer)), "Cannot read the stored state of a trial_thing;");
  EXPECT_EQ(Summaries(Configured().Call(&rpc::UpgradeResourceState, broken)), "Cannot read the stored state of a trial_thing;");
  EXPECT_EQ(Summaries(Configured().Call(&rpc::UpgradeResourceState, flat)), "Cannot read the stored state of a trial_thing;");
}

TEST(ReadResource, KeepsStateAndPrivateData) {
  auto request = Of<pb::ReadResource::Request>();
  *request.mutable_current_state() = Wire(Named("x"));
  request.set_private_("p");

  const auto reply = Configured().Call(&rpc::ReadResource, request);

  EXPECT_EQ(FromWire(reply.new_state()), Named("x"));
  EXPECT_EQ(reply.private_(), "p+r");
}

TEST(ReadResource, TellsThatAnObjectIsGone) {
  auto request = Of<pb::ReadResource::Request>();
  *request.mutable_current_state() = Wire(Named("gone"));

  EXPECT_TRUE(FromWire(Configured().Call(&rpc::ReadResource, request).new_state()).is_null());
}

pb::PlanResourceChange::Request PlanRequest(const Value& prior, const Value& config) {
  auto request = Of<pb::PlanResourceChange::Request>();
  *request.mutable_prior_state() = Wire(prior);
  *request.mutable_config() = Wire(config);
  *request.mutable_proposed_new_state() = Wire(config);
  request.set_prior_private("p");
  return request;
}

TEST(PlanResourceChange, MarksComputedValuesUnknownOnCreate) {
  const auto reply = Configured().Call(&rpc::PlanResourceChange, PlanRequest(NoThing(), Named("x")));

  EXPECT_EQ(Summaries(reply), "");
  EXPECT_TRUE(FromWire(reply.planned_state()).Get("id").is_unknown());
  EXPECT_EQ(reply.planned_private(), "p+p");
}

// Protocol 6.11: private data of a first plan is what marks the second one.
TEST(PlanResourceChange, AFirstPlanNeverLeavesItsPrivateDataEmpty) {
  auto request = PlanRequest(NoThing(), Named("keeps nothing"));
  const auto of_old_client = Configured().Call(&rpc::PlanResourceChange, request);
  request.mutable_client_capabilities()->set_store_planned_private(true);
  const auto of_new_client = Configured().Call(&rpc::PlanResourceChange, request);

  EXPECT_EQ(of_old_client.planned_private(), "");
  EXPECT_EQ(of_new_client.planned_private(), "{}");
}

TEST(PlanResourceChange, NamesWhatNeedsReplacement) {
  const Value prior = Named("x").With("id", Value::String("1"));

  const auto reply = Configured().Call(&rpc::PlanResourceChange, PlanRequest(prior, Named("y")));

  ASSERT_EQ(reply.requires_replace_size(), 1);
  EXPECT_EQ(reply.requires_replace(0).steps(0).attribute_name(), "name");
}

TEST(PlanResourceChange, NeverLetsAWriteOnlyValueOut) {
  const Value config = Named("leaky").With("secret", Value::String("canary"));

  const auto reply = Configured().Call(&rpc::PlanResourceChange, PlanRequest(NoThing(), config));

  EXPECT_TRUE(FromWire(reply.planned_state()).Get("secret").is_null());
  EXPECT_EQ(reply.SerializeAsString().find("canary"), std::string::npos);
}

TEST(PlanResourceChange, PlansADestroyAsNull) {
  auto request = PlanRequest(Named("x"), NoThing());

  EXPECT_TRUE(FromWire(Configured().Call(&rpc::PlanResourceChange, request).planned_state()).is_null());
}

TEST(ApplyResourceChange, CreatesUpdatesAndDeletes) {
  ServiceHarness& harness = Configured();

  const auto created = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("x")));
  const auto updated = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(Named("x"), Named("y")));
  const auto deleted = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(Named("x"), NoThing()));

  EXPECT_EQ(FromWire(created.new_state()).Get("id").AsString(), "1");
  EXPECT_EQ(created.private_(), "planned+c");
  EXPECT_EQ(FromWire(updated.new_state()), Named("y"));
  EXPECT_EQ(updated.private_(), "planned+u");
  EXPECT_TRUE(FromWire(deleted.new_state()).is_null());
  EXPECT_EQ(deleted.diagnostics_size(), 0);
}

TEST(ApplyResourceChange, KeepsTheStateThatAFailedCreateHandsOver) {
  const auto reply = Configured().Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("fails")));

  EXPECT_EQ(Summaries(reply), "Failed;");
  EXPECT_EQ(FromWire(reply.new_state()).Get("id").AsString(), "1");
}

TEST(ApplyResourceChange, SavesNothingWhenAFailedCreateLeftNothing) {
  const auto reply = Configured().Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), Named("fails-bare")));

  EXPECT_TRUE(FromWire(reply.new_state()).is_null());
}

TEST(ApplyResourceChange, KeepsThePriorStateAndPrivateDataWhenAChangeFailsBare) {
  ServiceHarness& harness = Configured();

  const auto update = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(Named("x"), Named("fails-bare")));
  const auto destroy = harness.Call(&rpc::ApplyResourceChange, ApplyRequest(Named("missing"), NoThing()));

  EXPECT_EQ(FromWire(update.new_state()), Named("x"));
  EXPECT_EQ(update.private_(), "planned");
  EXPECT_EQ(FromWire(destroy.new_state()), Named("missing"));
  EXPECT_EQ(destroy.private_(), "planned");
}

TEST(ApplyResourceChange, KeepsThePriorStateAndPrivateDataOfAResourceThatThrows) {
  const auto reply = Configured().Call(&rpc::ApplyResourceChange, ApplyRequest(Named("x"), Named("throws")));

  EXPECT_EQ(Summaries(reply), "Internal error in the provider;");
  EXPECT_EQ(FromWire(reply.new_state()), Named("x"));
  EXPECT_EQ(reply.private_(), "planned");
}

TEST(ApplyResourceChange, DropsWriteOnlyValues) {
  const Value planned = Named("x").With("secret", Value::String("canary"));

  const auto reply = Configured().Call(&rpc::ApplyResourceChange, ApplyRequest(NoThing(), planned));

  EXPECT_TRUE(FromWire(reply.new_state()).Get("secret").is_null());
}

TEST(ImportResourceState, GivesTheObject) {
  auto request = Of<pb::ImportResourceState::Request>();
  request.set_id("7");

  const auto reply = Configured().Call(&rpc::ImportResourceState, request);

  ASSERT_EQ(reply.imported_resources_size(), 1);
  EXPECT_EQ(reply.imported_resources(0).type_name(), "trial_thing");
  EXPECT_EQ(FromWire(reply.imported_resources(0).state()).Get("id").AsString(), "7");
  EXPECT_EQ(reply.imported_resources(0).private_(), "+i");
}

TEST(ImportResourceState, TellsThatThereIsNothing) {
  auto request = Of<pb::ImportResourceState::Request>();
  request.set_id("missing");

  const auto reply = Configured().Call(&rpc::ImportResourceState, request);

  EXPECT_EQ(Summaries(reply), "Nothing to import;");
  EXPECT_EQ(reply.imported_resources_size(), 0);
}

TEST(UndecodableValues, AreDiagnostics) {
  ServiceHarness& harness = Configured();
  pb::DynamicValue garbage;
  garbage.set_msgpack("\xc1garbage");
  auto validate = Of<pb::ValidateResourceConfig::Request>();
  *validate.mutable_config() = garbage;
  auto read = Of<pb::ReadResource::Request>();
  *read.mutable_current_state() = garbage;
  auto plan = PlanRequest(NoThing(), Named("x"));
  *plan.mutable_config() = garbage;
  auto apply = ApplyRequest(Named("x"), Named("y"));
  *apply.mutable_planned_state() = garbage;
  pb::ConfigureProvider::Request configure;
  *configure.mutable_config() = garbage;

  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateResourceConfig, validate)), "Cannot read the configuration;");
  EXPECT_EQ(Summaries(harness.Call(&rpc::ReadResource, read)), "Cannot read the state;");
  EXPECT_EQ(Summaries(harness.Call(&rpc::PlanResourceChange, plan)), "Cannot read the configuration;");
  const auto applied = harness.Call(&rpc::ApplyResourceChange, apply);
  EXPECT_EQ(Summaries(applied), "Cannot read the planned state;");
  EXPECT_EQ(FromWire(applied.new_state()), Named("x"));
  EXPECT_EQ(Summaries(harness.Call(&rpc::ConfigureProvider, configure)), "Cannot read the provider's configuration;");
}

TEST(UnknownResourceTypes, AreDiagnostics) {
  ServiceHarness& harness = Configured();
  auto apply = ApplyRequest(Named("x"), Named("y"));
  apply.set_type_name("other");

  const std::string expected = "Unknown resource type;";
  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateResourceConfig, Of<pb::ValidateResourceConfig::Request>("other"))), expected);
  EXPECT_EQ(Summaries(harness.Call(&rpc::UpgradeResourceState, Of<pb::UpgradeResourceState::Request>("other"))), expected);
  EXPECT_EQ(Summaries(harness.Call(&rpc::ReadResource, Of<pb::ReadResource::Request>("other"))), expected);
  EXPECT_EQ(Summaries(harness.Call(&rpc::PlanResourceChange, Of<pb::PlanResourceChange::Request>("other"))), expected);
  EXPECT_EQ(Summaries(harness.Call(&rpc::ImportResourceState, Of<pb::ImportResourceState::Request>("other"))), expected);
  const auto applied = harness.Call(&rpc::ApplyResourceChange, apply);
  EXPECT_EQ(Summaries(applied), expected);
  EXPECT_EQ(applied.private_(), "planned");
}

TEST(UnconfiguredProvider, RefusesToWork) {
  ServiceHarness harness;
  auto read = Of<pb::ReadResource::Request>();
  *read.mutable_current_state() = Wire(Named("x"));

  EXPECT_EQ(Summaries(harness.Call(&rpc::ReadResource, read)), "Provider not configured;");
}

}  // namespace
}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// The RPCs of data sources, ephemeral resources, functions and moves, each with success and what can go wrong.
#include <gtest/gtest.h>

#include "tests/provider/service_harness.h"

namespace tests {
namespace {

using schema::cty::Type;
using schema::cty::Value;

template <typename Request>
Request Asking(const char* question, const char* type_name = "trial_answer") {
  Request request;
  request.set_type_name(type_name);
  *request.mutable_config() =
      Wire(Value::ObjectOf(TrialSources().front()->schema().ImpliedType(), {{"question", Value::String(question)}}));
  return request;
}

std::string Answer(const pb::DynamicValue& wire) {
  const auto value = schema::cty::FromMsgpack(wire.msgpack(), TrialSources().front()->schema().ImpliedType());
  return value && value->is_known() ? value->Get("answer").AsString() : "nothing";
}

TEST(ReadDataSource, Answers) {
  ServiceHarness harness;
  harness.Configure();

  const auto reply = harness.Call(&rpc::ReadDataSource, Asking<pb::ReadDataSource::Request>("why"));

  EXPECT_EQ(Summaries(reply), "");
  EXPECT_EQ(Answer(reply.state()), "re: why");
}

TEST(ReadDataSource, TellsErrorsAndReturnsNothing) {
  ServiceHarness harness;
  const auto ask = [&](const char* question, const char* type_name = "trial_answer") {
    return harness.Call(&rpc::ReadDataSource, Asking<pb::ReadDataSource::Request>(question, type_name));
  };

  EXPECT_EQ(Summaries(ask("why")), "Provider not configured;");
  harness.Configure();
  EXPECT_EQ(Summaries(ask("why", "x")), "Unknown data source;");
  const auto reply = ask("unanswerable");
  EXPECT_EQ(Summaries(reply), "No answer;");
  EXPECT_EQ(reply.state().msgpack(), "");
}

TEST(ValidateDataResourceConfig, RunsTheValidators) {
  ServiceHarness harness;
  using Request = pb::ValidateDataResourceConfig::Request;

  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateDataResourceConfig, Asking<Request>("why"))), "");
  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateDataResourceConfig, Asking<Request>("bad"))), "Bad question;");
  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateDataResourceConfig, Asking<Request>("why", "x"))), "Unknown data source;");
}

TEST(EphemeralResources, AreValidatedOpenedAndClosed) {
  ServiceHarness harness;
  harness.Configure();
  pb::RenewEphemeralResource::Request renew;
  renew.set_type_name("trial_answer");
  pb::CloseEphemeralResource::Request close;
  close.set_type_name("trial_answer");
  using Validate = pb::ValidateEphemeralResourceConfig::Request;

  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateEphemeralResourceConfig, Asking<Validate>("why"))), "");
  EXPECT_EQ(Summaries(harness.Call(&rpc::ValidateEphemeralResourceConfig, Asking<Validate>("bad"))), "Bad question;");
  const auto opened = harness.Call(&rpc::OpenEphemeralResource, Asking<pb::OpenEphemeralResource::Request>("why"));
  EXPECT_EQ(Summaries(opened), "");
  EXPECT_EQ(Answer(opened.result()), "re: why");
  EXPECT_FALSE(opened.has_renew_at());
  EXPECT_EQ(Summaries(harness.Call(&rpc::RenewEphemeralResource, renew)), "");
  EXPECT_EQ(Summaries(harness.Call(&rpc::CloseEphemeralResource, close)), "");
}

TEST(EphemeralResources, TellErrorsAndReturnNothing) {
  ServiceHarness harness;
  harness.Configure();
  using Open = pb::OpenEphemeralResource::Request;

  const auto failed = harness.Call(&rpc::OpenEphemeralResource, Asking<Open>("unanswerable"));
  EXPECT_EQ(Summaries(failed), "No answer;");
  EXPECT_FALSE(failed.has_result());
  EXPECT_EQ(Summaries(harness.Call(&rpc::OpenEphemeralResource, Asking<Open>("why", "x"))), "Unknown ephemeral resource;");
}

pb::CallFunction::Request Reversing(const char* text) {
  pb::CallFunction::Request request;
  request.set_name("reverse");
  *request.add_arguments() = Wire(Value::String(text));
  return request;
}

TEST(CallFunction, RunsUnconfigured) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::CallFunction, Reversing("abc"));

  EXPECT_FALSE(reply.has_error()) << reply.error().text();
  EXPECT_EQ(schema::cty::FromMsgpack(reply.result().msgpack(), Type::String())->AsString(), "cba");
}

TEST(CallFunction, BlamesTheArgument) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::CallFunction, Reversing(""));

  EXPECT_NE(reply.error().text().find("There is nothing to reverse"), std::string::npos) << reply.error().text();
  EXPECT_EQ(reply.error().function_argument(), 0);
  EXPECT_TRUE(reply.error().has_function_argument());
}

TEST(CallFunction, RefusesUnknownNamesAndOtherArguments) {
  ServiceHarness harness;
  pb::CallFunction::Request unknown;
  unknown.set_name("x");
  pb::CallFunction::Request two = Reversing("a");
  *two.add_arguments() = Wire(Value::String("b"));
  pb::CallFunction::Request number;
  number.set_name("reverse");
  *number.add_arguments() = Wire(Value::Bool(true));

  EXPECT_EQ(harness.Call(&rpc::CallFunction, unknown).error().text(),
            "Unknown function: This version of the provider has no function \"x\".");
  EXPECT_EQ(harness.Call(&rpc::CallFunction, two).error().text(), "Wrong number of arguments: reverse takes 1.");
  EXPECT_TRUE(harness.Call(&rpc::CallFunction, number).has_error());
}

TEST(GetFunctions, DescribesThem) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::GetFunctions);

  ASSERT_EQ(reply.functions().count("reverse"), 1U);
  EXPECT_EQ(reply.functions().at("reverse").return_().type(), "\"string\"");
}

pb::MoveResourceState::Request Moving(const char* source_type) {
  pb::MoveResourceState::Request request;
  request.set_source_provider_address("registry.terraform.io/vancluever/acme");
  request.set_source_type_name(source_type);
  request.set_target_type_name("trial_thing");
  request.mutable_source_state()->set_json("{}");
  return request;
}

TEST(MoveResourceState, RunsUnconfiguredAndHandsOverPrivateData) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::MoveResourceState, Moving("other_thing"));

  EXPECT_EQ(Summaries(reply), "");
  EXPECT_EQ(FromWire(reply.target_state()), Named("{}"));
  EXPECT_EQ(reply.target_private(), "+m");
}

TEST(MoveResourceState, NamesSourceAndTargetOfWhatItCannotMove) {
  ServiceHarness harness;

  const auto reply = harness.Call(&rpc::MoveResourceState, Moving("acme_certificate"));

  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_NE(
      reply.diagnostics(0).detail().find("acme_certificate of registry.terraform.io/vancluever/acme cannot become a trial_thing"),
      std::string::npos);
}

}  // namespace
}  // namespace tests

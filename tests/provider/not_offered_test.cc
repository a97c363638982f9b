// SPDX-License-Identifier: MPL-2.0
#include <gtest/gtest.h>

#include "tests/provider/service_harness.h"

namespace tests {
namespace {

using provider::rpc::Service;

// The only diagnostic's text of a call for a thing of the name "x".
template <typename Request, typename Reply>
std::string Refusal(grpc::Status (Service::*rpc)(grpc::ServerContext*, const Request*, Reply*)) {
  ServiceHarness harness;
  Request request;
  request.set_type_name("x");
  const Reply reply = harness.Call(rpc, request);
  return reply.diagnostics_size() == 1 ? reply.diagnostics(0).detail() : "not one diagnostic";
}

TEST(DataSources, AreUnknown) {
  const std::string expected = "This version of the provider has no data source of the name \"x\".";
  EXPECT_EQ(Refusal(&Service::ValidateDataResourceConfig), expected);
  EXPECT_EQ(Refusal(&Service::ReadDataSource), expected);
}

TEST(EphemeralResources, AreUnknown) {
  const std::string expected = "This version of the provider has no ephemeral resource of the name \"x\".";
  EXPECT_EQ(Refusal(&Service::ValidateEphemeralResourceConfig), expected);
  EXPECT_EQ(Refusal(&Service::OpenEphemeralResource), expected);
  EXPECT_EQ(Refusal(&Service::RenewEphemeralResource), expected);
  EXPECT_EQ(Refusal(&Service::CloseEphemeralResource), expected);
}

TEST(Functions, AreNone) {
  ServiceHarness harness;
  pb::CallFunction::Request request;
  request.set_name("x");

  EXPECT_EQ(harness.Call(&Service::GetFunctions).ByteSizeLong(), 0U);
  EXPECT_EQ(harness.Call(&Service::CallFunction, request).error().text(),
            "Unknown function: This version of the provider has no function of the name \"x\".");
}

TEST(MoveResourceState, NamesSourceAndTarget) {
  ServiceHarness harness;
  pb::MoveResourceState::Request request;
  request.set_source_provider_address("registry.terraform.io/vancluever/acme");
  request.set_source_type_name("acme_certificate");
  request.set_target_type_name("trial_thing");

  const auto reply = harness.Call(&Service::MoveResourceState, request);

  ASSERT_EQ(reply.diagnostics_size(), 1);
  EXPECT_NE(
      reply.diagnostics(0).detail().find("acme_certificate of registry.terraform.io/vancluever/acme cannot become a trial_thing"),
      std::string::npos);
}

}  // namespace
}  // namespace tests

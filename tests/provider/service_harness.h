// SPDX-License-Identifier: MPL-2.0
// Calls the RPC service in this process, without a server.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "provider/rpc/handlers.h"
#include "provider/rpc/service.h"
#include "schema/cty/msgpack.h"
#include "schema/cty/value.h"
#include "tests/provider/trial_resource.h"

namespace tests {

namespace pb = ::tfplugin6;
namespace rpc = provider::rpc;

inline schema::cty::Type TrialType() { return TrialCatalog().front()->schema().ImpliedType(); }

// An object of the trial resource; what is not given is null.
inline schema::cty::Value Thing(schema::cty::Value::Members members) {
  return schema::cty::Value::ObjectOf(TrialType(), std::move(members));
}
inline schema::cty::Value Named(std::string name) { return Thing({{"name", schema::cty::Value::String(std::move(name))}}); }
inline schema::cty::Value NoThing() { return schema::cty::Value::Null(TrialType()); }

inline pb::DynamicValue Wire(const schema::cty::Value& value) {
  pb::DynamicValue wire;
  wire.set_msgpack(schema::cty::ToMsgpack(value));
  return wire;
}
// Of a reply's diagnostics, each followed by ";".
template <typename Reply>
std::string Summaries(const Reply& reply) {
  std::string all;
  for (const auto& one : reply.diagnostics()) all += one.summary() + ";";
  return all;
}
// The trial's object in a reply; null and a test failure when there is none.
inline schema::cty::Value FromWire(const pb::DynamicValue& wire) {
  auto value = schema::cty::FromMsgpack(wire.msgpack(), TrialType());
  EXPECT_TRUE(value.ok()) << testing::PrintToString(wire.msgpack());
  return value ? *value : NoThing();
}

inline pb::ApplyResourceChange::Request ApplyRequest(const schema::cty::Value& prior, const schema::cty::Value& planned) {
  pb::ApplyResourceChange::Request request;
  request.set_type_name("trial_thing");
  *request.mutable_prior_state() = Wire(prior);
  *request.mutable_planned_state() = Wire(planned);
  *request.mutable_config() = Wire(planned);
  request.set_planned_private("planned");
  return request;
}

class ServiceHarness {
 public:
  explicit ServiceHarness(base::Clock& clock = base::RealClock(), const base::Log& log = {}) : service_(TrialParts(clock, log)) {}

  // `rpc`: as in &provider::rpc::ReadResource.
  template <typename Request, typename Reply>
  Reply Call(provider::rpc::Handler<Request, Reply> rpc, const Request& request = {}) {
    Reply reply;
    EXPECT_TRUE(Answer(rpc, request, reply).ok());
    return reply;
  }

  void Configure() {
    pb::ConfigureProvider::Request request;
    *request.mutable_config() = Wire(schema::cty::Value::ObjectOf(TrialProviderSchema().ImpliedType(), {}));
    EXPECT_EQ(Call(&rpc::ConfigureProvider, request).diagnostics_size(), 0);
  }

  provider::rpc::Service& service() { return service_; }

 private:
  template <typename Request, typename Reply>
  grpc::Status Answer(provider::rpc::Handler<Request, Reply> rpc, const Request& request, Reply& reply) {
#define CERTWRIGHT_RPC(name, message)                                                 \
  if constexpr (std::is_same_v<decltype(rpc), decltype(&provider::rpc::name)>) {      \
    if (rpc == &provider::rpc::name) return service_.name(nullptr, &request, &reply); \
  }
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC
    return {grpc::StatusCode::UNIMPLEMENTED, "not in rpcs.def"};
  }

  provider::rpc::Service service_;
};

}  // namespace tests

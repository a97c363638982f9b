// SPDX-License-Identifier: MPL-2.0
// What gRPC 1.51 registers at start, for a process that is a server and never a client: gRPC's own list
// (src/core/plugin_registry/grpc_plugin_registry.cc, which the linker leaves out because of this one) without name resolvers,
// load balancing, proxies and xDS. The linker then leaves those out as well, some 2.9 MB. The order is gRPC's.
namespace grpc_core {
class CoreConfiguration {
 public:
  class Builder;
};
}  // namespace grpc_core

namespace grpc_event_engine::experimental {
void RegisterEventEngineChannelArgPreconditioning(grpc_core::CoreConfiguration::Builder*);
}

namespace grpc_core {

void SecurityRegisterHandshakerFactories(CoreConfiguration::Builder*);
void RegisterChannelIdleFilters(CoreConfiguration::Builder*);
void RegisterHttpFilters(CoreConfiguration::Builder*);
void RegisterDeadlineFilter(CoreConfiguration::Builder*);
void RegisterMessageSizeFilter(CoreConfiguration::Builder*);
void RegisterResourceQuota(CoreConfiguration::Builder*);
void RegisterSecurityFilters(CoreConfiguration::Builder*);
void RegisterBuiltins(CoreConfiguration::Builder*);
void BuildCoreConfiguration(CoreConfiguration::Builder* builder);

void BuildCoreConfiguration(CoreConfiguration::Builder* builder) {
  grpc_event_engine::experimental::RegisterEventEngineChannelArgPreconditioning(builder);
  SecurityRegisterHandshakerFactories(builder);
  RegisterChannelIdleFilters(builder);
  RegisterHttpFilters(builder);
  RegisterDeadlineFilter(builder);
  RegisterMessageSizeFilter(builder);
  RegisterResourceQuota(builder);
  RegisterSecurityFilters(builder);
  RegisterBuiltins(builder);
}

}  // namespace grpc_core

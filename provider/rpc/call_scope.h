// SPDX-License-Identifier: MPL-2.0
// CallScope: what one RPC runs in, and Answer, the only prologue of all RPCs: an id for the log, the stop token, a deadline,
// timing, and exceptions of foreign code turned into diagnostics. An RPC never fails as such: Terraform would forget the private
// data.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "provider/proto/tfplugin6.pb.h"
#include "provider/rpc/provider_session.h"
#include "provider/rpc/resource_table.h"
#include "provider/rpc/service_parts.h"
#include "provider/rpc/to_proto.h"

namespace provider::rpc {

namespace pb = ::tfplugin6;

// What the calls of one service share. Outlives every call.
struct Shared {
  explicit Shared(ServiceParts given)
      : parts(std::move(given)), table(parts.resources), data_sources(parts.data_sources), ephemerals(parts.ephemerals) {}

  const ServiceParts parts;
  const Table<resources::Resource> table;
  const Table<resources::Source> data_sources;
  const Table<resources::Source> ephemerals;
  ProviderSession session;
  std::atomic<std::uint64_t> calls{0};
  std::once_flag schema_once;
  pb::GetProviderSchema::Response schema_reply;  // made by the first GetProviderSchema
};

struct CallScope {
  Shared& shared;
  base::Call call;
  std::shared_ptr<const resources::Context> context;  // null before ConfigureProvider; shared with the session

  CallScope(Shared& all, std::string_view rpc, std::string_view resource);
};

schema::Diagnostics UnexpectedFailure(const CallScope& scope, std::string_view rpc, std::string_view what);
// "summary: detail" of the first.
std::string FirstText(const schema::Diagnostics& diagnostics);

// Puts diagnostics where the reply has room for them; two replies have room for one text only.
template <typename Reply>
void Tell(const schema::Diagnostics& diagnostics, Reply& reply) {
  if constexpr (requires { reply.mutable_diagnostics(); }) {
    AppendDiagnostics(diagnostics, *reply.mutable_diagnostics());
  } else if (!diagnostics.empty()) {
    const std::string text = FirstText(diagnostics);
    if constexpr (requires { reply.set_error(text); }) {
      reply.set_error(text);
    } else {
      reply.mutable_error()->set_text(text);
    }
  }
}

template <typename Request>
std::string_view TypeNameOf(const Request& request) {
  if constexpr (requires { request.type_name(); }) {
    return request.type_name();
  } else {
    return {};
  }
}

// How each RPC is written: it fills the reply and returns what the user is to read.
template <typename Request, typename Reply>
using Handler = schema::Diagnostics (*)(const CallScope&, const Request&, Reply&);

// Runs the handler and logs how long it took. What the handler wrote into the reply before an exception stays in it.
template <typename Request, typename Reply>
void Answer(Shared& shared, std::string_view rpc, Handler<Request, Reply> handler, const Request& request, Reply& reply) {
  const ProviderSession::Visit visit(shared.session);
  const CallScope scope(shared, rpc, TypeNameOf(request));
  const base::SteadyTime begin = scope.call.SteadyNow();
  try {
    Tell(handler(scope, request, reply), reply);
  } catch (const std::exception& failure) {
    Tell(UnexpectedFailure(scope, rpc, failure.what()), reply);
  } catch (...) {
    Tell(UnexpectedFailure(scope, rpc, "an exception of unknown type"), reply);
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(scope.call.SteadyNow() - begin);
  scope.call.log.Debug("call answered", {{base::key::kTook, took}});
}

}  // namespace provider::rpc

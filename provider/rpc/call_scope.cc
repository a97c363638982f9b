// SPDX-License-Identifier: MPL-2.0
#include "provider/rpc/call_scope.h"

#include "base/text.h"

namespace provider::rpc {
namespace {

// Longer than anything that a resource allows itself: a call that nobody bounded ends all the same.
constexpr std::chrono::minutes kLongestCall{30};

}  // namespace

CallScope::CallScope(Shared& all, std::string_view rpc, std::string_view resource) : shared(all) {
  Configuration present = all.session.Present();
  context = std::move(present.context);
  base::Log log = all.parts.log.With({{base::key::kRequestId, ++all.calls}, {base::key::kRpc, rpc}});
  if (!resource.empty()) log = log.With({{base::key::kResource, resource}});
  base::Clock* clock = all.parts.clock;
  call = base::Call{.clock = clock,
                    .deadline = base::Deadline::In(*clock, kLongestCall),
                    .stop = std::move(present.stop),
                    .log = std::move(log)};
}

schema::Diagnostics UnexpectedFailure(const CallScope& scope, std::string_view rpc, std::string_view what) {
  scope.call.log.Error("call failed unexpectedly", {{base::key::kError, what}});
  schema::Diagnostics diagnostics;
  diagnostics.Error("Internal error in the provider",
                    base::Cat(rpc, " failed unexpectedly: ", what, ". This is a bug in the provider; please report it."));
  return diagnostics;
}

std::string FirstText(const schema::Diagnostics& diagnostics) {
  const schema::Diagnostic& first = diagnostics.items().front();
  return base::ReplaceInvalidUtf8(base::Cat(first.summary, ": ", first.detail));
}

}  // namespace provider::rpc

// SPDX-License-Identifier: MPL-2.0
// StopProvider: the first Ctrl-C. Answers at once; the calls under way end by their stop token.
#include "provider/rpc/handlers.h"

namespace provider::rpc {

schema::Diagnostics StopProvider(const CallScope& scope, const pb::StopProvider::Request&, pb::StopProvider::Response&) {
  scope.call.log.Info("told to stop");
  scope.shared.session.Stop();
  return {};
}

}  // namespace provider::rpc

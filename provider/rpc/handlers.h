// SPDX-License-Identifier: MPL-2.0
// One function for each RPC: look up, convert, call, convert back. None fails: what went wrong is what it returns. Each is
// defined in the file of its name, or of what it is about (functions.cc).
#pragma once

#include "provider/proto/tfplugin6.pb.h"
#include "provider/rpc/call_scope.h"

namespace provider::rpc {

#define CERTWRIGHT_RPC(name, message) \
  schema::Diagnostics name(const CallScope&, const pb::message::Request&, pb::message::Response&);
#include "provider/rpc/rpcs.def"
#undef CERTWRIGHT_RPC

}  // namespace provider::rpc

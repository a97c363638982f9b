// SPDX-License-Identifier: MPL-2.0
// The Kubernetes API (https://kubernetes.io/docs/reference/using-api/api-concepts/).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/connections/token_cache.h"
#include "engine/connections/user_program.h"
#include "engine/vendors/kubernetes/kubeconfig.h"

namespace engine::vendors::kubernetes {

// What an error was met while doing.
constexpr std::string_view kGettingKubernetesToken = "getting a token for Kubernetes";

// Safe from many threads. A token from a program is asked for once.
class KubernetesApi {
 public:
  // `allow_exec`: whether the program of `access` may be run. `environment`: of that program, besides what `access` sets for it.
  KubernetesApi(std::shared_ptr<base::http::Transport> transport, KubeAccess access, connections::ProgramEnvironment environment,
                bool allow_exec, connections::HoldsSealingKey holds_sealing_key);

  // `path` begins with a slash. `body`: null for none; a PATCH is a server-side apply. Everything may be sent again after a lost
  // answer. Errors by the server's status, with its own message; error.code is its reason, such as "Conflict".
  base::Result<base::Json> Send(const base::Call& call, std::string_view method, std::string_view path,
                                const base::Json& body = {});

 private:
  base::Result<base::Secret> GetToken(const base::Call& call);
  base::Result<base::Secret> RunProgram(const base::Call& call) const;

  const std::shared_ptr<base::http::Transport> transport_;  // shared: either the process's, or one for a private CA alone
  const KubeAccess access_;
  const connections::ProgramEnvironment environment_;
  const bool allow_exec_;
  const connections::HoldsSealingKey holds_sealing_key_;
  connections::TokenCache<base::Secret> printed_token_;
};

}  // namespace engine::vendors::kubernetes

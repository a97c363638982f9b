// SPDX-License-Identifier: MPL-2.0
// The Kubernetes API (https://kubernetes.io/docs/reference/using-api/api-concepts/).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/kubernetes/kubeconfig.h"

namespace base::cloud {

// What an error was met while doing.
constexpr std::string_view kGettingKubernetesToken = "getting a token for Kubernetes";

// Safe from many threads. A token from a program is asked for once.
class KubernetesApi {
 public:
  // `allow_exec`: whether the program of `access` may be run.
  KubernetesApi(std::shared_ptr<http::Transport> transport, KubeAccess access, bool allow_exec);

  // `path` begins with a slash. `body`: null for none; a PATCH is a server-side apply. Everything may be sent again after a lost
  // answer. Errors by the server's status, with its own message; error.code is its reason, such as "Conflict".
  Result<Json> Send(const Call& call, std::string_view method, std::string_view path, const Json& body = {});

 private:
  Result<Secret> GetToken(const Call& call);
  Result<Secret> RunProgram(const Call& call) const;

  const std::shared_ptr<http::Transport> transport_;  // shared: either the process's, or one for a private CA alone
  const KubeAccess access_;
  const bool allow_exec_;
  std::mutex mutex_;
  std::optional<Secret> printed_token_;  // guarded by mutex_
};

}  // namespace base::cloud

// SPDX-License-Identifier: MPL-2.0
// How a Kubernetes cluster is reached and as whom: a kubeconfig file
// (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1), or what a pod finds in itself.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/http/request.h"
#include "base/result.h"
#include "base/secret.h"

namespace engine::vendors::kubernetes {

// A program that prints a token (a "client-go credential plugin"), such as `aws eks get-token`.
struct KubeProgram {
  std::vector<std::string> arguments;  // the first is the program
  std::map<std::string, std::string> environment;
  std::string api_version;
  bool wants_cluster = false;  // provideClusterInfo
};

struct KubeAccess {
  std::string server;  // without a final slash
  std::string ca_pem;
  std::string client_certificate_pem;
  base::Secret client_key_pem;
  base::Secret token;
  std::string token_file;
  KubeProgram program;
  std::vector<base::http::Header> impersonation;  // who is acted as
};

// The access of `context`, or of the file's current-context when that is empty. Files that it names are read here, but for
// `tokenFile`; relative paths start at `folder`. Errors: kInvalid (also for what is left out: no verification, another name in
// the certificate, proxies, passwords), kNotFound (a context, a file), with what is wrong, never with values.
base::Result<KubeAccess> ParseKubeconfig(std::string_view text, std::string_view context, const std::string& folder);

// The file that kubectl would use: what KUBECONFIG names, else ~/.kube/config. Errors: kInvalid, KUBECONFIG names several.
base::Result<std::string> FindKubeconfigPath(const base::EnvironmentReader& environment = base::Environment);

// What the pod that this runs in may do. Errors: kNotFound (this is no pod).
base::Result<KubeAccess> FindInClusterAccess(const base::EnvironmentReader& environment = base::Environment);

}  // namespace engine::vendors::kubernetes

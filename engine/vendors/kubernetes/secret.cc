// SPDX-License-Identifier: MPL-2.0
// kubernetes_secret: each certificate is a Secret of type kubernetes.io/tls.
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/vendors/kubernetes/connection.h"
#include "engine/vendors/kubernetes/names.h"
#include "engine/vendors/kubernetes/secret_store.h"
#include "engine/vendors/kubernetes/vendor.h"

namespace engine::vendors::kubernetes {
namespace {

using base::Cat;
using base::Result;
using sync::DestinationSpec;
using sync::Settings;
using sync::Setup;

constexpr std::array kDestinationFields{
    base::ConfigField{
        .name = "namespace", .required = true, .doc = "The namespace of the Secrets; it has to exist.", .identity = true},
    base::ConfigField{
        .name = "labels", .kind = base::FieldKind::kStringMap, .doc = "Labels of the Secrets, besides Certwright's own."},
    base::ConfigField{.name = "annotations", .kind = base::FieldKind::kStringMap, .doc = "Annotations of the Secrets."},
};

std::string KeyProblem(const std::string& key) {
  if (!IsLabelKey(key)) return Cat("\"", base::Printable(key, 80), "\" is no key of Kubernetes, such as \"example.com/team\".");
  const bool is_own = key == kManagedBy || key.starts_with("certwright/");
  return is_own ? Cat("\"", key, "\" is not yours to set: leave it out.") : std::string();
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  if (settings.Has("namespace") && !IsNamespaceName(settings.Text("namespace"))) {
    problems.push_back({"namespace", "A namespace is made of lower-case letters, digits and dashes, at most 63."});
  }
  for (const auto& [key, value] : settings.Map("labels")) {
    std::string problem = KeyProblem(key);
    if (problem.empty() && !IsLabelValue(value)) {
      problem = Cat("The value of \"", key, "\" may hold letters, digits, \"-\", \"_\" and \".\", at most 63 characters.");
    }
    if (!problem.empty()) problems.push_back({"labels", std::move(problem)});
  }
  for (const auto& [key, value] : settings.Map("annotations")) {
    if (std::string problem = KeyProblem(key); !problem.empty()) problems.push_back({"annotations", std::move(problem)});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  if (IsSecretName(name)) return {};
  return Cat("\"", base::Printable(name, 80),
             "\" is not a valid name of a Secret. Use lowercase letters, digits, and dashes, such as "
             "\"certwright-{{certificateId}}\".");
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  auto api = ShareKubernetesApi(*setup.connection, setup.deps);
  if (!api) return std::move(api).error();
  SecretOptions options{.name_space = std::string(setup.settings.Text("namespace")),
                        .labels = setup.settings.Map("labels"),
                        .annotations = setup.settings.Map("annotations"),
                        .sync_id = setup.sync_id};
  auto store = MakeSecretStore(*std::move(api), *setup.connection, std::move(options));
  return sync::MakeStoredObjectDestination(std::move(store), setup);
}

}  // namespace

constexpr DestinationSpec kSecret{
    .kind = "kubernetes_secret",
    .title = "Kubernetes (TLS Secret)",
    .doc =
        "Keeps each certificate as a Secret of type `kubernetes.io/tls` by server-side apply, as the field manager `certwright`: "
        "fields "
        "of others in the same Secret stay. A renewal goes into the same Secret; Secrets of others are never touched.",
    .connection = "kubernetes",
    .fields = kDestinationFields,
    .default_name_schema = "certwright-{{certificateId}}",
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByName; },
    .has_versions = true,
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::kubernetes

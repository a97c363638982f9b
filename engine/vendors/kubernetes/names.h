// SPDX-License-Identifier: MPL-2.0
// What Kubernetes accepts as names, labels and annotations.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
#pragma once

#include <string_view>

namespace engine::vendors::kubernetes {

bool IsSecretName(std::string_view text);     // a DNS subdomain
bool IsNamespaceName(std::string_view text);  // a DNS label
// With or without a prefix: "team", "example.com/team". Also of annotations.
bool IsLabelKey(std::string_view text);
bool IsLabelValue(std::string_view text);

}  // namespace engine::vendors::kubernetes

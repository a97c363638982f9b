// SPDX-License-Identifier: MPL-2.0
#include "resources/catalog.h"

#include <algorithm>

#include "engine/connections/catalog.h"
#include "resources/app_connection.h"
#include "resources/certificate.h"
#include "resources/certificate_sync.h"
#include "resources/external_ca_acme.h"

namespace resources {
namespace {

std::vector<std::unique_ptr<Resource>> MakeCatalog() {
  std::vector<std::unique_ptr<Resource>> catalog;
#define RESOURCE(name) catalog.push_back(Make##name());
#include "resources/resources.def"
#undef RESOURCE
  for (const auto& spec : engine::connections::Connections()) catalog.push_back(MakeAppConnection(spec));
  std::sort(catalog.begin(), catalog.end(), [](const auto& a, const auto& b) { return a->type_name() < b->type_name(); });
  return catalog;
}

}  // namespace

const std::vector<std::unique_ptr<Resource>>& Catalog() {
  static const std::vector<std::unique_ptr<Resource>> catalog = MakeCatalog();
  return catalog;
}

const Resource* FindResource(std::string_view type_name) {
  const auto& catalog = Catalog();
  const auto found = std::lower_bound(catalog.begin(), catalog.end(), type_name,
                                      [](const auto& one, std::string_view name) { return one->type_name() < name; });
  return found != catalog.end() && (*found)->type_name() == type_name ? found->get() : nullptr;
}

}  // namespace resources

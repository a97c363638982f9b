// SPDX-License-Identifier: MPL-2.0
#include "resources/catalog.h"

#include <algorithm>

#include "engine/vendors/catalog.h"
#include "resources/app_connection/app_connection.h"
#include "resources/certificate/bundle.h"
#include "resources/certificate/certificate.h"
#include "resources/certificate_profile/certificate_profile.h"
#include "resources/certificate_sync/certificate_sync.h"
#include "resources/decode_certificate_function.h"
#include "resources/external_ca/acme.h"
#include "resources/external_ca/dns_persist.h"
#include "resources/handle_data_source.h"
#include "resources/profile_allows_function.h"

namespace resources {
namespace {

std::vector<std::unique_ptr<Resource>> MakeCatalog() {
  std::vector<std::unique_ptr<Resource>> catalog;
  catalog.push_back(external_ca::MakeExternalCaAcme());
  catalog.push_back(certificate::MakeCertificate());
  catalog.push_back(certificate_profile::MakeCertificateProfile());
  catalog.push_back(certificate_sync::MakeCertificateSync());
  for (const auto& spec : engine::vendors::Connections()) catalog.push_back(app_connection::MakeAppConnection(spec));
  std::sort(catalog.begin(), catalog.end(), [](const auto& a, const auto& b) { return a->type_name() < b->type_name(); });
  return catalog;
}

std::vector<std::unique_ptr<Source>> One(std::unique_ptr<Source> source) {
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(source));
  return sources;
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

std::span<const std::unique_ptr<Source>> DataSources() {
  static const auto sources = One(MakeHandleFacts());
  return sources;
}

std::span<const std::unique_ptr<Source>> EphemeralResources() {
  static const auto sources = One(certificate::MakeCertificateBundle());
  return sources;
}

std::span<const Function> Functions() {
  static const std::vector<Function> functions = {DecodeCertificate(), external_ca::DnsPersistRecord(), ProfileAllows()};
  return functions;
}

}  // namespace resources

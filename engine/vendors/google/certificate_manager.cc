// SPDX-License-Identifier: MPL-2.0
// Google Cloud Certificate Manager: each certificate under one name, and in an entry of a certificate map.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/vendors/google/certificate_manager_store.h"
#include "engine/vendors/google/connection.h"
#include "engine/vendors/google/vendor.h"

namespace engine::vendors::google {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::Result;
using sync::DestinationSpec;
using sync::Settings;
using sync::Setup;

constexpr std::string_view kUrl = "https://certificatemanager.googleapis.com";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxLabels = 62;  // of 64, beside our own

constexpr std::array kDestinationFields{
    base::ConfigField{.name = "project", .doc = "The project. The connection's if not set.", .identity = true},
    base::ConfigField{.name = "location",
                      .default_value = "global",
                      .doc = "`global`, or a region for regional load balancers.",
                      .identity = true},
    base::ConfigField{.name = "scope",
                      .default_value = "DEFAULT",
                      .one_of = "DEFAULT|EDGE_CACHE|ALL_REGIONS|CLIENT_AUTH",
                      .doc = "What the certificates are for; Google lets it be chosen once, when a certificate is made."},
    base::ConfigField{
        .name = "labels", .kind = base::FieldKind::kStringMap, .doc = "Labels of the certificates, besides Certwright's own."},
    base::ConfigField{
        .name = "certificate_map",
        .doc = "Name of the certificate map in which an entry serves the certificates. If omitted, no entry is created."},
    base::ConfigField{
        .name = "hostname",
        .doc = "The host name of that entry, or a wildcard. Without it the entry is the map's primary one, for clients "
               "that name no host."},
};

// https://cloud.google.com/resource-manager/docs/labels-overview#requirements
bool IsLabel(std::string_view text) {
  return text.size() <= kMaxName && std::all_of(text.begin(), text.end(), [](char one) {
           return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one == '_' || one == '-';
         });
}

std::vector<connections::FieldProblem> Validate(const Settings& settings) {
  std::vector<connections::FieldProblem> problems;
  const Labels& labels = settings.Map("labels");
  for (const auto& [key, value] : labels) {
    if (key.starts_with("certwright-")) {
      problems.push_back({"labels", Cat("The label \"", key, "\" is not yours to set: leave it out.")});
    } else if (!IsLabel(key) || !IsLabel(value) || key.empty() || key.front() < 'a' || key.front() > 'z') {
      problems.push_back({"labels", Cat("The label \"", base::Printable(key, kMaxName),
                                        "\" and its value must be at most 63 lower-case letters, digits, dashes and underscores, "
                                        "the key beginning with a letter.")});
    }
  }
  if (labels.size() > kMaxLabels) problems.push_back({"labels", Cat("At most ", kMaxLabels, " labels, besides Certwright's.")});
  const bool has_map = !settings.Text("certificate_map").empty();
  if (!has_map && !settings.Text("hostname").empty()) {
    problems.push_back({"hostname", "A hostname belongs to an entry of a `certificate_map`: set that too."});
  }
  if (has_map && settings.Text("location") != "global") {
    problems.push_back(
        {"certificate_map", "Certificate maps are `global`: regional load balancers take certificates themselves."});
  }
  return problems;
}

std::string CheckName(std::string_view name) {
  const std::string id = base::ToLower(name);
  const bool fits = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (!fits) return "Certificate Manager takes letters (which become lower-case), digits and dashes";
  return id.size() <= kMaxName ? "" : "Certificate Manager takes at most 63 characters";
}

Result<std::unique_ptr<sync::Destination>> Make(const Setup& setup) {
  auto cloud = MakeGoogleCloud(*setup.connection, setup.deps, kUrl, kScope);
  if (!cloud) return std::move(cloud).error();
  const std::string project(setup.settings.Text("project", cloud->project));
  if (project.empty())
    return Error{.kind = ErrorKind::kInvalid, .message = "no project is set", .blame = sync::DestinationField("project")};
  const std::string place = Cat("projects/", project, "/locations/", setup.settings.Text("location"));
  const auto api = std::make_shared<const GoogleResources>(std::move(cloud->api), "v1");
  MapEntry entry(api, place, std::string(setup.settings.Text("certificate_map")), std::string(setup.settings.Text("hostname")),
                 setup);
  CertificateOptions options{.scope = std::string(setup.settings.Text("scope")), .labels = setup.settings.Map("labels")};
  return sync::MakeStoredObjectDestination(MakeCertificateStore(api, place, std::move(entry), std::move(options)), setup);
}

}  // namespace

constexpr DestinationSpec kCertificateManager{
    .kind = "google_certificate_manager",
    .title = "Google Cloud Certificate Manager",
    .doc =
        "Keeps each certificate in Certificate Manager under one name, which a renewal does not change, and, where wanted, in an "
        "entry of a certificate map.",
    .connection = "google_cloud",
    .fields = kDestinationFields,
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByObject; },
    .check_name = CheckName,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::google

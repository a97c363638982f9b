// SPDX-License-Identifier: MPL-2.0
// AWS Certificate Manager: each certificate under an ARN of its own.
#include <array>
#include <utility>

#include "engine/vendors/aws/certificate_manager_store.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
namespace {

using sync::Destination;
using sync::DestinationSpec;
using sync::Setup;

constexpr std::array kCertificateManagerFields{
    base::ConfigField{.name = "region",
                      .doc = "The region. CloudFront takes certificates of `us-east-1` only. The connection's if not set.",
                      .identity = true},
    base::ConfigField{.name = "tags",
                      .kind = base::FieldKind::kStringMap,
                      .doc = "Tags of the certificates, besides `Name` and Certwright's own."},
};

std::vector<connections::FieldProblem> Validate(const sync::Settings& settings) {
  auto problems = CheckAwsTags(settings);
  CheckAwsRegion(settings, problems);
  return problems;
}

base::Result<std::unique_ptr<Destination>> Make(const Setup& setup) {
  auto store = CertificateStore::Make(setup);
  if (!store) return std::move(store).error();
  return std::unique_ptr<Destination>(*std::move(store));
}

}  // namespace

constexpr DestinationSpec kCertificateManager{
    .kind = "aws_certificate_manager",
    .title = "AWS Certificate Manager",
    .doc =
        "Imports each certificate into AWS Certificate Manager. A renewal goes into the same ARN, so that load balancers and "
        "distributions change over by themselves; an unchanged certificate is never imported again.",
    .connection = "aws",
    .fields = kCertificateManagerFields,
    .external_ids = [](const sync::Settings&) { return sync::ExternalIds::kByObjectAndKeyAlgorithm; },
    .has_versions = true,
    .check_name = nullptr,
    .validate = Validate,
    .make = Make,
};

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
// AWS Secrets Manager: each certificate as a secret.
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/sync/ownership.h"
#include "engine/vendors/aws/connection.h"
#include "engine/vendors/aws/field_limits.h"
#include "engine/vendors/aws/secrets_manager_store.h"
#include "engine/vendors/aws/vendor.h"

namespace engine::vendors::aws {
namespace {

using base::Result;
using sync::DestinationSpec;
using sync::kFieldNames;
using sync::Settings;
using sync::Setup;

constexpr int kMinDays = 7;
constexpr int kMaxDays = 30;
constexpr std::array<std::string_view, 1> kReservedSecretTags{"aws:"};
constexpr std::size_t kOwnSecretTags = 2;  // the sync's and the certificate's

constexpr std::array kSecretsManagerFields{
    base::ConfigField{.name = "region", .doc = "The region. The connection's if not set.", .identity = true},
    base::ConfigField{
        .name = "kms_key_id",
        .doc = "The id, ARN or alias of the KMS key that encrypts the secrets. AWS's own (`aws/secretsmanager`) if not "
               "set."},
    kFieldNames,
    base::ConfigField{.name = "recovery_window_days",
                      .kind = base::FieldKind::kNumber,
                      .default_value = "30",
                      .doc = "For how many days a removed secret can be restored, 7 to 30. Nothing is ever deleted at once."},
    base::ConfigField{
        .name = "tags", .kind = base::FieldKind::kStringMap, .doc = "Tags of the secrets, besides Certwright's own."},
};

std::vector<connections::FieldProblem> ValidateSecretSettings(const Settings& settings) {
  auto problems = sync::CheckTags(settings, kReservedSecretTags);
  CheckAwsLimits(settings, kOwnSecretTags, problems);
  sync::CheckFieldNames(settings, problems);
  CheckAwsRegion(settings, problems);
  if (!settings.Integer("recovery_window_days", kMinDays, kMaxDays)) {
    problems.push_back({"recovery_window_days", "AWS takes a whole number from 7 to 30."});
  }
  return problems;
}

std::string CheckSecretName(std::string_view name) {
  return name.size() <= 512 ? "" : "AWS Secrets Manager takes names of 512 characters at most.";
}

Result<std::unique_ptr<sync::Destination>> MakeSecrets(const Setup& setup) {
  auto session = FindAwsSession(*setup.connection, setup.deps);
  if (!session) return std::move(session).error();
  SecretsManagerOptions options{
      .kms_key_id = std::string(setup.settings.Text("kms_key_id")),
      .recovery_days = static_cast<int>(setup.settings.Integer("recovery_window_days", kMinDays, kMaxDays).value_or(kMaxDays)),
      .names = sync::ReadFieldNames(setup.settings)};
  SecretsManagerApi api(*std::move(session), *setup.deps.http, std::string(setup.settings.Text("region")));
  return sync::MakeStoredObjectDestination(MakeSecretsManagerStore(std::move(api), setup, std::move(options)), setup);
}

}  // namespace

constexpr DestinationSpec kSecretsManager{
    .kind = "aws_secrets_manager",
    .title = "AWS Secrets Manager",
    .doc =
        "Keeps each certificate with its key as a secret in AWS Secrets Manager, a JSON object. A renewal is a new version of "
        "the "
        "same secret; what is removed can be restored for as long as `recovery_window_days` says.",
    .connection = "aws",
    .fields = kSecretsManagerFields,
    .external_ids = [](const Settings&) { return sync::ExternalIds::kByObject; },
    .has_versions = true,
    .check_name = CheckSecretName,
    .validate = ValidateSecretSettings,
    .make = MakeSecrets,
};

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/model.h"

#include "base/text.h"
#include "engine/sync/name_schema.h"
#include "engine/vendors/catalog.h"
#include "resources/extension_block.h"
#include "resources/sealed/handle_validator.h"
#include "schema/validators.h"

namespace resources::certificate_sync {
namespace {

using schema::Attribute;
using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::IsHandle;

void CheckSchemaOfNames(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  if (const auto fine = engine::sync::CheckNameSchema(value.AsString()); !fine) {
    diagnostics.Error("Invalid name schema", fine.error(), "", path);
  }
}

void CheckCertificates(const Value& value, const Path& path, schema::Diagnostics& diagnostics) {
  const schema::Validator is_handle = IsHandle(sealed::handle_kind::kCertificate);
  for (const auto& [key, handle] : value.AsMembers()) {
    if (handle.is_known()) is_handle(handle, path.Key(key), diagnostics);
    if (!handle.is_null()) continue;
    diagnostics.Error("A certificate is null", "Pass the `.handle` of a certificate, or leave the key out.", path.Key(key));
  }
}

Attribute DestinationBlock() {
  std::vector<Attribute> kinds;
  for (const auto& spec : engine::vendors::Destinations()) {
    kinds.push_back(schema::Nested(std::string(spec.kind), Nesting::kSingle, AttributesOf(spec.fields))
                        .Optional()
                        .Doc(std::string(spec.doc)));
  }
  return schema::Nested("destination", Nesting::kSingle, std::move(kinds))
      .Required()
      .Doc("Where the certificates are deployed: exactly one block.");
}

Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

}  // namespace

const schema::Model<SyncedModel>& SyncedModel::Schema() {
  static const auto model =
      schema::Model<SyncedModel>()
          .Add(&SyncedModel::name, Output("name", "The certificate's name at the destination, from the name schema."))
          .Add(&SyncedModel::external_id,
               Output("external_id",
                      "The destination's own identifier: ARN, path, … It stays across renewals wherever the "
                      "destination allows it."))
          .Add(&SyncedModel::version, Output("version", "The destination's version; null if it has none."))
          .Add(&SyncedModel::fingerprint_sha256,
               Output("fingerprint_sha256", "SHA-256 of the certificate that is there, in lower-case hex."))
          .Add(&SyncedModel::not_after, Output("not_after", "When that certificate expires (RFC 3339)."))
          .Add(&SyncedModel::status, Output("status", "`synced`, or what is wrong: `missing`, `drifted`, `failed`, `expired`."))
          .Add(&SyncedModel::message, Output("message", "What is wrong, in words; null if nothing is."))
          .Add(&SyncedModel::synced_at, Output("synced_at", "When it was last written to the destination (RFC 3339)."))
          .Build();
  return model;
}

const schema::Model<PendingRemoval>& PendingRemoval::Schema() {
  static const auto model = schema::Model<PendingRemoval>()
                                .Add(&PendingRemoval::name, Output("name", "Its name at the destination."))
                                .Add(&PendingRemoval::external_id, Output("external_id", "The destination's own identifier."))
                                .Build();
  return model;
}

const schema::Model<SyncModel>& SyncModel::Schema() {
  static const auto model =
      schema::Model<SyncModel>()
          .Add(&SyncModel::name,
               schema::String("name").Required().Check(schema::LengthBetween(1, 64)).Doc("A name for this sync."))
          .Add(&SyncModel::description, schema::String("description").Optional().Doc("A note for people."))
          .Add(&SyncModel::app_connection,
               schema::String("app_connection")
                   .Optional()
                   .Sensitive()
                   .Check(IsHandle(sealed::handle_kind::kConnection))
                   .Doc("The `handle` of the app connection that the destination needs; `local_files` needs none."))
          .Add(&SyncModel::destination, DestinationBlock())
          .Add(&SyncModel::certificates,
               schema::Map("certificates", Type::String())
                   .Required()
                   .Check(CheckCertificates)
                   .Doc("The certificates, by keys that you choose: each value is the `handle` of a certificate."))
          .Add(
              &SyncModel::remove_expired,
              schema::Bool("remove_expired")
                  .Default(Value::Bool(true))
                  .Doc("Whether to delete certificates from the destination when they expire or are removed from `certificates`. "
                       "If `false`, they are left in place and are no longer managed."))
          .Add(&SyncModel::include_root_ca,
               schema::Bool("include_root_ca")
                   .Default(Value::Bool(false))
                   .Doc("Whether the chain includes the root certificate, for clients that need it. ACME CAs omit it. It is "
                        "found among the roots that this machine trusts, or fetched from the URL in the certificate, and "
                        "verified."))
          .Add(&SyncModel::name_schema,
               schema::String("name_schema")
                   .Optional()
                   .Computed()
                   .Check(CheckSchemaOfNames)
                   .Doc(base::Cat("How certificates are named at the destination: exactly one `{{certificateId}}`, letters, "
                                  "digits, dashes, underscores and slashes; `{{shortCertificateId}}` and `{{commonName}}` are "
                                  "optional. Default: `",
                                  engine::sync::kDefaultNameSchema, "`, in lower case for a Kubernetes Secret.")))
          .Add(&SyncModel::names,
               schema::Map("names", Type::String())
                   .Optional()
                   .Doc("Exact names for some of the certificates, by their keys in `certificates`: a file, path or Secret that "
                        "others refer to. All others follow `name_schema`."))
          .Add(&SyncModel::adopt,
               schema::Bool("adopt")
                   .Default(Value::Bool(false))
                   .Doc("Whether an import may adopt objects that do not carry Certwright's mark. Nothing else adopts what this "
                        "sync did not create."))
          .Add(&SyncModel::timeouts,
               TimeoutsAttribute("Time limits, such as `30m`. Default: 20 minutes for changes, 5 minutes for "
                                 "a refresh."))
          .Add(&SyncModel::id, Output("id", "32 hex digits, made once."))
          .Add(&SyncModel::synced, schema::Nested("synced", Nesting::kMap, SyncedModel::Schema().attributes())
                                       .Computed()
                                       .Doc("What is at the destination, by the keys of `certificates`."))
          .Add(&SyncModel::pending_removals,
               schema::Nested("pending_removals", Nesting::kMap, PendingRemoval::Schema().attributes())
                   .Computed()
                   .Doc("What should no longer be at the destination and could not be removed yet, by its former key in "
                        "`certificates`. While this is not empty, each apply tries again."))
          .Add(&SyncModel::receipt, Output("receipt",
                                           "The sealed record of what this sync deployed. Only what it names is ever changed or "
                                           "removed.")
                                        .Sensitive())
          .Build();
  return model;
}

schema::Schema CertificateSyncSchema() {
  return {.version = 1,
          .doc =
              "Keeps certificates deployed at one destination: pushes them, follows renewals, repairs changes that were made "
              "there, and touches nothing that it did not create.",
          .attributes = SyncModel::Schema().attributes()};
}

Path AtDestination(std::string_view kind) { return At(&SyncModel::destination).Attribute(std::string(kind)); }

}  // namespace resources::certificate_sync

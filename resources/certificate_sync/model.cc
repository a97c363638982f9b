// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/schema.h"

#include "engine/sync/name_schema.h"
#include "engine/vendors/catalog.h"
#include "resources/extension_block.h"
#include "resources/sealed/handle_validator.h"
#include "resources/timeouts.h"
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
    if (handle.is_null())
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
      .Doc("Where the certificates go: exactly one block.");
}

Attribute OptionsBlock() {
  std::vector<Attribute> options;
  options.push_back(schema::Bool("remove_expired")
                        .Default(Value::Bool(true))
                        .Doc("Whether a certificate that left `certificates`, or expired, is removed at the destination. `false` "
                             "lets it go: it stays there, "
                             "no longer looked after."));
  options.push_back(
      schema::Bool("include_root_ca")
          .Default(Value::Bool(false))
          .Doc("Whether the chain goes up to and with the root certificate, for clients that want it. ACME CAs leave "
               "it out; it is found among the roots that this machine trusts, or fetched from where the certificate "
               "says, and verified."));
  options.push_back(
      schema::String("name_schema")
          .Default(Value::String(std::string(engine::sync::kDefaultNameSchema)))
          .Check(CheckSchemaOfNames)
          .Doc("How certificates are called at the destination: exactly one `{{certificateId}}`, letters, digits, dashes, "
               "underscores and slashes; `{{shortCertificateId}}` and `{{commonName}}` may join."));
  options.push_back(
      schema::Bool("adopt")
          .Default(Value::Bool(false))
          .Doc("Whether an import may take over objects that do not carry Certwright's mark. Nothing else takes over what "
               "this sync did not make."));
  return schema::Nested("options", Nesting::kSingle, std::move(options)).Optional().Doc("How the sync behaves.");
}

Attribute SyncedMap() {
  const std::pair<const char*, const char*> outputs[] = {
      {"name", "The certificate's name at the destination, from the name schema."},
      {"external_id", "The destination's own identifier: ARN, path, … It stays across renewals wherever the destination allows."},
      {"version", "The destination's version; null where there is none."},
      {"fingerprint_sha256", "SHA-256 of the certificate that is there, in lower-case hex."},
      {"not_after", "When that certificate expires (RFC 3339)."},
      {"status", "`synced`, or what is wrong: `missing`, `drifted`, `failed`, `expired`."},
      {"message", "What is wrong in words; null when nothing is."},
      {"synced_at", "When it was last written (RFC 3339)."}};
  std::vector<Attribute> members;
  for (const auto& [name, doc] : outputs) members.push_back(schema::String(name).Computed().Doc(doc));
  return schema::Nested("synced", Nesting::kMap, std::move(members))
      .Computed()
      .Doc("What is at the destination, by the keys of `certificates`.");
}

}  // namespace

schema::Schema CertificateSyncSchema() {
  schema::Schema schema{
      .doc =
          "Keeps certificates deployed at one destination: pushes them, follows renewals, repairs what was changed there, and "
          "touches nothing that it did not put there."};
  auto& attributes = schema.attributes;
  attributes.push_back(schema::String("name").Required().Check(schema::LengthBetween(1, 64)).Doc("What you call this sync."));
  attributes.push_back(schema::String("description").Optional().Doc("A note for people."));
  attributes.push_back(schema::String("app_connection")
                           .Optional()
                           .Sensitive()
                           .Check(IsHandle(sealed::handle_kind::kConnection))
                           .Doc("The `handle` of the app connection that the destination needs; `local_files` needs none."));
  attributes.push_back(DestinationBlock());
  attributes.push_back(schema::Map("certificates", Type::String())
                           .Required()
                           .Sensitive()
                           .Check(CheckCertificates)
                           .Doc("The certificates by keys that you choose: each value is the `handle` of a certificate."));
  attributes.push_back(OptionsBlock());
  attributes.push_back(
      TimeoutsAttribute({"create", "read", "update", "delete"},
                        "How long an operation may take, such as `30m`: 20 minutes for changes, 5 for a look, unless set."));
  attributes.push_back(schema::String("id").Computed().Doc("32 hex digits, made once."));
  attributes.push_back(SyncedMap());
  return schema;
}

}  // namespace resources::certificate_sync

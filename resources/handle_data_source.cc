// SPDX-License-Identifier: MPL-2.0
#include "resources/handle_data_source.h"

#include "resources/decode_certificate_function.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources {
namespace {

using schema::Nesting;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::HandlePrefix;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::OpenConnection;
using sealed::ReadHandlePrefix;
using sealed::Sealer;

schema::Schema MakeSchema() {
  schema::Schema schema{.doc =
                            "What a sealed handle is of, without its secrets. "
                            "For handles that come from another configuration, and to see which sealing key a handle needs."};
  auto& attributes = schema.attributes;
  const auto output = [](const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); };
  attributes.push_back(schema::String("handle").Required().Sensitive().Doc("The `handle` of a connection, CA or certificate."));
  attributes.push_back(output("kind", "`connection`, `ca` or `certificate`."));
  attributes.push_back(output("sealing_key_id", "The id of the sealing key that it was sealed with: 8 hex digits, no secret."));
  attributes.push_back(schema::Bool("is_sealed_with_present_key")
                           .Computed()
                           .Doc("False when it was sealed with one of `previous_sealing_keys`: the next apply where the resource "
                                "is declared seals it anew."));
  attributes.push_back(
      output("id", "The `id` of the resource: of a CA the account's URL, of a certificate its `certificate_id`."));
  attributes.push_back(output("connection_kind", "Of a connection: its kind, such as `aws`; else null."));
  attributes.push_back(output("directory_url", "Of a CA: its directory; else null."));
  attributes.push_back(schema::Nested("certificate", Nesting::kSingle, CertificateFactAttributes())
                           .Computed()
                           .Doc("Of a certificate: what it says; else null."));
  return schema;
}

class HandleFacts final : public Source {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  Value Read(const base::Call&, const Context& context, const Value& wanted, schema::Diagnostics& diagnostics) const override {
    const std::string handle = wanted.Get("handle").AsString();
    const auto parts = ReadHandlePrefix(handle);
    auto facts = parts ? Facts(context.sealer, *parts, handle) : base::Result<Value::Members>(parts.error());
    if (!facts) {
      diagnostics.Error("The handle cannot be opened", facts.error(), "", Path::Of("handle"));
      return wanted;
    }
    facts->insert_or_assign("handle", wanted.Get("handle"));
    facts->insert_or_assign("kind", Value::String(parts->kind));
    facts->insert_or_assign("sealing_key_id", Value::String(parts->key_id));
    facts->insert_or_assign("is_sealed_with_present_key", Value::Bool(!context.sealer.IsStale(handle)));
    return Value::ObjectOf(wanted.type(), *std::move(facts));
  }

 private:
  static base::Result<Value::Members> Facts(const Sealer& sealer, const HandlePrefix& parts, const std::string& handle) {
    const auto text = [](std::string value) { return Value::String(std::move(value)); };
    if (parts.kind == sealed::handle_kind::kConnection) {
      const auto connection = OpenConnection(sealer, handle);
      if (!connection) return connection.error();
      return Value::Members{{"id", text(connection->id)}, {"connection_kind", text(connection->kind)}};
    }
    if (parts.kind == sealed::handle_kind::kCa) {
      const auto ca = OpenCa(sealer, handle);
      if (!ca) return ca.error();
      return Value::Members{{"id", text(ca->account_url)}, {"directory_url", text(ca->directory_url)}};
    }
    const auto opened = OpenCertificate(sealer, handle);
    if (!opened) return opened.error();
    const auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) return chain.error();
    return Value::Members{{"id", text(opened->certificate_id)}, {"certificate", CertificateFacts(chain->front())}};
  }

  const std::string type_name_ = "certwright_handle";
  const schema::Schema schema_ = MakeSchema();
};

}  // namespace

std::unique_ptr<Source> MakeHandleFacts() { return std::make_unique<HandleFacts>(); }

}  // namespace resources

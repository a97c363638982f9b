// SPDX-License-Identifier: MPL-2.0
#include "resources/handle_data_source.h"

#include "resources/decode_certificate_function.h"
#include "resources/issuer.h"
#include "resources/profile_model.h"
#include "resources/sealed/payload.h"
#include "schema/model.h"

namespace resources {
namespace {

using schema::cty::Value;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::OpenConnection;
using sealed::ReadHandlePrefix;
using sealed::Sealer;

schema::Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

// One of the profiles that a handle passed through.
struct ProfileFacts {
  using Source = CertificateProfile;
  static const schema::Model<ProfileFacts>& Schema();
  schema::Field<std::string> id;
  schema::Field<std::string> name;
  schema::Field<ProfileRules> rules;
  schema::Field<ProfileDefaults> defaults;
};

const schema::Model<ProfileFacts>& ProfileFacts::Schema() {
  static const auto model =
      schema::Model<ProfileFacts>()
          .AddOutput(&ProfileFacts::id, Output("id", "The `id` of the profile."),
                     [](const CertificateProfile& of) { return of.id; })
          .AddOutput(&ProfileFacts::name, Output("name", "The `name` of the profile."),
                     [](const CertificateProfile& of) { return of.name; })
          .AddOutput(&ProfileFacts::rules,
                     schema::Nested("rules", schema::Nesting::kSingle, AsOutputs(ProfileRules::Schema().attributes()))
                         .Doc("Its rules, as its arguments say them."),
                     [](const CertificateProfile& of) { return of.rules; })
          .AddOutput(&ProfileFacts::defaults,
                     schema::Nested("defaults", schema::Nesting::kSingle, AsOutputs(ProfileDefaults::Schema().attributes()))
                         .Doc("Its defaults."),
                     [](const CertificateProfile& of) { return of.defaults; })
          .Build();
  return model;
}

struct HandleModel {
  static const schema::Model<HandleModel>& Schema();
  schema::Field<base::Secret> handle;
  schema::Field<std::string> kind;
  schema::Field<std::string> sealing_key_id;
  schema::Field<bool> is_sealed_with_present_key;
  schema::Field<std::string> id;
  schema::Field<std::string> connection_kind;
  schema::Field<std::string> directory_url;
  schema::Field<CertificateFacts> certificate;
  schema::Field<std::vector<ProfileFacts>> profiles;
};

const schema::Model<HandleModel>& HandleModel::Schema() {
  static const auto model =
      schema::Model<HandleModel>()
          .Add(&HandleModel::handle, schema::String("handle").Required().Sensitive().Doc(
                                         "The `handle` of a connection, CA, certificate profile or certificate."))
          .Add(&HandleModel::kind, Output("kind", "`connection`, `ca`, `profile` or `certificate`."))
          .Add(&HandleModel::sealing_key_id,
               Output("sealing_key_id", "The ID of the sealing key that it was sealed with: 8 hex digits, not a secret."))
          .Add(&HandleModel::is_sealed_with_present_key,
               schema::Bool("is_sealed_with_present_key")
                   .Computed()
                   .Doc("False if it was sealed with one of `previous_sealing_keys`: the next apply of the resource seals it "
                        "again."))
          .Add(&HandleModel::id,
               Output("id", "The `id` of the resource: of a CA the account's URL, of a certificate its `certificate_id`."))
          .Add(&HandleModel::connection_kind,
               Output("connection_kind", "The kind of the connection, such as `aws`; null for other handles."))
          .Add(&HandleModel::directory_url,
               Output("directory_url", "The directory of the CA, also of a profile; null for other handles."))
          .Add(&HandleModel::certificate,
               schema::Nested("certificate", schema::Nesting::kSingle, CertificateFacts::Schema().attributes())
                   .Computed()
                   .Doc("The content of the certificate; null for other handles."))
          .Add(&HandleModel::profiles,
               schema::Nested("profiles", schema::Nesting::kList, ProfileFacts::Schema().attributes())
                   .Computed()
                   .Doc("The certificate profiles that the handle passed through, the one next to the CA first; null for other "
                        "handles."))
          .Build();
  return model;
}

class HandleFacts final : public Source {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  Value Read(const base::Call&, const Context& context, const Value& wanted, schema::Diagnostics& diagnostics) const override {
    HandleModel facts;
    facts.handle = HandleModel::Schema().Read(wanted).handle;
    const base::Secret handle = facts.handle.OrEmpty();
    if (const auto read = ReadFacts(context.sealer, handle.Reveal(), facts); !read) {
      diagnostics.Error("The handle cannot be opened", read.error(), "", HandleModel::Schema().PathOf(&HandleModel::handle));
      return wanted;
    }
    return HandleModel::Schema().Write(facts);
  }

 private:
  static base::Result<void> ReadFacts(const Sealer& sealer, std::string_view handle, HandleModel& facts) {
    const auto prefix = ReadHandlePrefix(handle);
    if (!prefix) return prefix.error();
    facts.kind = prefix->kind;
    facts.sealing_key_id = prefix->key_id;
    facts.is_sealed_with_present_key = !sealer.IsStale(handle);
    if (prefix->kind == sealed::handle_kind::kConnection) {
      const auto connection = OpenConnection(sealer, handle);
      if (!connection) return connection.error();
      facts.id = connection->id;
      facts.connection_kind = connection->kind;
      return {};
    }
    if (prefix->kind == sealed::handle_kind::kCa) {
      const auto ca = OpenCa(sealer, handle);
      if (!ca) return ca.error();
      facts.id = ca->account_url;
      facts.directory_url = ca->directory_url;
      return {};
    }
    if (prefix->kind == sealed::handle_kind::kProfile) return ReadProfiles(sealer, handle, facts);
    const auto opened = OpenCertificate(sealer, handle);
    if (!opened) return opened.error();
    const auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) return chain.error();
    facts.id = opened->certificate_id;
    facts.certificate = CertificateFacts::Of(chain->front());
    return {};
  }

  static base::Result<void> ReadProfiles(const Sealer& sealer, std::string_view handle, HandleModel& facts) {
    const auto issuer = OpenIssuer(sealer, handle);
    if (!issuer) return issuer.error();
    std::vector<ProfileFacts> profiles;
    for (const CertificateProfile& one : issuer->profiles) ProfileFacts::Schema().Fill(one, profiles.emplace_back());
    facts.id = issuer->profiles.back().id;
    facts.directory_url = issuer->ca.directory_url;
    facts.profiles = std::move(profiles);
    return {};
  }

  const std::string type_name_ = "certwright_handle";
  const schema::Schema schema_ = {
      .doc =
          "What a sealed handle refers to, without its secrets. "
          "For handles that come from another configuration, and to see which sealing key a handle needs.",
      .attributes = HandleModel::Schema().attributes()};
};

}  // namespace

std::unique_ptr<Source> MakeHandleFacts() { return std::make_unique<HandleFacts>(); }

}  // namespace resources

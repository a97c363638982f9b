// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/bundle.h"

#include <span>

#include "base/crypto/certificate.h"
#include "base/crypto/pkcs12.h"
#include "base/encoding.h"
#include "base/text.h"
#include "resources/sealed/handle_validator.h"
#include "resources/sealed/payload.h"
#include "schema/model.h"

namespace resources::certificate {
namespace {

using schema::cty::Path;
using schema::cty::Value;
using sealed::IsHandle;
using sealed::OpenCertificate;

// What the outputs are made from.
struct OpenedBundle {
  std::string certificate_id;
  std::vector<base::crypto::Certificate> chain;  // the certificate first
  base::Secret private_key_pem;
  std::optional<base::Secret> pkcs12_base64;
};

struct BundleModel {
  using Source = OpenedBundle;
  static const schema::Model<BundleModel>& Schema();
  schema::Field<base::Secret> certificate;
  schema::Field<base::Secret> password;
  schema::Field<std::string> certificate_id;
  schema::Field<base::Secret> private_key_pem;
  schema::Field<std::string> certificate_pem;
  schema::Field<std::string> chain_pem;
  schema::Field<std::string> full_chain_pem;
  schema::Field<base::Secret> bundle_pem;
  schema::Field<base::Secret> pkcs12_base64;
};

std::string Pem(std::span<const base::crypto::Certificate> chain) {
  std::string pem;
  for (const auto& one : chain) pem += one.pem;
  return pem;
}

schema::Attribute Output(const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); }

const schema::Model<BundleModel>& BundleModel::Schema() {
  static const auto model =
      schema::Model<BundleModel>()
          .Add(&BundleModel::certificate, schema::String("certificate")
                                              .Required()
                                              .Sensitive()
                                              .Check(IsHandle(sealed::handle_kind::kCertificate))
                                              .Doc("The `handle` of the certificate."))
          .Add(&BundleModel::password, schema::String("password")
                                           .Optional()
                                           .Sensitive()
                                           .Doc("Encrypts the PKCS #12 file. May be empty, for stores that ask for no password."))
          .AddOutput(&BundleModel::certificate_id, Output("certificate_id", "The certificate's ID."),
                     [](const OpenedBundle& of) { return of.certificate_id; })
          .AddOutput(&BundleModel::private_key_pem, Output("private_key_pem", "The private key, PKCS #8.").Sensitive(),
                     [](const OpenedBundle& of) { return of.private_key_pem; })
          .AddOutput(&BundleModel::certificate_pem, Output("certificate_pem", "The certificate."),
                     [](const OpenedBundle& of) { return of.chain.front().pem; })
          .AddOutput(&BundleModel::chain_pem, Output("chain_pem", "The CA's chain without the certificate."),
                     [](const OpenedBundle& of) { return Pem(std::span(of.chain).subspan(1)); })
          .AddOutput(&BundleModel::full_chain_pem, Output("full_chain_pem", "The certificate followed by the CA's chain."),
                     [](const OpenedBundle& of) { return Pem(of.chain); })
          .AddOutput(
              &BundleModel::bundle_pem,
              Output("bundle_pem", "The private key, the certificate and the CA's chain in one text, in this order.").Sensitive(),
              [](const OpenedBundle& of) { return base::Secret(base::Cat(of.private_key_pem.Reveal(), Pem(of.chain))); })
          .AddOutput(&BundleModel::pkcs12_base64,
                     Output("pkcs12_base64",
                            "A PKCS #12 file with the private key, the certificate and the CA's chain, in base64; null without "
                            "`password`. Its bytes differ each time.")
                         .Sensitive(),
                     [](const OpenedBundle& of) { return of.pkcs12_base64; })
          .Build();
  return model;
}

template <typename T>
Path At(schema::Field<T> BundleModel::*field) {
  return BundleModel::Schema().PathOf(field);
}

class CertificateBundle final : public Source {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  Value Read(const base::Call&, const Context& context, const Value& wanted, schema::Diagnostics& diagnostics) const override {
    BundleModel bundle = BundleModel::Schema().Read(wanted);
    const auto opened = OpenCertificate(context.sealer, bundle.certificate.OrEmpty().Reveal());
    if (!opened) {
      diagnostics.Error("The certificate cannot be opened", opened.error(), "", At(&BundleModel::certificate));
      return wanted;
    }
    auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) {
      diagnostics.Error("The certificate cannot be read", chain.error(), "", At(&BundleModel::certificate));
      return wanted;
    }
    OpenedBundle source{.certificate_id = opened->certificate_id,
                        .chain = *std::move(chain),
                        .private_key_pem = opened->private_key_pem,
                        .pkcs12_base64 = {}};
    if (const auto password = bundle.password.Get()) {
      auto pkcs12 = Pkcs12(source, *password);
      if (!pkcs12) {
        diagnostics.Error("The PKCS #12 file cannot be made", pkcs12.error(), "", At(&BundleModel::password));
        return wanted;
      }
      source.pkcs12_base64 = *std::move(pkcs12);
    }
    BundleModel::Schema().Fill(source, bundle);
    return BundleModel::Schema().Write(bundle);
  }

 private:
  static base::Result<base::Secret> Pkcs12(const OpenedBundle& bundle, const base::Secret& password) {
    const auto key = base::crypto::ParsePrivateKey(bundle.private_key_pem);
    if (!key) return key.error();
    const auto& names = bundle.chain.front().dns_names;
    const auto file =
        base::crypto::MakePkcs12(bundle.chain, *key, password, names.empty() ? bundle.certificate_id : names.front());
    if (!file) return file.error();
    return base::Secret(base::Base64(file->Reveal()));
  }

  const std::string type_name_ = "certwright_certificate_bundle";
  const schema::Schema schema_ = {
      .doc =
          "A certificate with its private key, opened from its handle for as long as Terraform runs. "
          "Nothing of it enters plan or state: pass it to write-only arguments, providers and other ephemeral resources.",
      .attributes = BundleModel::Schema().attributes()};
};

}  // namespace

std::unique_ptr<Source> MakeCertificateBundle() { return std::make_unique<CertificateBundle>(); }

}  // namespace resources::certificate

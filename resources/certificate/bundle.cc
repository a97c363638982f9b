// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/bundle.h"

#include "base/crypto/certificate.h"
#include "base/crypto/pkcs12.h"
#include "base/encoding.h"
#include "resources/sealed/handle_validator.h"
#include "resources/sealed/payload.h"
#include "schema/reader.h"

namespace resources::certificate {
namespace {

using schema::cty::Path;
using schema::cty::Value;
using sealed::CertificatePayload;
using sealed::IsHandle;
using sealed::OpenCertificate;

schema::Schema MakeSchema() {
  schema::Schema schema{
      .doc =
          "A certificate with its private key, opened from its handle for as long as Terraform runs. "
          "Nothing of it enters plan or state: pass it to write-only arguments, providers and other ephemeral resources."};
  auto& attributes = schema.attributes;
  const auto output = [](const char* name, const char* doc) { return schema::String(name).Computed().Doc(doc); };
  attributes.push_back(schema::String("certificate")
                           .Required()
                           .Sensitive()
                           .Check(IsHandle(sealed::handle_kind::kCertificate))
                           .Doc("The `handle` of the certificate."));
  attributes.push_back(schema::String("password")
                           .Optional()
                           .Sensitive()
                           .Doc("Encrypts the PKCS #12 file. May be empty, for stores that ask for none."));
  attributes.push_back(output("certificate_id", "The certificate's id."));
  attributes.push_back(output("private_key_pem", "The private key, PKCS #8.").Sensitive());
  attributes.push_back(output("certificate_pem", "The certificate."));
  attributes.push_back(output("chain_pem", "The CA's chain without the certificate."));
  attributes.push_back(output("full_chain_pem", "The certificate followed by the CA's chain."));
  attributes.push_back(
      output("bundle_pem", "The private key, the certificate and the CA's chain in one text, in this order.").Sensitive());
  attributes.push_back(output("pkcs12_base64",
                              "A PKCS #12 file with the private key, the certificate and the CA's chain, in base64; null without "
                              "`password`. Its bytes differ each time.")
                           .Sensitive());
  return schema;
}

class CertificateBundle final : public Source {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  Value Read(const base::Call&, const Context& context, const Value& wanted, schema::Diagnostics& diagnostics) const override {
    const auto handle = schema::Reader(schema_.attributes, wanted).SecretText("certificate").value_or(base::Secret());
    const auto opened = OpenCertificate(context.sealer, handle.Reveal());
    if (!opened) {
      diagnostics.Error("The certificate cannot be opened", opened.error(), "", Path::Of("certificate"));
      return wanted;
    }
    const auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) {
      diagnostics.Error("The certificate cannot be read", chain.error(), "", Path::Of("certificate"));
      return wanted;
    }
    const auto pkcs12 = Pkcs12(wanted, *opened, *chain);
    if (!pkcs12) {
      diagnostics.Error("The PKCS #12 file cannot be made", pkcs12.error(), "", Path::Of("password"));
      return wanted;
    }
    return Filled(wanted, *opened, *chain).With("pkcs12_base64", *pkcs12);
  }

 private:
  base::Result<Value> Pkcs12(const Value& wanted, const CertificatePayload& opened,
                             const std::vector<base::crypto::Certificate>& chain) const {
    const auto password = schema::Reader(schema_.attributes, wanted).SecretText("password");
    if (!password) return Value::Null(schema::cty::Type::String());
    const auto key = base::crypto::ParsePrivateKey(opened.private_key_pem);
    if (!key) return key.error();
    const auto& names = chain.front().dns_names;
    const auto file = base::crypto::MakePkcs12(chain, *key, *password, names.empty() ? opened.certificate_id : names.front());
    if (!file) return file.error();
    return Value::String(base::Base64(file->Reveal()));
  }

  static Value Filled(const Value& wanted, const CertificatePayload& opened,
                      const std::vector<base::crypto::Certificate>& chain) {
    const auto text = [](std::string value) { return Value::String(std::move(value)); };
    std::string rest;
    for (std::size_t i = 1; i < chain.size(); ++i) rest.append(chain[i].pem);
    const std::string key(opened.private_key_pem.Reveal());
    return wanted.With("certificate_id", text(opened.certificate_id))
        .With("private_key_pem", text(key))
        .With("certificate_pem", text(chain.front().pem))
        .With("chain_pem", text(rest))
        .With("full_chain_pem", text(chain.front().pem + rest))
        .With("bundle_pem", text(key + chain.front().pem + rest));
  }

  const std::string type_name_ = "certwright_certificate_bundle";
  const schema::Schema schema_ = MakeSchema();
};

}  // namespace

std::unique_ptr<Source> MakeCertificateBundle() { return std::make_unique<CertificateBundle>(); }

}  // namespace resources::certificate

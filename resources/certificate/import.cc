// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/import.h"

#include "base/crypto/csr.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/time_format.h"
#include "resources/certificate/issue.h"
#include "resources/certificate/private_state.h"
#include "resources/certificate/renewal_window.h"
#include "resources/deferred_sealing.h"
#include "resources/sealed/payload.h"

namespace resources::certificate {
namespace {

using base::Result;
using base::crypto::KeyAndChain;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using sealed::CertificatePayload;
using sealed::OpenCa;
using sealed::OpenCertificate;
using sealed::PayloadText;
using sealed::ReadHandlePrefix;
using sealed::Sealer;

Result<KeyAndChain> ReadFiles(std::string_view paths) {
  base::Secret all;
  for (const std::string& part : base::Split(paths, ',')) {
    const std::string path(base::Trim(part));
    const auto content = base::ReadSmallFile(path);
    if (!content || content->empty()) {
      return base::Error{base::ErrorKind::kInvalid, base::Cat("the file ", base::Printable(path, 200),
                                                              " cannot be read, is empty, or is longer than 1 MiB")};
    }
    all = base::Secret(base::Cat(all.Reveal(), content->Reveal(), '\n'));
  }
  return base::crypto::ParseKeyAndChain(all);
}

Result<Stored> ImportHandle(const Sealer& sealer, const schema::Schema& schema, std::string_view handle) {
  const auto opened = OpenCertificate(sealer, handle);
  if (!opened) return opened.error();
  if (opened->private_key_pem.empty()) {
    auto chain = base::crypto::ParseChain(opened->full_chain_pem);
    if (!chain) return std::move(chain).error();
    return ArriveCertificate(sealer, schema, KeyAndChain{.chain = *std::move(chain)}, opened->certificate_id);
  }
  const auto found =
      base::crypto::ParseKeyAndChain(base::Secret(base::Cat(opened->private_key_pem.Reveal(), opened->full_chain_pem)));
  if (!found) return found.error();
  return ArriveCertificate(sealer, schema, *found, opened->certificate_id);
}

Result<Stored> ImportFrom(const Sealer& sealer, const schema::Schema& schema, std::string_view id) {
  if (sealer.state() != Sealer::State::kReady) {
    return base::Error{base::ErrorKind::kInvalid, "the sealing key is not known yet: import when it is"};
  }
  if (ReadHandlePrefix(id)) return ImportHandle(sealer, schema, id);
  const auto found = ReadFiles(id);
  if (!found) return found.error();
  return ArriveCertificate(sealer, schema, *found);
}

// As the configuration would ask for it.
Value::Members WishesOf(const KeyAndChain& found) {
  const auto& leaf = found.chain.front();
  Value::Members members;
  if (!found.key) {
    if (!found.csr_pem.empty()) members.emplace("csr_pem", Value::String(found.csr_pem));
    return members;
  }
  Value::Elements names;
  for (const std::string& name : leaf.dns_names) names.push_back(Value::String(name));
  members.emplace("dns_names", Value::Set(Type::String(), std::move(names)));
  if (!leaf.subject_common_name.empty()) members.emplace("common_name", Value::String(leaf.subject_common_name));
  members.emplace("key_algorithm", Value::String(std::string(base::crypto::NameOf(found.key->algorithm()))));
  return members;
}

Value StateOf(const schema::Schema& schema, const KeyAndChain& found, const CertificatePayload& payload) {
  const auto text = [](std::string value) { return Value::String(std::move(value)); };
  const auto& leaf = found.chain.front();
  const Type type = schema.ImpliedType();
  Value::Members renewal;
  renewal.emplace("due_at", text(base::FormatRfc3339(RenewalDueAt(leaf.not_before, leaf.not_after))));
  Value::Members members = WishesOf(found);
  members.emplace("export_private_key", Value::Bool(false));
  members.emplace("id", text(payload.certificate_id));
  members.emplace("certificate_id", text(payload.certificate_id));
  members.emplace("certificate_pem", text(leaf.pem));
  members.emplace("chain_pem", text(payload.full_chain_pem.substr(leaf.pem.size())));
  members.emplace("full_chain_pem", text(payload.full_chain_pem));
  members.emplace("issuer", text(leaf.issuer));
  members.emplace("serial_number", text(leaf.serial_number));
  members.emplace("not_before", text(base::FormatRfc3339(leaf.not_before)));
  members.emplace("not_after", text(base::FormatRfc3339(leaf.not_after)));
  members.emplace("fingerprint_sha256", text(leaf.fingerprint_sha256));
  members.emplace("renewal", Value::ObjectOf(*type.Find("renewal"), std::move(renewal)));
  return Value::ObjectOf(type, std::move(members));
}

// True when the certificate is what `csr_pem` asks for: its key and its names. The text itself may be written another way.
bool IsOf(const Value& certificate_pem, const Value& csr_pem) {
  if (!csr_pem.is_known() || !certificate_pem.is_known()) return false;
  const auto csr = base::crypto::ParseCsr(csr_pem.AsString());
  const auto chain = base::crypto::ParseChain(certificate_pem.AsString());
  if (!csr || !chain || csr->public_key_der != chain->front().public_key_der) return false;
  return NormalNames(csr->dns_names) == NormalNames(chain->front().dns_names);
}

// The CA that the configuration names becomes the certificate's, as soon as it is known.
CertificateMemory WithCa(const Context& context, const Value& handle, CertificateMemory memory,
                         schema::Diagnostics& diagnostics) {
  if (!handle.is_known() || context.sealer.state() != Sealer::State::kReady) return memory;
  const auto ca = OpenCa(context.sealer, handle.AsString());
  if (!ca) {
    diagnostics.Error("The CA cannot be used", ca.error(), "", Path::Of("external_ca"));
    return memory;
  }
  memory.directory_url = ca->directory_url;
  memory.account_url = ca->account_url;
  memory.trusted_roots_pem = ca->trusted_roots_pem;
  return memory;
}

}  // namespace

Result<Stored> ArriveCertificate(const Sealer& sealer, const schema::Schema& schema, const KeyAndChain& found,
                                 std::string certificate_id) {
  // The same at each plan: a moved block is carried out anew until an apply saves what came of it.
  if (certificate_id.empty()) certificate_id = found.chain.front().fingerprint_sha256.substr(0, 32);
  CertificatePayload payload{.certificate_id = std::move(certificate_id),
                             .full_chain_pem = {},
                             .private_key_pem = found.key ? found.key->ToPem() : base::Secret()};
  for (const auto& one : found.chain) payload.full_chain_pem += one.pem;
  return Arrive(sealer, sealed::handle_kind::kCertificate, PayloadText(payload), StateOf(schema, found, payload));
}

ImportResult ImportCertificate(const Context& context, const schema::Schema& schema, std::string_view id) {
  ImportResult result{.stored = {.state = Value::Null(schema.ImpliedType())}};
  auto imported = ImportFrom(context.sealer, schema, id);
  if (imported) {
    result.stored = *std::move(imported);
  } else {
    result.diagnostics.Error("The certificate cannot be imported", imported.error(),
                             "Import it by the path of a PEM file with its private key, the certificate and the CA's chain (or "
                             "several paths with commas between them), or by the `handle` of a certificate in another state. "
                             "Where the key is elsewhere, the signing request (csr_pem) takes the key's place.");
  }
  return result;
}

std::optional<schema::PlanRequest> SettleArrived(const Context& context, const schema::PlanRequest& request,
                                                 schema::PlanResult& result) {
  const Value external_ca = result.planned.Get("external_ca");
  if (request.prior.is_null() || !request.prior.Get("external_ca").is_null() || external_ca.is_null()) return std::nullopt;
  if (const auto sealed = CheckSealed({request.prior, request.prior_private}); !sealed) {
    result.diagnostics.Error("The certificate is not sealed", sealed.error(), "", Path::Of("handle"));
    return std::nullopt;
  }
  const CertificateMemory memory =
      WithCa(context, external_ca, ParseCertificateMemory(request.prior_private), result.diagnostics);
  schema::PlanRequest settled = request;
  settled.prior = settled.prior.With("external_ca", external_ca);
  // What was wished for when it was ordered is not known: the wish is for the next renewal.
  for (const std::string_view name : {"profile", "preferred_chain", "validity"}) {
    if (settled.prior.Get(name).is_null()) settled.prior = settled.prior.With(name, result.planned.Get(name));
  }
  if (settled.prior.Get("key_algorithm").is_null() && IsOf(settled.prior.Get("certificate_pem"), result.planned.Get("csr_pem"))) {
    settled.prior = settled.prior.With("csr_pem", result.planned.Get("csr_pem"));
  }
  // Who does not ask for a common name gets none at the next renewal, and no new certificate for it.
  if (const Value wanted = result.planned.Get("common_name"); wanted.is_null()) {
    settled.prior = settled.prior.With("common_name", wanted);
  }
  settled.prior_private = ToText(memory);
  result.planned_private = settled.prior_private;
  result.planned = result.planned.With("handle", settled.prior.Get("handle"));
  return settled;
}

}  // namespace resources::certificate

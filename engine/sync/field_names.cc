// SPDX-License-Identifier: MPL-2.0
#include "engine/sync/field_names.h"

#include <set>

#include "base/crypto/certificate.h"
#include "base/text.h"

namespace engine::sync {

FieldNames ReadFieldNames(const Settings& settings) {
  const Settings& names = settings.Block(kFieldNames.name);
  const auto text = [&](const base::ConfigField& field) { return std::string(names.Text(field.name)); };
  return {.certificate = text(kFieldNameFields[0]),
          .private_key = text(kFieldNameFields[1]),
          .certificate_chain = text(kFieldNameFields[2]),
          .ca_certificate = text(kFieldNameFields[3])};
}

void CheckFieldNames(const Settings& settings, std::vector<connections::FieldProblem>& problems) {
  const FieldNames names = ReadFieldNames(settings);
  std::set<std::string> seen;
  const std::array<const std::string*, 4> all = {&names.certificate, &names.private_key, &names.certificate_chain,
                                                 &names.ca_certificate};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string field = base::Cat(kFieldNames.name, ".", kFieldNameFields[i].name);
    if (all[i]->empty()) problems.push_back({field, "A field has a name."});
    if (!seen.insert(*all[i]).second) problems.push_back({field, base::Cat("Another part is called \"", *all[i], "\" already.")});
  }
}

base::Json Render(const Bundle& bundle, const FieldNames& names) {
  base::Json object = {{names.certificate, bundle.chain.front().pem}, {names.private_key, bundle.private_key_pem.Reveal()}};
  const auto intermediates = bundle.WithoutRoot().subspan(1);
  if (!intermediates.empty()) object[names.certificate_chain] = JoinPem(intermediates);
  if (const auto* root = bundle.FindRoot()) object[names.ca_certificate] = root->pem;
  return object;
}

std::string LeafFingerprint(const base::Json& object, const FieldNames& names) {
  const auto chain = base::crypto::ParseChain(base::FindString(object, names.certificate).value_or(""));
  return chain ? chain->front().fingerprint_sha256 : std::string();
}

std::string LeafFingerprint(const base::Secret& text, const FieldNames& names) {
  const auto object = base::ParseJsonObject(text.Reveal());
  return object ? LeafFingerprint(*object, names) : std::string();
}

}  // namespace engine::sync

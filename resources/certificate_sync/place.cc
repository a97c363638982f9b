// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/place.h"

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "resources/certificate_sync/validate.h"
#include "resources/extension_block.h"
#include "resources/sealed/payload.h"
#include "schema/cty/json.h"

namespace resources::certificate_sync {
namespace {

// "<certificate id>.<key algorithm>", which a handle of the first format lacks.
std::string IdInFacts(std::string_view facts) { return std::string(facts.substr(0, facts.find('.'))); }

}  // namespace

std::string PlaceDigest(const SyncModel& sync, std::string_view connection_id) {
  if (!sync.destination.is_known()) return {};
  const engine::sync::DestinationSpec* spec = ChosenDestination(sync.destination.value());
  if (spec == nullptr) return {};
  std::string all = base::Cat(spec->kind, '\n', connection_id);
  const schema::cty::Value block = sync.destination.value().Get(spec->kind);
  for (const base::ConfigField& field : spec->fields) {
    if (!field.identity) continue;
    const schema::cty::Value value = ValueOf(field.name, block);
    if (!value.is_wholly_known()) return {};
    const auto text = schema::cty::ToJson(value);
    all.append(base::Cat('\n', field.name, '=', text ? *text : std::string()));
  }
  return base::Hex(base::crypto::Sha256(all)).substr(0, 16);
}

std::string PlaceDigest(const Context& context, const SyncModel& sync) {
  if (sync.app_connection.is_unknown()) return {};
  const auto handle = sync.app_connection.Get();
  if (!handle) return PlaceDigest(sync, "");
  const auto connection = sealed::OpenConnection(context.sealer, handle->Reveal());
  return connection ? PlaceDigest(sync, connection->id) : std::string();
}

std::string CertificateIdOf(const Context& context, const schema::Field<std::string>& handle) {
  if (handle.is_unknown()) {
    return IdInFacts(sealed::FactsInPrefix(sealed::handle_kind::kCertificate, handle.value().refinement().string_prefix));
  }
  const auto prefix = sealed::ReadHandlePrefix(handle.OrEmpty());
  if (!prefix || prefix->kind != sealed::handle_kind::kCertificate) return {};
  if (!prefix->facts.empty()) return IdInFacts(prefix->facts);
  const auto opened = sealed::OpenCertificate(context.sealer, handle.OrEmpty());
  return opened ? opened->certificate_id : std::string();
}

}  // namespace resources::certificate_sync

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

}  // namespace resources::certificate_sync

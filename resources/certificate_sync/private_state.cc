// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate_sync/private_state.h"

#include <nlohmann/json.hpp>

#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/text.h"
#include "base/time_format.h"
#include "resources/certificate_sync/validate.h"
#include "resources/sealed/payload.h"
#include "schema/cty/json.h"

namespace resources::certificate_sync {
namespace {

using base::Secret;
using nlohmann::json;

constexpr int kReceiptVersion = 1;

json ToJson(const DeployedByKey& deployed) {
  json by_key = json::object();
  for (const auto& [key, one] : deployed) {
    by_key[key] = {{"name", one.name},
                   {"external_id", one.external_id},
                   {"version", one.version},
                   {"fingerprint_sha256", one.fingerprint_sha256},
                   {"certificate_id", one.certificate_id},
                   {"parts", one.parts},
                   {"notes", one.notes},
                   {"unfinished", one.unfinished},
                   {"superseded", one.superseded},
                   {"chain_sha256", one.chain_sha256}};
    if (one.needs_new_id) by_key[key]["needs_new_id"] = true;
  }
  return by_key;
}

// Former records have one fingerprint for all that is compared, and in it what a destination needs to remember:
// "split:<digest>", "<digest> as:<settings>", "x5t:<thumbprint> as:<format>", "chain:<digest> entry:<name>". The parts are not
// known from it: they are recorded when an apply finds the certificate unchanged, or writes it.
engine::sync::Notes NotesOfFormer(const std::string& fingerprint) {
  constexpr std::string_view kEntry = " entry:";
  constexpr std::string_view kThumbprint = "x5t:";
  constexpr std::size_t kDigest = 32;
  engine::sync::Notes notes;
  if (const auto entry = fingerprint.find(kEntry); entry != std::string::npos) {
    notes.emplace("entry of the certificate map", fingerprint.substr(entry + kEntry.size()));
  } else if (const auto as = fingerprint.find(" as:"); as != std::string::npos) {
    const bool is_thumbprint = fingerprint.starts_with(kThumbprint);
    notes.emplace(is_thumbprint ? "thumbprint" : "content", is_thumbprint
                                                                ? fingerprint.substr(kThumbprint.size(), as - kThumbprint.size())
                                                                : fingerprint.substr(0, kDigest));
  } else if (const auto colon = fingerprint.find(':'); colon != std::string::npos) {
    notes.emplace("layout", fingerprint.substr(0, colon));
  }
  return notes;
}

DeployedByKey DeployedFrom(const json& by_key) {
  DeployedByKey deployed;
  for (const auto& [key, one] : by_key.items()) {
    if (!one.is_object()) continue;
    deployed[key] = {.name = one.value("name", ""),
                     .external_id = one.value("external_id", ""),
                     .version = one.value("version", ""),
                     .fingerprint_sha256 = one.value("fingerprint_sha256", ""),
                     .certificate_id = one.value("certificate_id", ""),
                     .parts = one.value("parts", engine::sync::Parts()),
                     .notes = one.contains("notes") ? one.value("notes", engine::sync::Notes())
                                                    : NotesOfFormer(one.value("key_fingerprint", "")),
                     .unfinished = one.value("unfinished", false),
                     .needs_new_id = one.value("needs_new_id", false),
                     .superseded = one.value("superseded", false),
                     .chain_sha256 = one.value("chain_sha256", "")};
  }
  return deployed;
}

// So that an attribute that a later version adds does not make it another place.
void DropNulls(json& value) {
  if (!value.is_structured()) return;
  for (auto member = value.begin(); member != value.end();) {
    if (value.is_object() && member->is_null()) {
      member = value.erase(member);
      continue;
    }
    DropNulls(*member);
    ++member;
  }
}

// "local_files:" and a digest of the whole block: a state that was altered to name another place does not match its receipt.
std::string PlaceOf(const SyncModel& sync) {
  const auto& destination = sync.destination.value();
  const engine::sync::DestinationSpec* spec = ChosenDestination(destination);
  if (spec == nullptr) return {};
  const auto text = schema::cty::ToJson(destination.Get(spec->kind));
  json block = json::parse(text ? *text : std::string("{}"));
  DropNulls(block);
  return base::Cat(spec->kind, ":", base::Hex(base::crypto::Sha256(block.dump())).substr(0, 32));
}

base::Error Unusable(std::string why) {
  return {base::ErrorKind::kInvalid,
          base::Cat(why,
                    ". Nothing at the destination is touched. To continue, remove this sync from the state "
                    "(`terraform state rm`) and import what it deployed")};
}

}  // namespace

std::string ToText(const SyncMemory& memory) {
  json text{{"deployed", ToJson(memory.deployed)},
            {"secrets", memory.sealed_secrets},
            {"planned_secrets", memory.planned_secrets},
            {"look_refused", memory.look_refused}};
  if (memory.decided_at) text["decided_at"] = base::FormatRfc3339(*memory.decided_at);
  return text.dump();
}

SyncMemory ParseMemory(const std::string& private_data) {
  SyncMemory memory;
  const json text = json::parse(private_data, nullptr, false);
  if (!text.is_object() || !text.contains("deployed") || !text["deployed"].is_object()) return memory;
  memory.sealed_secrets = text.value("secrets", "");
  memory.planned_secrets = text.value("planned_secrets", "");
  memory.look_refused = text.value("look_refused", false);
  memory.decided_at = base::ParseRfc3339(text.value("decided_at", ""));
  memory.deployed = DeployedFrom(text["deployed"]);
  return memory;
}

base::Result<Secret> SealReceipt(const Context& context, const SyncModel& sync, const SyncMemory& memory) {
  const json receipt = {{"version", kReceiptVersion},
                        {"sync_id", sync.id.OrEmpty()},
                        {"place", PlaceOf(sync)},
                        {"deployed", ToJson(memory.deployed)},
                        {"secrets", memory.sealed_secrets}};
  auto sealed = context.sealer.Seal(sealed::handle_kind::kSync, Secret(receipt.dump()));
  if (!sealed) return std::move(sealed).error();
  return Secret(*std::move(sealed));
}

base::Result<SyncMemory> ReadMemory(const Context& context, const SyncModel& state, const std::string& private_data) {
  SyncMemory cached = ParseMemory(private_data);
  const auto handle = state.receipt.Get();
  if (!handle) return cached;
  const auto opened = context.sealer.Open(sealed::handle_kind::kSync, handle->Reveal());
  if (!opened) return Unusable(base::Cat("the receipt cannot be opened: ", opened.error().message));
  const json receipt = json::parse(opened->payload.Reveal(), nullptr, false);
  if (!receipt.is_object() || receipt.value("version", 0) != kReceiptVersion || !receipt.contains("deployed")) {
    return Unusable("the receipt was written by another version of the provider");
  }
  if (receipt.value("sync_id", "") != state.id.OrEmpty() || receipt.value("place", "") != PlaceOf(state)) {
    return Unusable("the receipt belongs to another sync or destination");
  }
  return SyncMemory{.deployed = DeployedFrom(receipt["deployed"]),
                    .sealed_secrets = receipt.value("secrets", ""),
                    .planned_secrets = cached.planned_secrets,
                    .look_refused = cached.look_refused};
}

}  // namespace resources::certificate_sync

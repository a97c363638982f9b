// SPDX-License-Identifier: MPL-2.0
#include "base/dns/update.h"

#include "base/dns/ldns_handle.h"
#include "base/text.h"

namespace base::dns {
namespace {

constexpr std::size_t kMaxString = 255;

Error NotAName(const std::string& name) {
  return Error{ErrorKind::kInvalid, Cat("\"", Printable(name, 255), "\" is not a domain name")};
}

RecordHandle MakeRecord(DataHandle owner, ldns_rr_type type, ldns_rr_class of_class, std::uint32_t ttl) {
  RecordHandle record(ldns_rr_new());
  ldns_rr_set_owner(record.get(), owner.release());
  ldns_rr_set_type(record.get(), type);
  ldns_rr_set_class(record.get(), of_class);
  ldns_rr_set_ttl(record.get(), ttl);
  return record;
}

void PushText(ldns_rr& record, std::string_view value) {
  do {
    const std::string_view piece = value.substr(0, kMaxString);
    std::string octets(1, static_cast<char>(piece.size()));
    octets.append(piece);
    ldns_rr_push_rdf(&record, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_STR, octets.size(), octets.data()));
    value.remove_prefix(piece.size());
  } while (!value.empty());
}

}  // namespace

Result<std::string> BuildUpdate(std::uint16_t id, const std::string& zone, std::span<const TxtChange> changes) {
  const PacketHandle packet(ldns_pkt_new());
  ldns_pkt_set_opcode(packet.get(), LDNS_PACKET_UPDATE);
  ldns_pkt_set_id(packet.get(), id);

  DataHandle apex = MakeName(zone);
  if (!apex) return NotAName(zone);
  RecordHandle zone_record = MakeRecord(std::move(apex), LDNS_RR_TYPE_SOA, LDNS_RR_CLASS_IN, 0);
  ldns_rr_set_question(zone_record.get(), true);
  ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, zone_record.release());

  for (const TxtChange& change : changes) {
    DataHandle owner = MakeName(change.name);
    if (!owner) return NotAName(change.name);
    const bool is_added = change.change == Change::kAdd;
    const auto ttl = static_cast<std::uint32_t>(is_added ? change.ttl.count() : 0);
    RecordHandle record = MakeRecord(std::move(owner), LDNS_RR_TYPE_TXT, is_added ? LDNS_RR_CLASS_IN : LDNS_RR_CLASS_NONE, ttl);
    PushText(*record, change.value);
    // The update section stands where a reply has its authority section (section 2.2).
    ldns_pkt_push_rr(packet.get(), LDNS_SECTION_AUTHORITY, record.release());
  }
  std::string wire = ToWire(*packet);
  if (wire.empty()) return Error{ErrorKind::kInvalid, "the changes do not fit into one DNS message of 65535 octets"};
  return wire;
}

}  // namespace base::dns

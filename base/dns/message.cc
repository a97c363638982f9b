// SPDX-License-Identifier: MPL-2.0
#include "base/dns/message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/dns/ldns_handle.h"
#include "base/text.h"

namespace base::dns {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kMaxMessage = 65535;
// What passes every path unfragmented (DNS flag day 2020).
constexpr std::uint16_t kUdpReplySize = 1232;

std::string Text(const ldns_rdf& data) {
  char* text = ldns_rdf2str(&data);
  if (text == nullptr) return {};
  std::string copy = ToLower(text);
  std::free(text);
  return copy;
}

// TXT data is a list of strings, each behind its length; a long value is split over several (RFC 7208 section 3.3 reads it so).
std::string JoinStrings(const ldns_rr& rr) {
  std::string joined;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
    joined.append(Bytes(*ldns_rr_rdf(&rr, i)).substr(1));
  }
  return joined;
}

Record ToRecord(const ldns_rr& rr) {
  Record record{
      .name = Text(*ldns_rr_owner(&rr)), .type = RecordType(ldns_rr_get_type(&rr)), .ttl = ldns_rr_ttl(&rr), .data = {}};
  const std::size_t count = ldns_rr_rd_count(&rr);
  switch (record.type) {
    case RecordType::kTxt:
      record.data = JoinStrings(rr);
      break;
    case RecordType::kA:
    case RecordType::kAaaa:
    case RecordType::kCname:
    case RecordType::kNs:
      if (count > 0) record.data = Text(*ldns_rr_rdf(&rr, 0));
      break;
    case RecordType::kCaa:
      for (std::size_t i = 0; i < count; ++i) record.data.append(Bytes(*ldns_rr_rdf(&rr, i)));
      break;
    case RecordType::kSoa:
      if (count < 7) break;
      record.data = Text(*ldns_rr_rdf(&rr, 0));
      record.minimum = ldns_rdf2native_int32(ldns_rr_rdf(&rr, 6));
      break;
  }
  return record;
}

std::vector<Record> ToRecords(const ldns_rr_list* list) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) records.push_back(ToRecord(*ldns_rr_list_rr(list, i)));
  return records;
}

unsigned Octet(std::string_view wire, std::size_t at) { return static_cast<unsigned char>(wire[at]); }

// The bytes of the first question; empty when there is none. The first name of a message has nothing to point back to, so it is
// never compressed.
std::string_view QuestionBytes(std::string_view wire) {
  if (wire.size() < kHeaderSize || (Octet(wire, 4) == 0 && Octet(wire, 5) == 0)) return {};
  std::size_t at = kHeaderSize;
  while (at < wire.size() && Octet(wire, at) != 0) {
    if (Octet(wire, at) > 63) return {};
    at += 1 + Octet(wire, at);
  }
  const std::size_t end = at + 5;
  return end <= wire.size() ? wire.substr(kHeaderSize, end - kHeaderSize) : std::string_view();
}

}  // namespace

std::string RcodeName(Rcode rcode) {
  static constexpr std::array<std::string_view, 11> kNames{"NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                                           "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};
  const auto number = static_cast<unsigned>(rcode);
  return number < kNames.size() ? std::string(kNames[number]) : Cat("RCODE", number);
}

Result<std::string> BuildQuery(std::uint16_t id, const Question& question, Recursion recursion) {
  DataHandle name = MakeName(question.name);
  if (!name) return Error{ErrorKind::kInvalid, Cat("\"", Printable(question.name, 255), "\" is not a domain name")};
  const std::uint16_t flags = recursion == Recursion::kWanted ? LDNS_RD : 0;
  const auto type = static_cast<ldns_rr_type>(question.type);
  const PacketHandle packet(ldns_pkt_query_new(name.release(), type, LDNS_RR_CLASS_IN, flags));
  if (!packet) return Error{ErrorKind::kInternal, "no memory for a DNS query"};
  ldns_pkt_set_id(packet.get(), id);
  ldns_pkt_set_edns_udp_size(packet.get(), kUdpReplySize);
  return ToWire(*packet);
}

namespace {

// RFC 8945 section 5.1 allows one TSIG record; ldns would leak all but the last of several.
bool HasSeveralTsigs(std::string_view wire) {
  if (wire.size() < LDNS_HEADER_SIZE) return false;
  std::size_t at = LDNS_HEADER_SIZE;  // where the next record begins
  int found = 0;
  for (const std::size_t counter : {4U, 6U, 8U, 10U}) {
    const ldns_pkt_section section = counter == 4 ? LDNS_SECTION_QUESTION : LDNS_SECTION_ANSWER;
    for (int left = ldns_read_uint16(Octets(wire) + counter); left > 0; --left) {
      ldns_rr* record = nullptr;
      if (ldns_wire2rr(&record, Octets(wire), wire.size(), &at, section) != LDNS_STATUS_OK) return found > 1;
      found += ldns_rr_get_type(record) == LDNS_RR_TYPE_TSIG ? 1 : 0;
      ldns_rr_free(record);
    }
  }
  return found > 1;
}

}  // namespace

Result<Message> ParseMessage(std::string_view wire) {
  if (wire.size() > kMaxMessage) return Error{ErrorKind::kProtocol, "the DNS message is over 65535 octets"};
  if (HasSeveralTsigs(wire)) return Error{ErrorKind::kProtocol, "not a DNS message: it has more than one TSIG record"};
  ldns_pkt* parsed = nullptr;
  const ldns_status status = ldns_wire2pkt(&parsed, Octets(wire), wire.size());
  if (status != LDNS_STATUS_OK) {
    return Error{ErrorKind::kProtocol, Cat("not a DNS message: ", ToLower(ldns_get_errorstr_by_id(status)))};
  }
  const PacketHandle packet(parsed);
  Message message{.id = ldns_pkt_id(parsed),
                  .is_reply = ldns_pkt_qr(parsed),
                  .is_authoritative = ldns_pkt_aa(parsed),
                  .is_truncated = ldns_pkt_tc(parsed),
                  .rcode = Rcode(ldns_pkt_get_rcode(parsed)),
                  .answers = ToRecords(ldns_pkt_answer(parsed)),
                  .authority = ToRecords(ldns_pkt_authority(parsed))};
  for (Record& record : ToRecords(ldns_pkt_question(parsed))) message.questions.push_back({std::move(record.name), record.type});
  return message;
}

std::uint16_t RandomId(Random& random) {
  const std::string bytes = random.Bytes(2);
  return static_cast<std::uint16_t>(Octet(bytes, 0) << 8 | Octet(bytes, 1));
}

bool IsTruncated(std::string_view reply) { return reply.size() >= kHeaderSize && (Octet(reply, 2) & 0x02) != 0; }

bool IsReplyTo(std::string_view reply, std::string_view request) {
  if (reply.size() < kHeaderSize || request.size() < kHeaderSize) return false;
  const bool is_reply = (Octet(reply, 2) & 0x80) != 0;
  const bool same_operation = (Octet(reply, 2) & 0x78) == (Octet(request, 2) & 0x78);
  if (!is_reply || !same_operation || reply.substr(0, 2) != request.substr(0, 2)) return false;
  const std::string_view asked = QuestionBytes(reply);
  const bool is_query = (Octet(request, 2) & 0x78) == 0;
  const bool succeeded = (Octet(reply, 3) & 0x0F) == 0;
  // RFC 2136 section 3.8 lets a reply to an UPDATE leave its zone out.
  if (asked.empty()) return !(is_query && succeeded);
  return EqualsIgnoreCase(asked, QuestionBytes(request));
}

}  // namespace base::dns

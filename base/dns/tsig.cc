// SPDX-License-Identifier: MPL-2.0
#include "base/dns/tsig.h"

#include <array>
#include <cstdint>

#include "base/dns/ldns_handle.h"
#include "base/text.h"
#include "base/time_format.h"

namespace base::dns {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kAdditionalCountAt = 10;
constexpr std::uint64_t kFudge = 300;  // seconds; RFC 8945 section 10 recommends it
constexpr std::uint16_t kTypeTsig = 250;
constexpr std::uint16_t kClassAny = 255;

struct Algorithm {
  crypto::Hash hash;
  std::string_view name;
};
constexpr std::array kAlgorithms{Algorithm{crypto::Hash::kSha256, "hmac-sha256"}, Algorithm{crypto::Hash::kSha384, "hmac-sha384"},
                                 Algorithm{crypto::Hash::kSha512, "hmac-sha512"}};

// RFC 8945 section 3: the error field of the record.
enum class TsigError : std::uint16_t { kNone = 0, kBadSig = 16, kBadKey = 17, kBadTime = 18, kBadTrunc = 22 };

// The record's fields, in the order of section 4.2.
struct TsigRecord {
  std::string key_name;   // wire form, lower case
  std::string algorithm;  // wire form, lower case
  std::uint64_t time = 0;
  std::uint16_t fudge = 0;
  std::string mac;
  std::uint16_t original_id = 0;
  TsigError error = TsigError::kNone;
  std::string other;
};

struct Found {
  TsigRecord record;
  std::size_t starts_at = 0;
};

std::string BigEndian(std::uint64_t number, int octets) {
  std::string out;
  for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift & 0xFF));
  return out;
}

std::uint64_t ReadBigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char one : bytes) number = number << 8 | static_cast<unsigned char>(one);
  return number;
}

std::string NameOf(crypto::Hash hash) {
  for (const Algorithm& one : kAlgorithms) {
    if (one.hash == hash) return std::string(one.name);
  }
  return {};
}

// Label lengths are at most 63 and so below 'A': lowering the letters leaves them alone.
std::string WireName(const std::string& name) {
  const DataHandle made = MakeName(name);
  return made ? ToLower(Bytes(*made)) : std::string();
}

std::uint64_t SecondsOf(TimePoint now) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

// Section 4.3.3: the variables that the MAC covers besides the message.
std::string Variables(const TsigRecord& record) {
  return Cat(record.key_name, BigEndian(kClassAny, 2), BigEndian(0, 4), record.algorithm, BigEndian(record.time, 6),
             BigEndian(record.fudge, 2), BigEndian(static_cast<std::uint16_t>(record.error), 2),
             BigEndian(record.other.size(), 2), record.other);
}

std::string Encode(const TsigRecord& record) {
  const std::string data =
      Cat(record.algorithm, BigEndian(record.time, 6), BigEndian(record.fudge, 2), BigEndian(record.mac.size(), 2), record.mac,
          BigEndian(record.original_id, 2), BigEndian(static_cast<std::uint16_t>(record.error), 2),
          BigEndian(record.other.size(), 2), record.other);
  return Cat(record.key_name, BigEndian(kTypeTsig, 2), BigEndian(kClassAny, 2), BigEndian(0, 4), BigEndian(data.size(), 2), data);
}

std::string WithAdditionalCount(std::string_view message, std::uint64_t count) {
  std::string changed(message);
  changed.replace(kAdditionalCountAt, 2, BigEndian(count, 2));
  return changed;
}

std::uint64_t AdditionalCount(std::string_view message) { return ReadBigEndian(message.substr(kAdditionalCountAt, 2)); }

std::optional<TsigRecord> ToTsig(const ldns_rr& rr) {
  if (ldns_rr_get_type(&rr) != LDNS_RR_TYPE_TSIG || ldns_rr_rd_count(&rr) != 7) return std::nullopt;
  // The MAC covers class and TTL by the values that they must have (section 4.2).
  if (ldns_rr_get_class(&rr) != LDNS_RR_CLASS_ANY || ldns_rr_ttl(&rr) != 0) return std::nullopt;
  const auto field = [&](std::size_t i) { return Bytes(*ldns_rr_rdf(&rr, i)); };
  // MAC and other data keep their length in front.
  if (field(3).size() < 2 || field(6).size() < 2) return std::nullopt;
  return TsigRecord{.key_name = ToLower(Bytes(*ldns_rr_owner(&rr))),
                    .algorithm = ToLower(field(0)),
                    .time = ReadBigEndian(field(1)),
                    .fudge = static_cast<std::uint16_t>(ReadBigEndian(field(2))),
                    .mac = std::string(field(3).substr(2)),
                    .original_id = static_cast<std::uint16_t>(ReadBigEndian(field(4))),
                    .error = TsigError(ReadBigEndian(field(5))),
                    .other = std::string(field(6).substr(2))};
}

Error NotAMessage() { return Error{ErrorKind::kProtocol, "the reply is not a DNS message"}; }

// The TSIG record must be the last of the message (section 5.1). Empty when the last one is another.
Result<std::optional<Found>> FindTsig(std::string_view message) {
  if (message.size() < kHeaderSize) return NotAMessage();
  constexpr std::array kSections{LDNS_SECTION_QUESTION, LDNS_SECTION_ANSWER, LDNS_SECTION_AUTHORITY, LDNS_SECTION_ADDITIONAL};
  std::size_t at = kHeaderSize;
  std::optional<Found> last;
  for (std::size_t i = 0; i < kSections.size(); ++i) {
    for (std::uint64_t left = ReadBigEndian(message.substr(4 + 2 * i, 2)); left > 0; --left) {
      const std::size_t starts_at = at;
      ldns_rr* parsed = nullptr;
      if (ldns_wire2rr(&parsed, Octets(message), message.size(), &at, kSections[i]) != LDNS_STATUS_OK) return NotAMessage();
      const RecordHandle record(parsed);
      last.reset();
      if (kSections[i] != LDNS_SECTION_ADDITIONAL) continue;
      if (auto tsig = ToTsig(*record)) last = Found{.record = std::move(*tsig), .starts_at = starts_at};
    }
  }
  return last;
}

Error Denied(std::string_view code, std::string message) {
  return Error{.kind = ErrorKind::kDenied, .message = std::move(message), .code = std::string(code)};
}

Error Unverified(std::string message) { return Error{.kind = ErrorKind::kProtocol, .message = std::move(message)}; }

Error ClocksDiffer(std::uint64_t theirs, std::uint64_t ours) {
  const std::uint64_t apart = theirs > ours ? theirs - ours : ours - theirs;
  const std::string span = FormatDuration(std::chrono::seconds(apart));
  return Denied("BADTIME", Cat("the clocks differ too much for TSIG (BADTIME): the server's is ", span,
                               theirs > ours ? " ahead of" : " behind", " this machine's"));
}

// What the server says about our signature. BADSIG and BADKEY replies carry no MAC (section 5.2).
Result<void> CheckServerError(const TsigRecord& record, const TsigKey& key, TimePoint now) {
  switch (record.error) {
    case TsigError::kNone:
      return {};
    case TsigError::kBadKey:
      return Denied("BADKEY", Cat("the server does not know the TSIG key \"", Printable(key.name, 255), "\" with ",
                                  NameOf(key.hash), " (BADKEY)"));
    case TsigError::kBadSig:
      return Denied("BADSIG", Cat("the server knows the TSIG key \"", Printable(key.name, 255),
                                  "\" but with another secret or algorithm (BADSIG)"));
    case TsigError::kBadTime:
      return ClocksDiffer(record.other.size() == 6 ? ReadBigEndian(record.other) : record.time, SecondsOf(now));
    case TsigError::kBadTrunc:
      return Denied("BADTRUNC", "the server wants a longer TSIG signature (BADTRUNC)");
  }
  const std::string number = Cat(static_cast<unsigned>(record.error));
  return Denied(number, Cat("the server refuses the TSIG signature with error ", number));
}

Result<void> CheckMac(std::string_view reply, const Found& found, const TsigKey& key, std::string_view request_mac) {
  const TsigRecord& record = found.record;
  if (record.key_name != WireName(key.name) || record.algorithm != WireName(NameOf(key.hash))) {
    return Unverified("the reply is signed with another TSIG key than the request");
  }
  std::string unsigned_reply = WithAdditionalCount(reply.substr(0, found.starts_at), AdditionalCount(reply) - 1);
  unsigned_reply.replace(0, 2, BigEndian(record.original_id, 2));
  const std::string covered = Cat(BigEndian(request_mac.size(), 2), request_mac, unsigned_reply, Variables(record));
  const Secret expected(crypto::Hmac(key.hash, key.secret, covered));
  if (Secret(record.mac) == expected) return {};
  return Unverified("the reply's TSIG signature is wrong: it does not come from a holder of the key, or was altered");
}

}  // namespace

std::optional<crypto::Hash> ParseTsigAlgorithm(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  for (const Algorithm& one : kAlgorithms) {
    if (EqualsIgnoreCase(one.name, name)) return one.hash;
  }
  return std::nullopt;
}

Result<SignedMessage> SignMessage(std::string_view message, const TsigKey& key, TimePoint now) {
  TsigRecord record{.key_name = WireName(key.name),
                    .algorithm = WireName(NameOf(key.hash)),
                    .time = SecondsOf(now),
                    .fudge = kFudge,
                    .mac = {},
                    .original_id = static_cast<std::uint16_t>(ReadBigEndian(message.substr(0, 2))),
                    .other = {}};
  if (record.key_name.empty()) {
    return Error{ErrorKind::kInvalid, Cat("the TSIG key's name \"", Printable(key.name, 255), "\" is not a domain name")};
  }
  record.mac = crypto::Hmac(key.hash, key.secret, Cat(message, Variables(record)));
  std::string wire = WithAdditionalCount(message, AdditionalCount(message) + 1);
  wire.append(Encode(record));
  return SignedMessage{.wire = std::move(wire), .mac = std::move(record.mac)};
}

bool IsUnsigned(std::string_view reply) {
  const auto found = FindTsig(reply);
  return found && !*found;
}

Result<void> VerifyReply(std::string_view reply, const TsigKey& key, std::string_view request_mac, TimePoint now) {
  const auto found = FindTsig(reply);
  if (!found) return found.error();
  if (!*found) return Unverified("the reply is not signed");
  const TsigRecord& record = (*found)->record;
  const bool carries_mac = record.error != TsigError::kBadSig && record.error != TsigError::kBadKey;
  if (carries_mac) {
    if (auto fine = CheckMac(reply, **found, key, request_mac); !fine) return fine;
  }
  if (auto fine = CheckServerError(record, key, now); !fine) return fine;
  const std::uint64_t ours = SecondsOf(now);
  const std::uint64_t apart = record.time > ours ? record.time - ours : ours - record.time;
  if (apart > record.fudge) return ClocksDiffer(record.time, ours);
  return {};
}

}  // namespace base::dns

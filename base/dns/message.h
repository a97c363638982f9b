// SPDX-License-Identifier: MPL-2.0
// DNS messages as values (RFC 1035 section 4): queries out, replies in. ldns does the wire format; it is named in .cc files only.
// Left out: everything that DNS-01 does not need (DNSSEC, other classes than IN, zone transfer).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace base::dns {

enum class RecordType : std::uint16_t { kA = 1, kNs = 2, kCname = 5, kSoa = 6, kTxt = 16, kAaaa = 28, kCaa = 257 };

// RFC 1035 section 4.1.1 and RFC 2136 section 2.2; other values may occur.
enum class Rcode : std::uint8_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kNotAuth = 9,
  kNotZone = 10,
};
std::string RcodeName(Rcode rcode);  // "NXDOMAIN", "RCODE11"

struct Question {
  std::string name;
  RecordType type = RecordType::kTxt;
};

struct Record {
  std::string name;  // absolute, lower case
  RecordType type = RecordType::kTxt;
  std::uint32_t ttl = 0;
  std::string data;  // TXT: its strings joined; CNAME, NS: the target; SOA: the primary server; A, AAAA: as text; CAA: its
                     // octets; else empty
  std::uint32_t minimum = 0;  // SOA: how long "no such name" may be kept (RFC 2308)
};

struct Message {
  std::uint16_t id = 0;
  bool is_reply = false;
  bool is_authoritative = false;
  bool is_truncated = false;
  Rcode rcode = Rcode::kNoError;
  std::vector<Question> questions{};
  std::vector<Record> answers{};
  std::vector<Record> authority{};
};

enum class Recursion { kWanted, kUnwanted };

// The wire form, with EDNS0 and 1232 octets of room for the reply. Errors: kInvalid (not a domain name).
Result<std::string> BuildQuery(std::uint16_t id, const Question& question, Recursion recursion);

// Errors: kProtocol (cut off, over 65535 octets, a compression loop, or no DNS message at all).
Result<Message> ParseMessage(std::string_view wire);

// An identifier that an outsider cannot guess (RFC 5452 section 9.2).
std::uint16_t RandomId(Random& random);

// What can be told of a datagram without parsing it whole.
bool IsTruncated(std::string_view reply);
// Same id and operation, marked as a reply, and about the same question (an error may leave the question out, RFC 5452
// section 9.1).
bool IsReplyTo(std::string_view reply, std::string_view request);

}  // namespace base::dns

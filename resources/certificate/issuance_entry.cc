// SPDX-License-Identifier: MPL-2.0
#include "resources/certificate/issuance_entry.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/crypto/certificate.h"
#include "base/crypto/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace resources::certificate {
namespace {

using base::Secret;
using engine::dns::LeftoverRecord;
using nlohmann::json;

// As long as Let's Encrypt keeps an order that is not finalized, and as long as CAs count a certificate towards their limits.
constexpr std::chrono::hours kLongest{7 * 24};

json ToJson(const LeftoverRecord& one) {
  return {{"connection", one.key.connection},
          {"zone", one.key.zone},
          {"zone_id", one.zone_id},
          {"fqdn", one.key.fqdn},
          {"value", one.key.value}};
}

// Until 2255, so that no span between two of them is too long for a duration.
constexpr std::int64_t kLatest = 9'000'000'000;

LeftoverRecord RecordFrom(const json& text) {
  return {
      .key = {.connection = text.at("connection"), .zone = text.at("zone"), .fqdn = text.at("fqdn"), .value = text.at("value")},
      .zone_id = text.at("zone_id")};
}

IssuanceEntry EntryFrom(const json& text) {
  IssuanceEntry entry{.configuration = text.at("configuration"),
                      .began = base::TimePoint(std::chrono::seconds(text.at("began").get<std::int64_t>())),
                      .external_ca = text.at("external_ca"),
                      .account_url = text.at("account_url"),
                      .dns_names = text.at("dns_names")};
  entry.private_key_pem = Secret(text.at("private_key_pem").get<std::string>());
  entry.order_url = text.at("order_url");
  // Entries of former versions have neither.
  entry.is_finalized = text.value("is_finalized", false);
  entry.was_missing = text.value("was_missing", false);
  entry.full_chain_pem = text.at("full_chain_pem");
  entry.certificate_url = text.at("certificate_url");
  for (const json& one : text.at("records")) entry.records.push_back(RecordFrom(one));
  return entry;
}

bool ShareAName(const IssuanceEntry& a, const IssuanceEntry& b) {
  return std::any_of(a.dns_names.begin(), a.dns_names.end(), [&](const std::string& name) {
    return std::find(b.dns_names.begin(), b.dns_names.end(), name) != b.dns_names.end();
  });
}

bool IsTooOld(const IssuanceEntry& left, base::TimePoint now) { return !left.is_finalized && now - left.began >= kLongest; }

}  // namespace

Secret ToText(const IssuanceEntry& entry) {
  json records = json::array();
  for (const LeftoverRecord& one : entry.records) records.push_back(ToJson(one));
  const auto began = std::chrono::duration_cast<std::chrono::seconds>(entry.began.time_since_epoch());
  return Secret(json{{"configuration", entry.configuration},
                     {"began", began.count()},
                     {"external_ca", entry.external_ca},
                     {"account_url", entry.account_url},
                     {"dns_names", entry.dns_names},
                     {"private_key_pem", entry.private_key_pem.Reveal()},
                     {"order_url", entry.order_url},
                     {"is_finalized", entry.is_finalized},
                     {"was_missing", entry.was_missing},
                     {"full_chain_pem", entry.full_chain_pem},
                     {"certificate_url", entry.certificate_url},
                     {"records", std::move(records)}}
                    .dump());
}

std::optional<IssuanceEntry> ParseIssuanceEntry(const Secret& text) {
  try {
    const json document = json::parse(text.Reveal());
    const auto began = base::FindInteger(document, "began");
    if (!began || *began < 0 || *began > kLatest) return std::nullopt;
    return EntryFrom(document);
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::string ConfigurationDigest(const std::vector<std::string>& parts) {
  return base::Hex(base::crypto::Sha256(json(parts).dump()));
}

LeftUse DecideUse(const IssuanceEntry& left, std::string_view configuration, base::TimePoint now) {
  if (left.configuration != configuration || IsTooOld(left, now)) return LeftUse::kGiveUp;
  if (left.full_chain_pem.empty()) return LeftUse::kResume;
  const auto chain = base::crypto::ParseChain(left.full_chain_pem);
  return chain && now < chain->front().not_after ? LeftUse::kDeliver : LeftUse::kGiveUp;
}

bool IsSuperfluous(const IssuanceEntry& left, const SavedCertificate& saved) {
  if (left.full_chain_pem.empty()) return left.began < saved.not_before;
  const auto chain = base::crypto::ParseChain(left.full_chain_pem);
  return chain && (chain->front().fingerprint_sha256 == saved.fingerprint_sha256 || chain->front().not_before < saved.not_before);
}

LeftCare DecideCare(const IssuanceEntry& left, bool is_new, const IssuanceEntry& mine, base::TimePoint now) {
  if (IsTooOld(left, now)) return LeftCare::kGiveUp;
  const bool is_other_configuration = left.account_url == mine.account_url && left.configuration != mine.configuration;
  if (is_new && left.full_chain_pem.empty() && is_other_configuration && ShareAName(left, mine)) return LeftCare::kSupersede;
  return left.records.empty() ? LeftCare::kNothing : LeftCare::kRemoveRecords;
}

}  // namespace resources::certificate

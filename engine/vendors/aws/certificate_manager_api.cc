// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/certificate_manager_api.h"

#include <array>
#include <optional>

#include "base/encoding.h"
#include "base/text.h"
#include "engine/vendors/aws/json_call.h"

namespace engine::vendors::aws {
namespace {

using base::Base64;
using base::Call;
using base::Cat;
using base::DumpJson;
using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::FindStrings;
using base::GetString;
using base::Json;
using base::Result;

// ACM lists RSA keys up to 2048 bits alone when it is not told which.
constexpr std::array kKeyTypes{"RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"};
constexpr int kPageSize = 1000;  // the most that ACM gives

Json ToJson(const AcmContent& content) {
  Json body{{"Certificate", Base64(content.leaf_pem)}, {"PrivateKey", Base64(content.private_key_pem.Reveal())}};
  if (!content.chain_pem.empty()) body["CertificateChain"] = Base64(content.chain_pem);
  return body;
}

std::string ImportedAt(const Json& certificate) {
  const Json* imported = FindMember(certificate, "ImportedAt");
  return imported == nullptr ? std::string() : DumpJson(*imported);
}

// The member of that name; an empty array when there is none.
const Json& ListOf(const Json& answer, std::string_view name) {
  static const Json kNone = Json::array();
  const Json* list = FindMember(answer, name);
  return list != nullptr && list->is_array() ? *list : kNone;
}

}  // namespace

Result<Json> AcmApi::Send(const Call& call, std::string_view action, const Json& body, std::string_view doing,
                          base::http::Idempotency idempotency) const {
  return SendAwsJson(call, *session_, *transport_,
                     {.service = "acm",
                      .region = region_,
                      .target = Cat("CertificateManager.", action),
                      .body = body,
                      .doing = doing,
                      .idempotency = idempotency});
}

Result<std::string> AcmApi::Import(const Call& call, const AcmContent& content, const AwsTags& tags) const {
  Json body = ToJson(content);
  body["Tags"] = ToJson(tags);
  const auto answer = Send(call, "ImportCertificate", body, "the import of the certificate", base::http::Idempotency::kOnce);
  return answer ? GetString(*answer, "CertificateArn") : Result<std::string>(answer.error());
}

Result<void> AcmApi::ImportAgain(const Call& call, const std::string& arn, const AcmContent& content) const {
  Json body = ToJson(content);
  body["CertificateArn"] = arn;
  const auto answer = Send(call, "ImportCertificate", body, Cat("the import into ", arn));
  return answer ? Result<void>() : answer.error();
}

Result<std::string> AcmApi::GetChainPem(const Call& call, const std::string& arn) const {
  const auto answer = Send(call, "GetCertificate", {{"CertificateArn", arn}}, Cat("reading ", arn));
  if (!answer) return answer.error();
  return Cat(FindString(*answer, "Certificate").value_or(""), "\n", FindString(*answer, "CertificateChain").value_or(""));
}

Result<AcmDetails> AcmApi::Describe(const Call& call, const std::string& arn) const {
  const auto answer = Send(call, "DescribeCertificate", {{"CertificateArn", arn}}, Cat("describing ", arn));
  if (!answer) return answer.error();
  const Json* certificate = FindMember(*answer, "Certificate");
  if (certificate == nullptr) return Error{ErrorKind::kProtocol, "the response contains no certificate description"};
  return AcmDetails{.imported_at = ImportedAt(*certificate), .in_use_by = FindStrings(*certificate, "InUseBy")};
}

Result<std::map<std::string, std::string>> AcmApi::List(const Call& call) const {
  std::map<std::string, std::string> imported_at;
  Json body{{"MaxItems", kPageSize}, {"Includes", {{"keyTypes", kKeyTypes}}}};
  for (;;) {
    const auto answer = Send(call, "ListCertificates", body, "listing the certificates");
    if (!answer) return answer.error();
    for (const Json& one : ListOf(*answer, "CertificateSummaryList")) {
      imported_at[FindString(one, "CertificateArn").value_or("")] = ImportedAt(one);
    }
    const auto next = FindString(*answer, "NextToken");
    if (!next) return imported_at;
    body["NextToken"] = *next;
  }
}

Result<AwsTags> AcmApi::GetTags(const Call& call, const std::string& arn) const {
  const auto answer = Send(call, "ListTagsForCertificate", {{"CertificateArn", arn}}, Cat("reading the tags of ", arn));
  if (!answer) return answer.error();
  return FindTags(*answer, "Tags");
}

Result<void> AcmApi::AddTags(const Call& call, const std::string& arn, const AwsTags& tags) const {
  const auto answer = Send(call, "AddTagsToCertificate", {{"CertificateArn", arn}, {"Tags", ToJson(tags)}}, Cat("tagging ", arn));
  return answer ? Result<void>() : answer.error();
}

Result<void> AcmApi::RemoveTags(const Call& call, const std::string& arn, const AwsTags& tags) const {
  const Json body{{"CertificateArn", arn}, {"Tags", ToJson(tags)}};
  const auto answer = Send(call, "RemoveTagsFromCertificate", body, Cat("taking tags off ", arn));
  return answer ? Result<void>() : answer.error();
}

Result<void> AcmApi::Delete(const Call& call, const std::string& arn) const {
  const auto answer = Send(call, "DeleteCertificate", {{"CertificateArn", arn}}, Cat("the removal of ", arn));
  return answer ? Result<void>() : answer.error();
}

}  // namespace engine::vendors::aws

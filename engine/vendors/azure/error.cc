// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/azure/error.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/http/api_error.h"
#include "base/json.h"
#include "base/text.h"

namespace engine::vendors::azure {
namespace {

using base::Error;
using base::ErrorKind;
using base::FindMember;
using base::FindString;
using base::Json;
using base::ParseJsonObject;
using base::TimePoint;
using base::Trim;
using base::http::Complaint;
using base::http::MakeApiError;

constexpr std::array<std::string_view, 4> kRefusals = {"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"};

// "AADSTS7000215: Invalid client secret provided. …  Trace ID: … Correlation ID: …", in one line or several.
Complaint ReadDescription(std::string_view error, std::string_view description) {
  std::string_view line = description.substr(0, description.find_first_of("\r\n"));
  line = Trim(line.substr(0, line.find(" Trace ID:")));
  const auto colon = line.find(':');
  if (!line.starts_with("AADSTS") || colon == std::string_view::npos) return {std::string(error), std::string(line)};
  return {std::string(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))};
}

}  // namespace

Error MakeAzureError(std::string_view who, const base::http::Response& response, TimePoint now) {
  const auto answer = ParseJsonObject(response.body);
  const Json* error = answer ? FindMember(*answer, "error") : nullptr;
  Complaint complaint;
  std::string word;
  if (error != nullptr && error->is_string()) {
    word = error->get<std::string>();
    complaint = ReadDescription(word, FindString(*answer, "error_description").value_or(""));
  } else if (answer) {
    // Azure DNS at times leaves the envelope out.
    const Json& fields = error == nullptr ? *answer : *error;
    complaint = {FindString(fields, "code").value_or(""), FindString(fields, "message").value_or("")};
    // Key Vault says only there what kind of "Conflict" or "Forbidden" it is.
    const Json* inner = FindMember(fields, "innererror");
    if (inner != nullptr) complaint.code = FindString(*inner, "code").value_or(complaint.code);
  }
  Error made = MakeApiError(who, response, complaint, now);
  const bool is_refused = std::find(kRefusals.begin(), kRefusals.end(), word) != kRefusals.end();
  if (is_refused && response.status < 500) made.kind = ErrorKind::kDenied;
  return made;
}

}  // namespace engine::vendors::azure

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/error.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/http/client.h"
#include "base/http/status_kind.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/vendors/aws/xml.h"

namespace engine::vendors::aws {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::FindString;
using base::ParseJsonObject;
using base::Printable;
using base::TimePoint;
using base::Trim;

constexpr std::size_t kMaxMessage = 600;
constexpr std::size_t kMaxMessages = 20;

struct CodeKind {
  std::string_view code;
  ErrorKind kind;
};

// Sorted by code.
constexpr std::array kKinds = {
    CodeKind{"AccessDenied", ErrorKind::kDenied},
    CodeKind{"AccessDeniedException", ErrorKind::kDenied},
    CodeKind{"CertificateNotFound", ErrorKind::kNotFound},
    CodeKind{"ConflictException", ErrorKind::kConflict},
    CodeKind{"ExpiredToken", ErrorKind::kDenied},
    CodeKind{"ExpiredTokenException", ErrorKind::kDenied},
    CodeKind{"IncompleteSignature", ErrorKind::kDenied},
    CodeKind{"InternalError", ErrorKind::kUnavailable},
    CodeKind{"InternalFailure", ErrorKind::kUnavailable},
    CodeKind{"InvalidClientTokenId", ErrorKind::kDenied},
    CodeKind{"InvalidIdentityToken", ErrorKind::kDenied},
    CodeKind{"InvalidSignatureException", ErrorKind::kDenied},
    CodeKind{"LimitExceededException", ErrorKind::kConflict},
    CodeKind{"ListenerNotFound", ErrorKind::kNotFound},
    CodeKind{"MissingAuthenticationToken", ErrorKind::kDenied},
    CodeKind{"NoSuchChange", ErrorKind::kNotFound},
    CodeKind{"NoSuchHostedZone", ErrorKind::kNotFound},
    CodeKind{"NotAuthorized", ErrorKind::kDenied},
    CodeKind{"PriorRequestNotComplete", ErrorKind::kRateLimited},
    CodeKind{"RequestExpired", ErrorKind::kDenied},
    CodeKind{"RequestInProgressException", ErrorKind::kConflict},
    CodeKind{"RequestLimitExceeded", ErrorKind::kRateLimited},
    CodeKind{"RequestTimeTooSkewed", ErrorKind::kDenied},
    CodeKind{"ResourceExistsException", ErrorKind::kConflict},
    CodeKind{"ResourceInUseException", ErrorKind::kConflict},
    CodeKind{"ResourceNotFoundException", ErrorKind::kNotFound},
    CodeKind{"ServiceUnavailable", ErrorKind::kUnavailable},
    CodeKind{"SignatureDoesNotMatch", ErrorKind::kDenied},
    CodeKind{"Throttling", ErrorKind::kRateLimited},
    CodeKind{"ThrottlingException", ErrorKind::kRateLimited},
    CodeKind{"TooManyRequestsException", ErrorKind::kRateLimited},
    CodeKind{"UnrecognizedClientException", ErrorKind::kDenied},
};

ErrorKind KindOf(std::string_view code, int status) {
  const auto found = std::lower_bound(kKinds.begin(), kKinds.end(), code,
                                      [](const CodeKind& one, std::string_view wanted) { return one.code < wanted; });
  if (found != kKinds.end() && found->code == code) return found->kind;
  return base::http::KindOfStatus(status);
}

struct Said {
  std::string code;
  std::vector<std::string> messages;
};

// "com.amazonaws.acm#ResourceNotFoundException" and "Name:http://..." are the name alone.
std::string BareCode(std::string_view code) {
  code = code.substr(code.rfind('#') + 1);
  return std::string(code.substr(0, code.find(':')));
}

Said ReadJson(const base::http::Response& response) {
  Said said;
  if (const auto header = response.Find("x-amzn-errortype")) said.code = BareCode(*header);
  const auto body = ParseJsonObject(response.body);
  if (!body) return said;
  for (const std::string_view name : {"__type", "code", "Code"}) {
    if (said.code.empty()) said.code = BareCode(FindString(*body, name).value_or(""));
  }
  for (const std::string_view name : {"message", "Message"}) {
    if (auto message = FindString(*body, name)) said.messages.push_back(*std::move(message));
  }
  return said;
}

// <ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>, or Route 53's
// <InvalidChangeBatch><Messages><Message/>...</Messages></InvalidChangeBatch>.
Said ReadXml(const XmlElement& root) {
  Said said;
  const XmlElement* error = root.Find("Error");
  if (error == nullptr && root.Find("Errors") != nullptr) error = root.Find("Errors")->Find("Error");
  if (error == nullptr) error = &root;
  said.code = error->Text("Code");
  if (const std::string_view message = error->Text("Message"); !message.empty()) said.messages.emplace_back(message);
  const XmlElement* messages = error->Find("Messages");
  if (messages == nullptr) return said;
  if (said.code.empty()) said.code = root.name;
  for (const XmlElement* message : messages->FindAll("Message")) said.messages.push_back(message->text);
  return said;
}

}  // namespace

Error ParseAwsError(const base::http::Response& response, std::string_view action, TimePoint now) {
  const auto xml = Trim(response.body).starts_with('<') ? ParseXml(response.body) : Error{ErrorKind::kProtocol, ""};
  Said said = xml ? ReadXml(*xml) : ReadJson(response);
  if (said.messages.size() > kMaxMessages) said.messages.resize(kMaxMessages);
  for (std::string& message : said.messages) message = Printable(message, kMaxMessage);
  const std::string code = Printable(said.code, 100);
  Error error{
      .kind = KindOf(code, response.status), .message = {}, .retry_after = base::http::RetryAfter(response, now), .code = code};
  const std::string words = said.messages.empty() ? "" : Cat(": ", said.messages.front());
  const std::string_view verb = error.kind == ErrorKind::kUnavailable ? "AWS failed at " : "AWS refused ";
  error.message = Cat(verb, action, words, " (", code.empty() ? Cat("status ", response.status) : code, ")");
  if (code == "RequestTimeTooSkewed" || code == "RequestExpired") {
    error.message.append("; this machine's clock is wrong, set it right");
  }
  if (said.messages.size() > 1) error.details.assign(said.messages.begin(), said.messages.end());
  return error;
}

}  // namespace engine::vendors::aws

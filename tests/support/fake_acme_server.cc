// SPDX-License-Identifier: MPL-2.0
// Requests, signatures, nonces and faults; what the resources do is in fake_acme_resources.cc.
#include "tests/support/fake_acme_server.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/text.h"

namespace tests {
namespace {

using base::Json;
using base::http::Request;
using base::http::Response;

struct Route_ {
  std::string_view prefix;
  AcmeRequest kind;
};
constexpr std::array<Route_, 12> kRoutes = {{{"/account/", AcmeRequest::kAccount},
                                             {"/authz/", AcmeRequest::kAuthorization},
                                             {"/cert/", AcmeRequest::kCertificate},
                                             {"/chall/", AcmeRequest::kChallenge},
                                             {"/dir", AcmeRequest::kDirectory},
                                             {"/finalize/", AcmeRequest::kFinalize},
                                             {"/key-change", AcmeRequest::kKeyChange},
                                             {"/new-account", AcmeRequest::kNewAccount},
                                             {"/new-nonce", AcmeRequest::kNewNonce},
                                             {"/renewal/", AcmeRequest::kRenewalInfo},
                                             {"/revoke", AcmeRequest::kRevoke},
                                             {"/order/", AcmeRequest::kOrder}}};

std::string_view HeaderOf(const Request& request, std::string_view name) {
  for (const auto& header : request.headers) {
    if (base::EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return {};
}

base::Error Broken() { return {base::ErrorKind::kUnavailable, "the connection to acme.test broke"}; }

}  // namespace

Response ProblemReply(int status, const std::string& type, const std::string& detail) {
  const Json document = {{"type", "urn:ietf:params:acme:error:" + type}, {"detail", detail}, {"status", status}};
  return {status, {{"Content-Type", "application/problem+json"}}, base::DumpJson(document)};
}

void FakeAcmeServer::Inject(AcmeFault fault) {
  std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void FakeAcmeServer::ForgetFaults() {
  std::lock_guard lock(mutex_);
  faults_.clear();
}

void FakeAcmeServer::LoseOrders() {
  std::lock_guard lock(mutex_);
  orders_.clear();
}

void FakeAcmeServer::InvalidateOrders() {
  std::lock_guard lock(mutex_);
  for (auto& [path, order] : orders_) order.status = "invalid";
}

void FakeAcmeServer::Before(AcmeRequest kind, std::function<void()> action) {
  std::lock_guard lock(mutex_);
  hooks_[kind] = std::move(action);
}

void FakeAcmeServer::SetTxt(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  txt_.emplace(fqdn, value);
}

void FakeAcmeServer::ClearTxt(const std::string& fqdn, const std::string& value) {
  std::lock_guard lock(mutex_);
  for (auto [at, end] = txt_.equal_range(fqdn); at != end;) at = at->second == value ? txt_.erase(at) : std::next(at);
}

std::multimap<std::string, std::string> FakeAcmeServer::txt() const {
  std::lock_guard lock(mutex_);
  return txt_;
}

int FakeAcmeServer::count(AcmeRequest kind) const {
  std::lock_guard lock(mutex_);
  const auto found = counts_.find(kind);
  return found == counts_.end() ? 0 : found->second;
}

int FakeAcmeServer::total() const {
  std::lock_guard lock(mutex_);
  int sum = 0;
  for (const auto& [kind, number] : counts_) sum += number;
  return sum;
}

int FakeAcmeServer::refused_orders() const {
  std::lock_guard lock(mutex_);
  return refused_orders_;
}

std::vector<std::string> FakeAcmeServer::violations() const {
  std::lock_guard lock(mutex_);
  return violations_;
}

void FakeAcmeServer::ForgetViolations() {
  std::lock_guard lock(mutex_);
  violations_.clear();
}

std::vector<std::string> FakeAcmeServer::pending_authorizations() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, one] : authorizations_) {
    if (one.status == "pending") names.push_back(one.identifier);
  }
  return names;
}

int FakeAcmeServer::orders() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(orders_.size());
}

int FakeAcmeServer::certificates() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(
      std::count_if(orders_.begin(), orders_.end(), [](const auto& one) { return !one.second.certificate.empty(); }));
}

Json FakeAcmeServer::last_payload(AcmeRequest kind) const {
  std::lock_guard lock(mutex_);
  const auto found = payloads_.find(kind);
  return found == payloads_.end() ? Json() : found->second;
}

std::string FakeAcmeServer::Link(const std::string& path) const {
  return behaviour.relative_urls ? path : behaviour.base_url + path;
}

std::string FakeAcmeServer::NewNonce() {
  const std::string nonce = base::Cat("nonce_", ++next_);
  nonces_.insert(nonce);
  return nonce;
}

Response FakeAcmeServer::Violation(std::string what) {
  violations_.push_back(what);
  return ProblemReply(400, "malformed", what);
}

AcmeRequest FakeAcmeServer::KindOf(const std::string& path) const {
  if (path == new_order_path_) return AcmeRequest::kNewOrder;
  for (const Route_& route : kRoutes) {
    if (path.starts_with(route.prefix)) return route.kind;
  }
  return AcmeRequest::kUnknown;
}

std::optional<AcmeFault> FakeAcmeServer::NextFault(AcmeRequest kind) {
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->at != kind) continue;
    if (fault->skip > 0) {
      --fault->skip;
      return std::nullopt;
    }
    AcmeFault found = *fault;
    if (--fault->times == 0) faults_.erase(fault);
    return found;
  }
  return std::nullopt;
}

base::Result<Response> FakeAcmeServer::Send(const base::Call& call, const Request& request) {
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  std::optional<AcmeFault> fault;
  std::function<void()> hook;
  {
    std::lock_guard lock(mutex_);
    const AcmeRequest kind = KindOf(request.url.substr(std::min(request.url.size(), behaviour.base_url.size())));
    fault = NextFault(kind);
    if (const auto found = hooks_.find(kind); found != hooks_.end()) hook = found->second;
    if (fault && fault->what != AcmeFault::What::kLostResponse) ++counts_[kind];
  }
  if (hook) hook();
  if (auto fine = call.Check(); !fine) return std::move(fine).error();
  if (!fault) return Handle(request);
  if (fault->what == AcmeFault::What::kReset) return Broken();
  if (fault->what == AcmeFault::What::kReply) return fault->reply;
  (void)Handle(request);
  return Broken();
}

Response FakeAcmeServer::Handle(const Request& request) {
  std::lock_guard lock(mutex_);
  if (!request.url.starts_with(behaviour.base_url)) return Violation("a request to another server: " + request.url);
  const std::string path = request.url.substr(behaviour.base_url.size());
  const AcmeRequest kind = KindOf(path);
  ++counts_[kind];
  if (kind == AcmeRequest::kUnknown) return {404, {}, "404 page not found"};
  if (kind == AcmeRequest::kDirectory) return DirectoryReply();
  if (kind == AcmeRequest::kNewNonce) {
    return {request.method == "HEAD" ? 200 : 204, {{"Replay-Nonce", NewNonce()}, {"Cache-Control", "no-store"}}, ""};
  }
  if (kind == AcmeRequest::kRenewalInfo) return RenewalInfo(path, request);
  if (request.method != "POST") return Violation(base::Cat(request.method, " of ", path));
  Response response = Post(kind, path, request);
  response.headers.push_back({"Replay-Nonce", NewNonce()});
  response.headers.push_back({"Link", base::Cat("<", behaviour.base_url, "/dir>;rel=\"index\"")});
  return response;
}

Response FakeAcmeServer::Post(AcmeRequest kind, const std::string& path, const Request& request) {
  if (HeaderOf(request, "content-type") != "application/jose+json")
    return Violation("another Content-Type than application/jose+json");
  const auto body = base::ParseJsonObject(request.body);
  if (!body || body->size() != 3) return Violation("the body is no flattened JWS");
  const std::string encoded_header = base::FindString(*body, "protected").value_or("?");
  const std::string encoded_payload = base::FindString(*body, "payload").value_or("?");
  const auto header_text = base::FromBase64Url(encoded_header);
  const auto payload = base::FromBase64Url(encoded_payload);
  const auto signature = base::FromBase64Url(base::FindString(*body, "signature").value_or("?"));
  if (!header_text || !payload || !signature) return Violation("a member is not base64url without padding");
  const auto header = base::ParseJsonObject(*header_text);
  if (!header) return Violation("the protected header is not JSON");

  Signed post{.account = {}, .jwk = {}, .payload = *payload};
  if (auto refusal = CheckHeader(kind, *header, request.url, post)) return *std::move(refusal);
  const std::string algorithm = base::FindString(*header, "alg").value_or("");
  if (!Verify(algorithm, KeyFromJwk(post.jwk), base::Cat(encoded_header, '.', encoded_payload), *signature)) {
    return Violation("the signature is wrong, " + algorithm);
  }
  if (nonces_.erase(base::FindString(*header, "nonce").value_or("")) == 0) return Violation("an unknown or used nonce");
  if (behaviour.reject_nonces > 0) {
    --behaviour.reject_nonces;
    return ProblemReply(400, "badNonce", "JWS has an invalid anti-replay nonce");
  }
  if (!post.account.empty() && !accounts_[post.account].active)
    return ProblemReply(403, "unauthorized", "the account is deactivated");
  if (IsLate(path)) return ProblemReply(404, "malformed", "nothing is known of this URL");
  if (!payload->empty()) payloads_[kind] = base::ParseJson(*payload) ? *base::ParseJson(*payload) : Json();
  return Route(kind, path, post);
}

std::optional<Response> FakeAcmeServer::CheckHeader(AcmeRequest kind, const Json& header, const std::string& url, Signed& out) {
  for (const auto& member : header.items()) {
    static const std::set<std::string> kAllowed = {"alg", "jwk", "kid", "nonce", "url"};
    if (kAllowed.count(member.key()) == 0) return Violation("a foreign member in the protected header: " + member.key());
  }
  if (base::FindString(header, "url") != url) return Violation("the url in the header is not the URL of the request");
  const Json* jwk = base::FindMember(header, "jwk");
  const auto kid = base::FindString(header, "kid");
  if ((jwk != nullptr) == kid.has_value()) return Violation("not exactly one of jwk and kid");
  const bool may_have_either = kind == AcmeRequest::kRevoke;  // section 7.6: the certificate's key signs with a jwk
  if (!may_have_either && (kind == AcmeRequest::kNewAccount) != (jwk != nullptr))
    return Violation("jwk outside newAccount, or kid in it");
  if (jwk != nullptr) {
    out.jwk = *jwk;
    return std::nullopt;
  }
  if (!kid->starts_with(behaviour.base_url)) return Violation("the kid is no absolute account URL");
  out.account = kid->substr(behaviour.base_url.size());
  const auto account = accounts_.find(out.account);
  if (account == accounts_.end()) return ProblemReply(400, "accountDoesNotExist", "no such account");
  out.jwk = account->second.jwk;
  return std::nullopt;
}

Response FakeAcmeServer::Route(AcmeRequest kind, const std::string& path, const Signed& post) {
  switch (kind) {
    case AcmeRequest::kNewAccount:
      return NewAccount(post);
    case AcmeRequest::kAccount:
      return UpdateAccount(path, post);
    case AcmeRequest::kKeyChange:
      return KeyChange(post);
    case AcmeRequest::kNewOrder:
      return NewOrder(post);
    case AcmeRequest::kOrder:
      return LookAtOrder(path, post);
    case AcmeRequest::kAuthorization:
      return AuthorizationReply(path, post);
    case AcmeRequest::kChallenge:
      return AnswerChallenge(path, post);
    case AcmeRequest::kFinalize:
      return Finalize(path, post);
    case AcmeRequest::kRevoke:
      return Revoke(post);
    default:
      return Certificate(path, post);
  }
}

}  // namespace tests

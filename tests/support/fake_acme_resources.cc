// SPDX-License-Identifier: MPL-2.0
// The state machines of RFC 8555 section 7.1.6, as FakeAcmeServer keeps them.
#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "tests/support/fake_acme_server.h"

namespace tests {
namespace {

using base::Json;
using base::http::Response;
using std::chrono::hours;

Response JsonReply(int status, const Json& document, std::vector<base::http::Header> headers = {}) {
  headers.push_back({"Content-Type", "application/json"});
  return {status, std::move(headers), base::DumpJson(document)};
}

std::string IdOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Json PayloadOf(const std::string& text) {
  const auto value = base::ParseJson(text);
  return value ? *value : Json();
}

}  // namespace

Response FakeAcmeServer::DirectoryReply() const {
  Json meta = {{"externalAccountRequired", !behaviour.eab_keys.empty()}};
  if (behaviour.has_terms) meta["termsOfService"] = "https://acme.test/terms";
  if (!behaviour.caa_identities.empty()) meta["caaIdentities"] = behaviour.caa_identities;
  if (!behaviour.account_hash_prefix.empty()) {
    meta["issuerDomainNames"] = behaviour.issuer_domain_names;
    meta["accountHashPrefix"] = behaviour.account_hash_prefix;
  }
  for (const std::string& profile : behaviour.profiles) meta["profiles"][profile] = "https://acme.test/" + profile;
  Json directory = {{"newNonce", behaviour.base_url + "/new-nonce"},
                    {"newAccount", behaviour.base_url + "/new-account"},
                    {"newOrder", behaviour.base_url + new_order_path_},
                    {"revokeCert", behaviour.base_url + "/revoke"},
                    {"meta", meta},
                    {"Xq1aBc", "https://community.letsencrypt.org/t/417"}};
  if (behaviour.offers_key_change) directory["keyChange"] = behaviour.base_url + "/key-change";
  if (!behaviour.renewal_start.empty()) directory["renewalInfo"] = behaviour.base_url + "/renewal";
  return JsonReply(200, directory);
}

std::string FakeAcmeServer::CheckBinding(const Signed& post, const Json& binding) {
  const auto header = base::ParseJson(base::FromBase64Url(base::FindString(binding, "protected").value_or("")).value_or(""));
  if (!header || base::FindString(*header, "alg") != "HS256" || base::FindMember(*header, "nonce") != nullptr)
    return "bad header";
  if (base::FindString(*header, "url") != behaviour.base_url + "/new-account") return "bad url";
  const auto key = behaviour.eab_keys.find(base::FindString(*header, "kid").value_or(""));
  if (key == behaviour.eab_keys.end()) return "unknown kid";
  const std::string payload = base::FindString(binding, "payload").value_or("");
  if (PayloadOf(base::FromBase64Url(payload).value_or("")) != post.jwk) return "the payload is not the account's key";
  const std::string message = base::Cat(base::FindString(binding, "protected").value_or(""), '.', payload);
  const bool right = base::FindString(binding, "signature") == base::Base64Url(HmacSha256(key->second, message));
  return right ? "" : "verification error";
}

Response FakeAcmeServer::NewAccount(const Signed& post) {
  const Json payload = PayloadOf(post.payload);
  for (const auto& [path, account] : accounts_) {
    if (account.jwk != post.jwk) continue;
    if (!account.active) return ProblemReply(403, "unauthorized", "the account is deactivated");
    return JsonReply(200, {{"status", "valid"}}, {{"Location", Link(path)}});
  }
  if (base::FindBool(payload, "onlyReturnExisting") == true) return ProblemReply(400, "accountDoesNotExist", "no such account");
  if (base::FindBool(payload, "termsOfServiceAgreed") != true)
    return ProblemReply(403, "userActionRequired", "agree to the terms");
  for (const std::string& contact : base::FindStrings(payload, "contact")) {
    if (!contact.starts_with("mailto:")) return ProblemReply(400, "unsupportedContact", "only mailto is supported");
  }
  if (!behaviour.eab_keys.empty()) {
    const Json* binding = base::FindMember(payload, "externalAccountBinding");
    if (binding == nullptr) return ProblemReply(403, "externalAccountRequired", "an external account binding is required");
    if (const auto wrong = CheckBinding(post, *binding); !wrong.empty()) {
      return ProblemReply(403, "unauthorized", "external account binding: " + wrong);
    }
  }
  const std::string path = base::Cat("/account/", ++next_);
  accounts_[path] = {.jwk = post.jwk, .key = KeyFromJwk(post.jwk), .contacts = base::FindStrings(payload, "contact")};
  return JsonReply(201, {{"status", "valid"}}, {{"Location", Link(path)}});
}

// RFC 8555 section 7.3.5: the new key signs for the account and the old key, inside what the old key signed.
Response FakeAcmeServer::KeyChange(const Signed& post) {
  const Json inner = PayloadOf(post.payload);
  const std::string encoded_header = base::FindString(inner, "protected").value_or("");
  const std::string encoded_payload = base::FindString(inner, "payload").value_or("");
  const Json header = PayloadOf(base::FromBase64Url(encoded_header).value_or(""));
  const Json payload = PayloadOf(base::FromBase64Url(encoded_payload).value_or(""));
  const Json* jwk = base::FindMember(header, "jwk");
  if (jwk == nullptr || base::FindMember(header, "nonce") != nullptr || base::FindMember(header, "kid") != nullptr)
    return Violation("the inner header of a key change has no jwk, or a nonce or kid");
  if (base::FindString(header, "url") != behaviour.base_url + "/key-change") return Violation("the inner url is another one");
  if (base::FindString(payload, "account") != behaviour.base_url + post.account)
    return Violation("the inner account is another one");
  if (base::FindMember(payload, "oldKey") == nullptr || *base::FindMember(payload, "oldKey") != post.jwk)
    return Violation("oldKey is not the account's key");
  const auto signature = base::FromBase64Url(base::FindString(inner, "signature").value_or(""));
  if (!Verify(base::FindString(header, "alg").value_or(""), KeyFromJwk(*jwk), base::Cat(encoded_header, '.', encoded_payload),
              signature.value_or(""))) {
    return Violation("the inner signature is wrong");
  }
  for (const auto& [path, account] : accounts_) {
    if (account.jwk == *jwk) return JsonReply(409, {{"type", "about:blank"}, {"status", 409}}, {{"Location", Link(path)}});
  }
  accounts_[post.account].jwk = *jwk;
  accounts_[post.account].key = KeyFromJwk(*jwk);
  return JsonReply(200, {{"status", "valid"}});
}

Response FakeAcmeServer::UpdateAccount(const std::string& path, const Signed& post) {
  if (path != post.account) return ProblemReply(403, "unauthorized", "another account");
  Account& account = accounts_[path];
  const Json payload = post.payload.empty() ? Json::object() : PayloadOf(post.payload);  // POST-as-GET, or an update
  if (base::FindString(payload, "status") == "deactivated") account.active = false;
  if (base::FindMember(payload, "contact") != nullptr) account.contacts = base::FindStrings(payload, "contact");
  return JsonReply(200, {{"status", account.active ? "valid" : "deactivated"}, {"contact", account.contacts}});
}

std::string FakeAcmeServer::NewAuthorization(const std::string& name, const std::string& account) {
  const bool wildcard = name.starts_with("*.");
  const std::string identifier = wildcard ? name.substr(2) : name;
  std::string token = base::Cat("token_", ++next_, "-", std::string(20, 'x'));
  for (const auto& [path, other] : authorizations_) {
    if (behaviour.same_token && other.identifier == identifier) token = other.token;
  }
  const std::string path = base::Cat("/authz/", ++next_);
  authorizations_[path] = {.identifier = identifier, .wildcard = wildcard, .token = token, .account = account};
  if (behaviour.world.found_processing) authorizations_[path].challenge_status = "processing";
  if (const auto set = behaviour.authorization_status.find(name); set != behaviour.authorization_status.end()) {
    authorizations_[path].status = set->second;
  }
  return path;
}

Response FakeAcmeServer::NewOrder(const Signed& post) {
  const Json payload = PayloadOf(post.payload);
  const Json* identifiers = base::FindMember(payload, "identifiers");
  if (identifiers == nullptr || !identifiers->is_array() || identifiers->empty())
    return Violation("an order without identifiers");
  Order order{.account = post.account, .names = {}, .authorizations = {}};
  Json subproblems = Json::array();
  for (const Json& identifier : *identifiers) {
    if (base::FindString(identifier, "type") != "dns") return Violation("an identifier that is no DNS name");
    order.names.push_back(base::FindString(identifier, "value").value_or(""));
    if (behaviour.rejected.count(order.names.back()) == 0) continue;
    subproblems.push_back({{"type", "urn:ietf:params:acme:error:rejectedIdentifier"},
                           {"detail", "forbidden by policy"},
                           {"identifier", identifier}});
  }
  if (!subproblems.empty()) {
    Json document = PayloadOf(ProblemReply(400, "rejectedIdentifier", "some names were refused").body);
    document["subproblems"] = subproblems;
    return JsonReply(400, document);
  }
  if (auto refusal = CheckReplaces(payload)) return *std::move(refusal);
  if (behaviour.refuses_not_after && base::FindMember(payload, "notAfter") != nullptr)
    return ProblemReply(400, "malformed", "NotBefore and NotAfter are not supported");
  order.profile = base::FindString(payload, "profile").value_or("");
  if (const std::string shared = FindShared(order); !shared.empty()) {
    orders_[shared].was_shared = true;
    Response reply = OrderReply(200, shared, orders_[shared]);
    reply.headers.push_back({"Location", Link(shared)});
    return reply;
  }
  if (auto refusal = Throttle()) return *std::move(refusal);
  if (!behaviour.other_order_name.empty()) order.names.push_back(behaviour.other_order_name);
  for (const std::string& name : order.names) order.authorizations.push_back(NewAuthorization(name, post.account));
  if (behaviour.reverse_authorizations) std::reverse(order.authorizations.begin(), order.authorizations.end());
  Advance(order);
  const std::string path = base::Cat("/order/", ++next_);
  orders_[path] = order;
  Response reply = OrderReply(201, path, order);
  reply.headers.push_back({"Location", Link(path)});
  return reply;
}

// From pending to ready or invalid, as its authorizations say.
void FakeAcmeServer::Advance(Order& order) {
  if (order.status != "pending") return;
  const auto all = [&](const char* status) {
    return std::all_of(order.authorizations.begin(), order.authorizations.end(),
                       [&](const std::string& path) { return authorizations_[path].status == status; });
  };
  const bool failed = std::any_of(order.authorizations.begin(), order.authorizations.end(), [&](const std::string& path) {
    return authorizations_[path].status != "valid" && authorizations_[path].status != "pending";
  });
  if (failed && !behaviour.order_ignores_failures) order.status = "invalid";
  if (all("valid") && order.looks >= behaviour.polls_until_ready) order.status = "ready";
  if (all("valid") && order.status == "pending") ++order.looks;
}

Response FakeAcmeServer::OrderReply(int status, const std::string& path, const Order& order) const {
  Json document = {{"status", order.status}, {"expires", "2030-01-01T00:00:00Z"}, {"finalize", Link("/finalize/" + IdOf(path))}};
  document["identifiers"] = Json::array();
  document["authorizations"] = Json::array();
  for (const std::string& name : order.names) {
    const bool is_cut = !behaviour.shows_wildcards && name.starts_with("*.");
    document["identifiers"].push_back({{"type", "dns"}, {"value", is_cut ? name.substr(2) : name}});
  }
  for (const std::string& authorization : order.authorizations) document["authorizations"].push_back(Link(authorization));
  if (order.status == "valid") document["certificate"] = Link("/cert/" + IdOf(path));
  Response reply = JsonReply(status, document);
  if (!behaviour.order_retry_after.empty()) reply.headers.push_back({"Retry-After", behaviour.order_retry_after});
  return reply;
}

Response FakeAcmeServer::LookAtOrder(const std::string& path, const Signed& post) {
  if (!post.payload.empty()) return Violation("a look at an order is POST-as-GET");
  const auto order = orders_.find(path);
  if (order == orders_.end() || order->second.account != post.account) return ProblemReply(404, "malformed", "no such order");
  Advance(order->second);
  if (order->second.status == "processing" && order->second.looks++ >= behaviour.polls_until_valid - 1)
    order->second.status = "valid";
  Order shown = order->second;
  shown.status = ShownStatus(order->second);
  return OrderReply(200, path, shown);
}

Response FakeAcmeServer::AuthorizationReply(const std::string& path, const Signed& post) {
  const auto found = authorizations_.find(path);
  if (found == authorizations_.end() || found->second.account != post.account)
    return ProblemReply(404, "malformed", "no such authorization");
  Authorization& authorization = found->second;
  if (!post.payload.empty()) {
    if (PayloadOf(post.payload) != Json({{"status", "deactivated"}})) return Violation("an authorization is read or deactivated");
    authorization.status = "deactivated";
  }
  Json challenge = {{"type", behaviour.only_challenge},
                    {"url", Link("/chall/" + IdOf(path))},
                    {"token", authorization.token},
                    {"status", authorization.challenge_status}};
  if (behaviour.only_challenge == "dns-persist-01") {
    challenge.erase("token");
    challenge[behaviour.account_hash_prefix.empty() ? "issuer-domain-names" : "issuerDomainNames"] =
        behaviour.issuer_domain_names;
  }
  if (!authorization.problem.is_null()) challenge["error"] = authorization.problem;
  Json document = {
      {"status", authorization.status},
      {"identifier", {{"type", "dns"}, {"value", authorization.identifier}}},
      {"challenges", {{{"type", "http-01"}, {"url", Link("/chall/none")}, {"token", "t"}, {"status", "pending"}}, challenge}}};
  if (authorization.wildcard && behaviour.shows_wildcards) document["wildcard"] = true;
  return JsonReply(200, document);
}

// The one value that it takes (draft-ietf-acme-dns-persist-02 section 4.1; before, the account's URL stands for itself).
std::string FakeAcmeServer::PersistentValue(const Authorization& authorization, const Signed& post) const {
  std::string account = behaviour.base_url + post.account;
  if (!behaviour.account_hash_prefix.empty()) {
    const std::string& name = authorization.identifier;
    account = behaviour.account_hash_prefix + "sha-256/" +
              Sha256Base64Url(base::Cat(static_cast<char>(name.size()), name, Thumbprint(post.jwk), account));
  }
  return base::Cat(behaviour.issuer_domain_names.front(), "; accounturi=", account,
                   authorization.wildcard ? "; policy=wildcard" : "");
}

Response FakeAcmeServer::AnswerChallenge(const std::string& path, const Signed& post) {
  const auto found = authorizations_.find("/authz/" + IdOf(path));
  if (found == authorizations_.end()) return ProblemReply(404, "malformed", "no such challenge");
  if (post.payload.empty()) return Violation("a challenge is polled; its authorization is to be");
  if (post.payload != "{}") return Violation("the payload of an answer is {}");
  Authorization& authorization = found->second;
  const bool is_open = authorization.challenge_status == "pending" ||
                       (behaviour.world.found_processing && authorization.challenge_status == "processing");
  if (behaviour.world.is_lenient && (authorization.status != "pending" || !is_open))
    return ProblemReply(400, "malformed", "challenge is not pending");
  if (authorization.status != "pending" || !is_open) {
    return Violation(
        base::Cat("answer to a challenge that is ", authorization.challenge_status, ", authorization ", authorization.status));
  }
  std::string wanted = Sha256Base64Url(base::Cat(authorization.token, '.', Thumbprint(post.jwk)));
  std::string name = base::Cat("_acme-challenge.", authorization.identifier, '.');
  if (behaviour.only_challenge == "dns-account-01") name = base::Cat(behaviour.account_label, '.', name);
  if (behaviour.only_challenge == "dns-persist-01") {
    name = base::Cat("_validation-persist.", authorization.identifier, '.');
    wanted = PersistentValue(authorization, post);
  }
  const auto [begin, end] = txt_.equal_range(name);
  const bool proven = std::any_of(begin, end, [&](const auto& record) { return record.second == wanted; });
  if (authorization.answers++ < behaviour.world.hiccups) {
    authorization.problem = PayloadOf(ProblemReply(400, "dns", "SERVFAIL for the TXT records").body);
    return JsonReply(200, {{"type", "dns-01"}, {"url", Link(path)}, {"status", "pending"}, {"token", authorization.token}});
  }
  authorization.problem = Json();
  authorization.challenge_status = proven ? "valid" : "invalid";
  authorization.status = authorization.challenge_status;
  if (behaviour.slow_challenges) {
    authorization.challenge_status = "processing";
    authorization.status = "pending";
  } else if (!proven) {
    authorization.problem = PayloadOf(ProblemReply(400, "dns", "no TXT record found").body);
  }
  return JsonReply(200, {{"type", "dns-01"}, {"url", Link(path)}, {"status", "processing"}, {"token", authorization.token}},
                   {{"Link", base::Cat("<", Link(found->first), ">;rel=\"up\"")}});
}

Response FakeAcmeServer::Finalize(const std::string& path, const Signed& post) {
  const auto found = orders_.find("/order/" + IdOf(path));
  if (found == orders_.end()) return ProblemReply(404, "malformed", "no such order");
  Order& order = found->second;
  Advance(order);
  if (order.status != "ready") return ProblemReply(403, "orderNotReady", base::Cat("the order is ", order.status));
  const auto csr = base::FromBase64Url(base::FindString(PayloadOf(post.payload), "csr").value_or("?"));
  std::vector<std::string> names = ReadCsr(csr.value_or("")).names;
  std::sort(names.begin(), names.end());
  std::vector<std::string> ordered = order.names;
  std::sort(ordered.begin(), ordered.end());
  if (names != ordered) return ProblemReply(400, "badCSR", "the request is for other names than the order");
  order.certificate = Issue(*csr);
  order.looks = 0;
  order.status = behaviour.polls_until_valid == 0 ? "valid" : "processing";
  Order shown = order;
  shown.status = ShownStatus(order);
  return OrderReply(200, found->first, shown);
}

std::string FakeAcmeServer::Issue(std::string_view csr) const {
  const base::TimePoint now = clock_.Now();
  const Validity good{now - hours(1), now + hours(24 * 90)};
  auto names = ReadCsr(csr).names;
  if (!behaviour.more_certificate_names.empty()) {
    names.push_back(behaviour.more_certificate_names);
    return ca_.SignAs(csr, names, good) + ca_.root_pem();
  }
  switch (behaviour.wrong_certificate) {
    case WrongCertificate::kOtherKey:
      return ca_.Make(names, good).certificate_pem;
    case WrongCertificate::kOtherNames:
      return ca_.SignAs(csr, {"other.test"}, good);
    case WrongCertificate::kExpired:
      return ca_.Sign(csr, {now - hours(48), now - hours(24)});
    case WrongCertificate::kGarbage:
      return "<html>certificate</html>";
    case WrongCertificate::kCutOff:
      return ca_.Sign(csr, good).substr(0, 200);
    case WrongCertificate::kWithPrivateKey:
      return ca_.Sign(csr, good) + ca_.Make(names, good).key_pem;
    case WrongCertificate::kNone:
      break;
  }
  return ca_.Sign(csr, good) + ca_.root_pem();
}

std::string FakeAcmeServer::FindShared(const Order& wanted) const {
  if (!behaviour.world.shared) return {};
  for (const auto& [path, one] : orders_) {
    const bool is_same = one.account == wanted.account && one.names == wanted.names && one.profile == wanted.profile;
    const bool is_open = one.status == "pending" || one.status == "ready";
    const bool is_issued = one.status == "processing" || one.status == "valid";
    if (is_same && (is_open || (is_issued && behaviour.world.shares_issued && !one.was_shared))) return path;
  }
  return {};
}

std::optional<Response> FakeAcmeServer::Throttle() {
  const AcmeWorld& world = behaviour.world;
  if (world.orders_per_window == 0) return std::nullopt;
  const base::TimePoint now = clock_.Now();
  while (!accepted_orders_.empty() && accepted_orders_.front() + world.window <= now) accepted_orders_.pop_front();
  if (static_cast<int>(accepted_orders_.size()) < world.orders_per_window) {
    accepted_orders_.push_back(now);
    return std::nullopt;
  }
  ++refused_orders_;
  Response refusal = ProblemReply(429, "rateLimited", "too many new orders");
  const auto left = std::chrono::ceil<std::chrono::seconds>(accepted_orders_.front() + world.window - now);
  refusal.headers.push_back({"Retry-After", std::to_string(left.count())});
  return refusal;
}

bool FakeAcmeServer::IsLate(const std::string& path) {
  if (behaviour.world.late.count() == 0 || path == new_order_path_ || KindOf(path) == AcmeRequest::kNewAccount) return false;
  const base::TimePoint now = clock_.Now();
  return now < handed_out_.try_emplace(path, now).first->second + behaviour.world.late;
}

std::string FakeAcmeServer::ShownStatus(Order& order) {
  if (order.status == order.shown) return order.status;
  if (order.stale_looks++ < behaviour.world.stale) return order.shown;
  order.stale_looks = 0;
  order.shown = order.status;
  return order.shown;
}

Response FakeAcmeServer::Certificate(const std::string& path, const Signed& post) {
  if (!post.payload.empty()) return Violation("a certificate is fetched by POST-as-GET");
  const auto order = orders_.find("/order/" + IdOf(path));
  if (order == orders_.end() || order->second.status != "valid") return Violation("a certificate that is not there yet");
  Response reply{200, {{"Content-Type", "application/pem-certificate-chain"}}, order->second.certificate};
  const std::string leaf = reply.body.substr(0, reply.body.find("-----BEGIN", 1));
  if (behaviour.usual_roots) reply.body = leaf + *behaviour.usual_roots;
  for (std::size_t i = 0; i < behaviour.alternate_roots.size(); ++i) {
    const std::string alternate = base::Cat("/cert/alternate-", i, "/", IdOf(path));
    if (path == alternate) reply.body = leaf + behaviour.alternate_roots[i];
    if (path != alternate) reply.headers.push_back({"Link", base::Cat("<", Link(alternate), ">;rel=\"alternate\"")});
  }
  return reply;
}

}  // namespace tests

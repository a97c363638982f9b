// SPDX-License-Identifier: MPL-2.0
// A strict, programmable ACME server (RFC 8555): it checks every MUST of what clients send, issues real certificates, and fails
// where a test tells it to. In-process as a base::http::Transport, or behind a LoopbackServer for foreign clients.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "tests/support/jose.h"
#include "tests/support/test_ca.h"

namespace tests {

enum class AcmeRequest {
  kDirectory,
  kNewNonce,
  kNewAccount,
  kAccount,
  kNewOrder,
  kOrder,
  kAuthorization,
  kChallenge,
  kFinalize,
  kCertificate,
  kRenewalInfo,
  kRevoke,
  kKeyChange,
  kUnknown
};

struct AcmeFault {
  enum class What {
    kReset,         // the request is lost
    kLostResponse,  // the server acts, the client does not hear of it
    kReply,         // `reply` instead of acting
  };
  AcmeRequest at = AcmeRequest::kUnknown;
  What what = What::kReply;
  base::http::Response reply{};
  int skip = 0;  // so many requests of the kind pass first
  int times = 1;
};

enum class WrongCertificate { kNone, kOtherKey, kOtherNames, kExpired, kGarbage, kCutOff, kWithPrivateKey };

// What CAs do that Pebble never shows: a server answers at once and never revises an answer unless one of these is set.
struct AcmeWorld {
  std::chrono::milliseconds late{0};    // so long each URL that was handed out is not found: replicas lag
  int stale = 0;                        // so many looks at an order show its former status after each change
  bool shared = false;                  // newOrder returns the account's order for the same names, unless that is over
  bool shares_issued = false;           // with `shared`: even one that is processing or valid, once
  int hiccups = 0;                      // so many answers to each challenge leave it pending with an error
  bool found_processing = false;        // challenges are processing from the start, and validated when they are answered
  int orders_per_window = 0;            // more are refused with 429 and Retry-After; 0: no limit
  std::chrono::milliseconds window{0};  // slides
  bool is_lenient = false;              // answers to challenges that are not pending are refused without being a violation
};

// How the server behaves; set before the client starts.
struct AcmeBehaviour {
  std::string base_url = "https://acme.test";
  std::map<std::string, std::string> eab_keys{};  // kid to raw MAC key; not empty: a binding is required
  int reject_nonces = 0;                          // so many good nonces are refused
  int polls_until_ready = 0;                      // an order stays pending for so many looks after its validation
  int polls_until_valid = 1;                      // 0: finalize answers "valid"
  std::string order_retry_after{};
  std::map<std::string, std::string> authorization_status{};  // name to what its authorization is from the start
  std::set<std::string> rejected{};                           // names that newOrder refuses, each with a subproblem
  bool offers_key_change = true;
  bool has_terms = true;
  bool same_token = false;  // apex and wildcard get one token
  bool reverse_authorizations = false;
  bool relative_urls = false;
  bool order_ignores_failures = false;  // stays pending although an authorization is invalid
  bool slow_challenges = false;         // answered challenges stay "processing" for ever
  std::string only_challenge = "dns-01";
  std::string account_label{};     // with dns-account-01: what the records of the only account begin with
  std::string other_order_name{};  // added to each order
  WrongCertificate wrong_certificate = WrongCertificate::kNone;
  std::vector<std::string> profiles{};
  std::vector<std::string> caa_identities{};
  // With dns-persist-01: names of the CA; in the directory too, as draft 02 has it, where a prefix is set.
  std::vector<std::string> issuer_domain_names{};
  std::string account_hash_prefix{};
  std::string renewal_start{};  // RFC 9773: with it the directory has renewalInfo
  std::string renewal_end{};
  std::string renewal_retry_after{"21600"};
  bool refuses_not_after = false;
  std::optional<std::string> usual_roots{};    // PEM after the leaf, in place of the CA's root
  std::vector<std::string> alternate_roots{};  // PEM after the leaf; each makes an alternate chain
  std::string more_certificate_names{};        // added to each certificate, as templates of step-ca do; one name
  bool shows_wildcards = true;                 // in the identifiers of orders, and as `wildcard` in authorizations
  AcmeWorld world{};
};

class FakeAcmeServer final : public base::http::Transport {
 public:
  explicit FakeAcmeServer(const base::Clock& clock) : clock_(clock) {}

  base::Result<base::http::Response> Send(const base::Call& call, const base::http::Request& request) override;
  // `request.url`: absolute. Faults that break the connection have no meaning here.
  base::http::Response Handle(const base::http::Request& request);

  AcmeBehaviour behaviour;
  void Inject(AcmeFault fault);
  void ForgetFaults();
  // Nothing is known any more of the orders so far.
  void LoseOrders();
  void InvalidateOrders();
  // Called, without any lock, before a request of the kind is handled.
  void Before(AcmeRequest kind, std::function<void()> action);

  void SetTxt(const std::string& fqdn, const std::string& value);
  void ClearTxt(const std::string& fqdn, const std::string& value);
  std::multimap<std::string, std::string> txt() const;

  std::string directory_url() const { return behaviour.base_url + "/dir?product=one"; }
  int count(AcmeRequest kind) const;
  int total() const;
  // What clients did against RFC 8555; nothing for a good client.
  std::vector<std::string> violations() const;
  void ForgetViolations();
  int refused_orders() const;  // by AcmeWorld::orders_per_window
  std::vector<std::string> pending_authorizations() const;
  int orders() const;
  int certificates() const;
  base::Json last_payload(AcmeRequest kind) const;
  const TestCa& ca() const { return ca_; }
  // base64url(DER) of each certificate that was revoked.
  std::set<std::string> revoked() const;
  void MoveNewOrder() { new_order_path_ = "/moved-order"; }

 private:
  struct Account {
    base::Json jwk;
    PublicKey key;
    bool active = true;
    std::vector<std::string> contacts{};
  };
  struct Authorization {
    std::string identifier;
    bool wildcard = false;
    std::string status = "pending";
    std::string token;
    std::string account;
    std::string challenge_status = "pending";
    base::Json problem{};
    int answers = 0;
  };
  struct Order {
    std::string account;
    std::vector<std::string> names;
    std::vector<std::string> authorizations;
    std::string status = "pending";
    int looks = 0;
    std::string certificate{};
    std::string profile{};
    std::string shown = "pending";  // with AcmeWorld::stale
    int stale_looks = 0;
    bool was_shared = false;
  };
  // A POST whose signature was right.
  struct Signed {
    std::string account;  // its path; empty when it came with a jwk
    base::Json jwk;
    std::string payload;
  };

  AcmeRequest KindOf(const std::string& path) const;
  std::optional<AcmeFault> NextFault(AcmeRequest kind);
  base::http::Response Post(AcmeRequest kind, const std::string& path, const base::http::Request& request);
  std::optional<base::http::Response> CheckHeader(AcmeRequest kind, const base::Json& header, const std::string& url,
                                                  Signed& out);
  base::http::Response Route(AcmeRequest kind, const std::string& path, const Signed& post);
  base::http::Response DirectoryReply() const;
  base::http::Response NewAccount(const Signed& post);
  base::http::Response KeyChange(const Signed& post);
  base::http::Response UpdateAccount(const std::string& path, const Signed& post);
  base::http::Response NewOrder(const Signed& post);
  base::http::Response LookAtOrder(const std::string& path, const Signed& post);
  base::http::Response AuthorizationReply(const std::string& path, const Signed& post);
  std::string PersistentValue(const Authorization& authorization, const Signed& post) const;
  base::http::Response AnswerChallenge(const std::string& path, const Signed& post);
  base::http::Response Finalize(const std::string& path, const Signed& post);
  base::http::Response Certificate(const std::string& path, const Signed& post);
  base::http::Response RenewalInfo(const std::string& path, const base::http::Request& request);
  // A refusal of `replaces`; empty when it is fine or absent.
  std::optional<base::http::Response> CheckReplaces(const base::Json& payload);
  base::http::Response Revoke(const Signed& post);
  std::string CheckBinding(const Signed& post, const base::Json& binding);
  void Advance(Order& order);
  // The order that newOrder returns in place of a new one; empty: none. With AcmeWorld::shared.
  std::string FindShared(const Order& wanted) const;
  std::optional<base::http::Response> Throttle();
  bool IsLate(const std::string& path);
  std::string ShownStatus(Order& order);
  std::string NewAuthorization(const std::string& name, const std::string& account);
  base::http::Response OrderReply(int status, const std::string& path, const Order& order) const;
  std::string Issue(std::string_view csr) const;
  base::http::Response Violation(std::string what);
  std::string NewNonce();
  std::string Link(const std::string& path) const;

  const base::Clock& clock_;
  TestCa ca_;
  mutable std::mutex mutex_;  // guards all below
  std::deque<AcmeFault> faults_;
  std::map<AcmeRequest, std::function<void()>> hooks_;
  std::map<AcmeRequest, int> counts_;
  std::map<AcmeRequest, base::Json> payloads_;
  std::vector<std::string> violations_;
  std::multimap<std::string, std::string> txt_;
  std::set<std::string> nonces_;
  std::map<std::string, Account> accounts_;              // by path
  std::map<std::string, Authorization> authorizations_;  // by path
  std::map<std::string, Order> orders_;                  // by path
  std::set<std::string> replaced_;                       // certificate ids of which an order said that it replaces them
  std::set<std::string> revoked_;
  std::map<std::string, base::TimePoint> handed_out_;  // by path; when it was asked for first
  std::deque<base::TimePoint> accepted_orders_;        // within AcmeWorld::window
  int refused_orders_ = 0;
  std::string new_order_path_ = "/new-order";
  int next_ = 0;
};

// {"type":"urn:…:<type>","detail":…} with its status.
base::http::Response ProblemReply(int status, const std::string& type, const std::string& detail);

}  // namespace tests

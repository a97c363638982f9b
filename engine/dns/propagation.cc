// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/propagation.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/dns/exchange.h"
#include "base/dns/message.h"
#include "base/poller.h"
#include "base/text.h"
#include "base/time_format.h"
#include "engine/dns/authority.h"
#include "engine/dns/name_servers.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::dns::Message;
using base::dns::Rcode;
using base::dns::Record;
using std::chrono::milliseconds;

// Between the polls of one name at one server; the last one repeats.
constexpr std::array kPauses{milliseconds(20),  milliseconds(50),  milliseconds(100),  milliseconds(200),
                             milliseconds(400), milliseconds(800), milliseconds(1600), milliseconds(2000)};
constexpr std::size_t kNamesInDetails = 3;
constexpr std::chrono::seconds kLogEvery{10};

struct Watched {
  std::string zone;
  std::vector<NameServer> servers;
  std::vector<const ExpectedText*> texts;  // borrowed from the caller
};

// One name at one server.
struct Probe {
  std::size_t watched = 0;
  std::size_t server = 0;
  const ExpectedText* text = nullptr;
  Sight sight = Sight::kUnknown;
  std::string answer = "not answered yet";
  std::size_t polls = 0;
  bool is_asked = false;
  base::SteadyTime due{};
};

// A recursive server's "no such name" stays for as long as its SOA says (RFC 2308 section 5).
std::string CachedFor(const Message& reply) {
  if (reply.is_authoritative) return {};
  for (const Record& record : reply.authority) {
    if (record.type == base::dns::RecordType::kSoa) return Cat(", cached for ", std::min(record.ttl, record.minimum), " s more");
  }
  return {};
}

std::string Describe(const Message& reply, const ExpectedText& text, bool is_lame) {
  if (const std::string below = ReferralIn(reply, text.zone, text.fqdn); !below.empty())
    return Cat("a referral to the zone ", below);
  if (is_lame) return "an answer without authority: the server does not have the zone";
  if (reply.rcode != Rcode::kNoError) return base::dns::RcodeName(reply.rcode) + CachedFor(reply);
  for (const Record& record : reply.answers) {
    if (record.type == base::dns::RecordType::kCname) return Cat("a CNAME to ", record.data);
  }
  const std::string lack = FindLack(reply, text);
  return reply.answers.empty() ? lack + CachedFor(reply) : lack;
}

// Takes one reply in. A server that has answered once stays of use when a later datagram gets lost.
void Learn(Probe& probe, const base::Result<std::string>& reply, base::dns::Recursion recursion) {
  const auto message = reply ? base::dns::ParseMessage(*reply) : base::Result<Message>(reply.error());
  // A lame server answers without authority: the CA's resolver passes over it (cert-manager#5650).
  const bool is_lame = message && !message->is_authoritative && recursion == base::dns::Recursion::kUnwanted;
  const bool is_useful = message && !is_lame && (message->rcode == Rcode::kNoError || message->rcode == Rcode::kNxDomain);
  probe.answer = message ? Describe(*message, *probe.text, is_lame) : message.error().message;
  if (is_useful) {
    probe.sight = FindLack(*message, *probe.text).empty() ? Sight::kHas : Sight::kLacking;
  } else if (probe.sight == Sight::kUnknown) {
    probe.sight = Sight::kUseless;
  }
}

// All names of one server as one: useful answers outweigh lost ones.
Sight Combine(std::span<const Sight> names) {
  const auto count = [&](Sight sight) { return std::count(names.begin(), names.end(), sight); };
  if (count(Sight::kHas) == std::ssize(names)) return Sight::kHas;
  if (count(Sight::kHas) + count(Sight::kLacking) > 0) return Sight::kLacking;
  return count(Sight::kUnknown) > 0 ? Sight::kUnknown : Sight::kUseless;
}

class Watch {
 public:
  // `limit`: what ends the wait, in words.
  Watch(const base::Call& call, const PropagationOptions& options, std::string limit, base::Random& random,
        std::vector<Watched> watched)
      : call_(call),
        options_(&options),
        limit_(std::move(limit)),
        random_(&random),
        watched_(std::move(watched)),
        exchange_(call),
        began_(call.SteadyNow()),
        logged_(began_) {
    for (std::size_t zone = 0; zone < watched_.size(); ++zone) {
      for (std::size_t server = 0; server < watched_[zone].servers.size(); ++server) {
        for (const ExpectedText* text : watched_[zone].texts)
          probes_.push_back({.watched = zone, .server = server, .text = text});
      }
    }
  }

  base::Result<void> Run() {
    for (;;) {
      if (auto asked = AskWhatIsDue(); !asked) return asked;
      auto ended = exchange_.Next(UntilDue());
      if (!ended && ended.error().kind == ErrorKind::kTimeout) return NotVisible();
      if (!ended) return std::move(ended).error();
      LogWhatIsLacking();
      if (!*ended) continue;
      Probe& probe = probes_[probe_of_[(*ended)->number]];
      Learn(probe, (*ended)->reply, recursion());
      probe.is_asked = false;
      probe.due = call_.SteadyNow() + base::PauseAfter(probe.polls++, kPauses);
      if (IsVisibleEverywhere()) return {};
    }
  }

 private:
  static bool IsWaiting(const Probe& probe) { return !probe.is_asked && probe.sight != Sight::kHas; }

  // Servers that the user names may be recursive ones; the zone's own are asked for what they hold.
  base::dns::Recursion recursion() const {
    return options_->nameservers.empty() ? base::dns::Recursion::kUnwanted : base::dns::Recursion::kWanted;
  }

  base::Result<void> AskWhatIsDue() {
    const base::SteadyTime now = call_.SteadyNow();
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      Probe& probe = probes_[i];
      if (!IsWaiting(probe) || probe.due > now) continue;
      auto query = base::dns::BuildQuery(base::dns::RandomId(*random_), {.name = probe.text->fqdn}, recursion());
      if (!query) return std::move(query).error();
      exchange_.Start({.server = watched_[probe.watched].servers[probe.server].address, .message = *std::move(query)});
      probe_of_.push_back(i);  // Start counts from 0
      probe.is_asked = true;
    }
    return {};
  }

  milliseconds UntilDue() const {
    milliseconds pause = kPauses.back();
    const base::SteadyTime now = call_.SteadyNow();
    for (const Probe& probe : probes_) {
      if (IsWaiting(probe)) pause = std::min(pause, std::chrono::ceil<milliseconds>(probe.due - now));
    }
    return std::max(pause, milliseconds(0));
  }

  // What each server of the zone shows. Probes stand by zone, then by server.
  std::vector<Sight> SightsOf(std::size_t zone) const {
    std::vector<std::vector<Sight>> names(watched_[zone].servers.size());
    for (const Probe& probe : probes_) {
      if (probe.watched == zone) names[probe.server].push_back(probe.sight);
    }
    std::vector<Sight> servers;
    for (const auto& one : names) servers.push_back(Combine(one));
    return servers;
  }

  bool IsVisibleEverywhere() const {
    for (std::size_t zone = 0; zone < watched_.size(); ++zone) {
      if (!IsVisible(SightsOf(zone), options_->wait_for)) return false;
    }
    return true;
  }

  void LogWhatIsLacking() {
    const base::SteadyTime now = call_.SteadyNow();
    if (now - logged_ < kLogEvery) return;
    logged_ = now;
    const auto took = std::chrono::duration_cast<milliseconds>(now - began_);
    for (std::size_t zone = 0; zone < watched_.size(); ++zone) {
      const std::vector<Sight> sights = SightsOf(zone);
      for (std::size_t server = 0; server < sights.size(); ++server) {
        if (sights[server] == Sight::kHas) continue;
        call_.log.Info("waiting for a name server", {{base::key::kZone, watched_[zone].zone},
                                                     {base::key::kServer, DescribeServer(zone, server)},
                                                     {base::key::kTook, took}});
      }
    }
  }

  // A line a server: "ns1.example.test. (192.0.2.1:53): _acme-challenge.example.test. NXDOMAIN".
  Error NotVisible() const {
    Error error{ErrorKind::kTimeout, Cat("the challenge records did not appear at the name servers within ", limit_)};
    for (std::size_t zone = 0; zone < watched_.size(); ++zone) {
      for (std::size_t server = 0; server < watched_[zone].servers.size(); ++server) {
        if (auto line = DescribeServer(zone, server); !line.empty()) error.details.push_back(std::move(line));
      }
    }
    return error;
  }

  std::string DescribeServer(std::size_t zone, std::size_t server) const {
    std::vector<std::string> lacking;
    for (const Probe& probe : probes_) {
      const bool is_here = probe.watched == zone && probe.server == server;
      if (is_here && probe.sight != Sight::kHas) lacking.push_back(Cat(probe.text->fqdn, " ", probe.answer));
    }
    const std::string& label = watched_[zone].servers[server].label;
    if (lacking.empty()) return Cat(label, ": has all records of ", watched_[zone].zone);
    const std::size_t more = lacking.size() - std::min(lacking.size(), kNamesInDetails);
    lacking.resize(lacking.size() - more);
    return Cat(label, ": ", base::Join(lacking, "; "), more > 0 ? Cat("; and ", more, " more names") : "");
  }

  base::Call call_;
  const PropagationOptions* options_;  // borrowed; outlives this
  std::string limit_;
  base::Random* random_;
  std::vector<Watched> watched_;
  std::vector<Probe> probes_;
  base::dns::Exchange exchange_;
  base::SteadyTime began_;
  base::SteadyTime logged_;
  std::vector<std::size_t> probe_of_;  // by the exchange's number
};

base::Result<std::vector<Watched>> FindServers(const base::Call& call, const PropagationOptions& options,
                                               const base::dns::Resolver& resolver, std::span<const ExpectedText> expected) {
  std::map<std::string, std::vector<const ExpectedText*>> by_zone;
  for (const ExpectedText& text : expected) by_zone[text.zone].push_back(&text);
  std::vector<Watched> watched;
  for (auto& [zone, texts] : by_zone) {
    auto servers = FindNameServers(call, options, resolver, zone);
    if (!servers) return std::move(servers).error().While(Cat("finding the name servers of ", zone));
    call.log.Info("waiting for name servers",
                  {{base::key::kZone, zone}, {base::key::kCount, static_cast<std::uint64_t>(servers->size())}});
    watched.push_back({.zone = zone, .servers = *std::move(servers), .texts = std::move(texts)});
  }
  return watched;
}

}  // namespace

std::string FindLack(const Message& reply, const ExpectedText& text) {
  std::vector<std::string> texts;
  for (const Record& record : reply.answers) {
    if (record.type == base::dns::RecordType::kTxt && record.name == text.fqdn) texts.push_back(record.data);
  }
  if (text.judge) return text.judge(texts);
  const bool has_all = std::all_of(text.values.begin(), text.values.end(), [&](const std::string& value) {
    return std::find(texts.begin(), texts.end(), value) != texts.end();
  });
  if (has_all) return {};
  return texts.empty() ? "no TXT record" : Cat(texts.size(), " TXT values, but not all that are wanted");
}

bool IsVisible(std::span<const Sight> servers, WaitFor wait_for) {
  const auto count = [&](Sight sight) { return std::count(servers.begin(), servers.end(), sight); };
  const auto seen = count(Sight::kHas);
  const auto others = count(Sight::kLacking) + count(Sight::kUnknown);
  return wait_for == WaitFor::kAll ? seen > 0 && others == 0 : seen > others;
}

std::string LimitInWords(const base::Call& call, const PropagationOptions& options) {
  const base::Call limited = call.Within(options.timeout);
  if (limited.deadline < call.deadline) return Cat(base::FormatDuration(options.timeout), " (`propagation.timeout`)");
  const auto time_left = std::chrono::duration_cast<milliseconds>(limited.TimeLeft());
  return Cat(base::FormatDuration(time_left), ", which the time limit of the whole operation had left");
}

base::Result<void> WaitForTexts(const base::Call& call, const PropagationOptions& options, const base::dns::Resolver& resolver,
                                base::Random& random, std::span<const ExpectedText> expected) {
  if (expected.empty()) return {};
  const base::Call limited = call.Within(options.timeout);
  std::string limit = LimitInWords(call, options);
  auto watched = FindServers(limited, options, resolver, expected);
  if (!watched) return std::move(watched).error();
  return Watch(limited, options, std::move(limit), random, *std::move(watched)).Run();
}

}  // namespace engine::dns

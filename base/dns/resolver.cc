// SPDX-License-Identifier: MPL-2.0
#include "base/dns/resolver.h"

#include <algorithm>

#include "base/dns/exchange.h"
#include "base/dns/resolve_host.h"
#include "base/domain_name.h"
#include "base/os/system_resolvers.h"
#include "base/parallel.h"
#include "base/text.h"

namespace base::dns {
namespace {

constexpr std::size_t kMaxConcurrency = 16;

bool IsUsable(const Message& message) { return message.rcode == Rcode::kNoError || message.rcode == Rcode::kNxDomain; }

// One server's answer, or why it does not count.
Result<Message> ToAnswer(const Result<std::string>& reply, std::string_view server) {
  if (!reply) return reply.error();
  auto message = ParseMessage(*reply);
  if (message && IsUsable(*message)) return message;
  const std::string answer = message ? RcodeName(message->rcode) : message.error().message;
  return Error{.kind = ErrorKind::kUnavailable,
               .message = Cat(server, ": ", answer),
               .code = message ? answer : "",
               .delivery = Delivery::kAnswered};
}

bool IsWorthAnotherServer(const Result<Message>& answer) { return !answer && answer.error().kind == ErrorKind::kUnavailable; }

bool Owns(const Record& record, RecordType type, const std::string& name) { return record.type == type && record.name == name; }

// The zone of `name` as far as this answer to a SOA question tells it. Empty: ask for the parent.
std::optional<std::string> ZoneIn(const Message& answer, const std::string& name) {
  const bool is_alias = std::any_of(answer.answers.begin(), answer.answers.end(),
                                    [](const Record& record) { return record.type == RecordType::kCname; });
  if (is_alias) return std::nullopt;
  for (const Record& record : answer.answers) {
    if (Owns(record, RecordType::kSoa, name)) return record.name;
  }
  // An empty answer names its zone in the authority section (RFC 2308 section 2), which spares the walk.
  for (const Record& record : answer.authority) {
    if (record.type == RecordType::kSoa && record.name != "." && IsInZone(name, record.name)) return record.name;
  }
  return std::nullopt;
}

// "a.example.test." -> "example.test."; empty above the top-level domain.
std::string Parent(const std::string& name) {
  const auto dot = name.find('.');
  return dot == std::string::npos ? std::string() : name.substr(dot + 1);
}

struct ZoneWalk {
  std::size_t index = 0;  // of the name whose zone is looked for
  std::string at;         // the name whose SOA is asked for now
};

// One step up. Empty when `zone` is the result: found, failed, or no name is left to ask for.
std::optional<ZoneWalk> Step(const ZoneWalk& walk, const Result<Message>& answer, Result<std::string>& zone) {
  if (!answer) {
    zone = answer.error();
    // Some servers fail for names between the record and its apex: those are passed over.
    if (answer.error().delivery != Delivery::kAnswered) return std::nullopt;
  } else if (auto found = ZoneIn(*answer, walk.at)) {
    zone = *std::move(found);
    return std::nullopt;
  }
  std::string parent = Parent(walk.at);
  if (parent.empty()) return std::nullopt;
  return ZoneWalk{.index = walk.index, .at = std::move(parent)};
}

}  // namespace

std::vector<ServerAddress> ParseResolvers(std::span<const std::string> addresses) {
  std::vector<ServerAddress> servers;
  for (const std::string& address : addresses) {
    if (auto server = ParseServerAddress(address)) servers.push_back(*std::move(server));
  }
  if (servers.empty()) servers.push_back({.host = "127.0.0.1"});
  return servers;
}

std::vector<ServerAddress> SystemResolvers() { return ParseResolvers(os::SystemResolvers()); }

void Resolver::AskCarriers(const Call& call, std::span<const Question> questions, std::vector<Result<Message>>& answers) const {
  for (const Carrier& carrier : carriers_) {
    ForEachInParallel(questions.size(), kMaxConcurrency, [&](std::size_t i) {
      if (!IsWorthAnotherServer(answers[i])) return;
      const auto query = BuildQuery(RandomId(*random_), questions[i], Recursion::kWanted);
      answers[i] = query ? ToAnswer(carrier(call, *query), "DNS over HTTPS") : Result<Message>(query.error());
    });
  }
}

std::vector<Result<Message>> Resolver::Ask(const Call& call, std::span<const Question> questions) const {
  std::vector<Result<Message>> answers(questions.size(), Error{ErrorKind::kUnavailable, "no resolver is configured"});
  AskCarriers(call, questions, answers);
  for (const ServerAddress& named : servers_) {
    if (std::none_of(answers.begin(), answers.end(), IsWorthAnotherServer)) break;
    const auto addresses = ResolveHost(call, named);
    std::vector<Outgoing> messages;
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (!IsWorthAnotherServer(answers[i])) continue;
      if (!addresses) {
        answers[i] = addresses.error();
        continue;
      }
      auto query = BuildQuery(RandomId(*random_), questions[i], Recursion::kWanted);
      if (!query) {
        answers[i] = std::move(query).error();
        continue;
      }
      messages.push_back({.server = addresses->front(), .message = *std::move(query)});
      asked.push_back(i);
    }
    const auto replies = ExchangeAll(call, messages);
    for (std::size_t i = 0; i < asked.size(); ++i) answers[asked[i]] = ToAnswer(replies[i], ToText(named));
  }
  return answers;
}

std::vector<Result<std::optional<std::string>>> Resolver::FindCnames(const Call& call, std::span<const std::string> names) const {
  std::vector<Question> questions;
  for (const std::string& name : names) questions.push_back({.name = Absolute(name), .type = RecordType::kCname});
  std::vector<Result<std::optional<std::string>>> targets;
  const auto answers = Ask(call, questions);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      targets.emplace_back(answers[i].error());
      continue;
    }
    std::optional<std::string> target;
    for (const Record& record : answers[i]->answers) {
      if (!target && Owns(record, RecordType::kCname, questions[i].name)) target = record.data;
    }
    targets.emplace_back(std::move(target));
  }
  return targets;
}

std::vector<Result<std::string>> Resolver::FindZones(const Call& call, std::span<const std::string> names) const {
  std::vector<Result<std::string>> zones;
  std::vector<ZoneWalk> walks;
  for (const std::string& name : names) {
    zones.emplace_back(Error{ErrorKind::kNotFound, Cat("no zone was found for ", Absolute(name))});
    walks.push_back({.index = walks.size(), .at = Absolute(name)});
  }
  while (!walks.empty()) {
    std::vector<Question> questions;
    for (const ZoneWalk& walk : walks) questions.push_back({.name = walk.at, .type = RecordType::kSoa});
    const auto answers = Ask(call, questions);
    std::vector<ZoneWalk> going_on;
    for (std::size_t i = 0; i < walks.size(); ++i) {
      if (auto next = Step(walks[i], answers[i], zones[walks[i].index])) going_on.push_back(*std::move(next));
    }
    walks = std::move(going_on);
  }
  return zones;
}

Result<std::vector<std::string>> Resolver::FindNameServers(const Call& call, const std::string& zone) const {
  const Question question{.name = Absolute(zone), .type = RecordType::kNs};
  auto answers = Ask(call, std::span(&question, 1));
  if (!answers.front()) return std::move(answers.front()).error();
  std::vector<std::string> hosts;
  for (const Record& record : answers.front()->answers) {
    if (Owns(record, RecordType::kNs, question.name)) hosts.push_back(record.data);
  }
  std::sort(hosts.begin(), hosts.end());
  return hosts;
}

std::vector<Result<std::vector<std::string>>> Resolver::FindAddresses(const Call& call,
                                                                      std::span<const std::string> hosts) const {
  std::vector<Question> questions;
  for (const std::string& host : hosts) {
    questions.push_back({.name = Absolute(host), .type = RecordType::kA});
    questions.push_back({.name = Absolute(host), .type = RecordType::kAaaa});
  }
  const auto answers = Ask(call, questions);
  std::vector<Result<std::vector<std::string>>> found;
  for (std::size_t i = 0; i < answers.size(); i += 2) {
    std::vector<std::string> addresses;
    for (const auto* answer : {&answers[i], &answers[i + 1]}) {
      if (!*answer) continue;
      for (const Record& record : (*answer)->answers) {
        if (record.type == RecordType::kA || record.type == RecordType::kAaaa) addresses.push_back(record.data);
      }
    }
    // One family is enough; a failure counts only when both failed.
    if (!answers[i] && !answers[i + 1]) {
      found.emplace_back(answers[i].error());
    } else {
      found.emplace_back(std::move(addresses));
    }
  }
  return found;
}

}  // namespace base::dns

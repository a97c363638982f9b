// SPDX-License-Identifier: MPL-2.0
#include "engine/dns/resolver_wait.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/dns/message.h"
#include "base/poller.h"
#include "base/text.h"
#include "base/time_format.h"

namespace engine::dns {
namespace {

using base::Cat;
using base::Error;
using base::ErrorKind;
using base::dns::Message;
using base::dns::Record;
using base::dns::RecordType;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array kPauses{milliseconds(500), milliseconds(1000), milliseconds(2000), milliseconds(4000), milliseconds(5000)};

// How long the resolver keeps this answer (RFC 2308 section 5).
seconds KeptFor(const Message& reply) {
  seconds longest{0};
  for (const Record& record : reply.answers) longest = std::max(longest, seconds(record.ttl));
  for (const Record& record : reply.authority) {
    if (record.type == RecordType::kSoa) longest = std::max(longest, seconds(std::min(record.ttl, record.minimum)));
  }
  return longest;
}

}  // namespace

base::Result<void> WaitAtResolver(const base::Call& call, const PropagationOptions& options, const base::dns::Resolver& resolver,
                                  std::span<const ExpectedText> expected) {
  const base::Call limited = call.Within(options.timeout);
  std::vector<const ExpectedText*> open;
  for (const ExpectedText& text : expected) open.push_back(&text);
  base::Poller poller(limited, "waiting for the resolver to show the challenge records", kPauses);
  for (;;) {
    std::vector<base::dns::Question> questions;
    for (const ExpectedText* text : open) questions.push_back({.name = text->fqdn});
    const auto answers = resolver.Ask(limited, questions);
    std::vector<const ExpectedText*> missing;
    std::vector<std::string> details;
    milliseconds pause{0};
    for (std::size_t i = 0; i < open.size(); ++i) {
      const std::string lack = answers[i] ? FindLack(*answers[i], *open[i]) : answers[i].error().message;
      if (lack.empty()) continue;
      const seconds kept = answers[i] ? KeptFor(*answers[i]) : seconds(0);
      pause = std::max(pause, milliseconds(kept));
      details.push_back(Cat(open[i]->fqdn, ": ", lack, answers[i] ? Cat(", kept for ", kept.count(), " s more") : ""));
      missing.push_back(open[i]);
    }
    if (missing.empty()) return {};
    open = std::move(missing);
    auto waited = poller.Pause(pause > milliseconds(0) ? std::optional(pause) : std::nullopt);
    if (waited) continue;
    if (waited.error().kind != ErrorKind::kTimeout) return waited;
    return Error{.kind = ErrorKind::kTimeout,
                 .message = Cat("the resolver did not show the challenge records within ", base::FormatDuration(options.timeout)),
                 .details = std::move(details)};
  }
}

}  // namespace engine::dns

// SPDX-License-Identifier: MPL-2.0
#include "base/dns/exchange.h"

#include <algorithm>
#include <deque>
#include <stop_token>

#include "base/dns/channel.h"
#include "base/os/poll.h"
#include "base/os/waker.h"

namespace base::dns {
namespace {

using std::chrono::milliseconds;

// How long a stop request may go unheard if the waker got no descriptors.
constexpr milliseconds kTick{50};

}  // namespace

class Exchange::Loop {
 public:
  explicit Loop(const Call& call)
      : call_(call), deadline_(RealClock().SteadyNow() + call.TimeLeft()), on_stop_(call.stop, Wake{waker_}) {}

  std::size_t Start(Outgoing outgoing) {
    Channel& channel = ChannelTo(outgoing.server);
    channel.Start(next_number_, std::move(outgoing), RealClock().SteadyNow());
    return next_number_++;
  }

  Result<std::optional<NumberedReply>> Next(milliseconds patience) {
    const SteadyTime until = RealClock().SteadyNow() + patience;
    for (;;) {
      if (auto fine = call_.Check(); !fine) return std::move(fine).error();
      const SteadyTime now = RealClock().SteadyNow();
      for (Channel& channel : channels_) {
        channel.RunTimers(now);
        for (NumberedReply& one : channel.TakeFinished()) finished_.push_back(std::move(one));
      }
      if (!finished_.empty()) break;
      if (now >= until) return std::optional<NumberedReply>();
      if (now >= deadline_) return Error{ErrorKind::kTimeout, "the time allowed for this operation has passed"};
      PollOnce(std::min(until, deadline_));
    }
    std::optional<NumberedReply> first(std::move(finished_.front()));
    finished_.pop_front();
    return first;
  }

 private:
  struct Wake {
    const os::Waker& waker;
    void operator()() const { waker.Wake(); }
  };

  Channel& ChannelTo(const ServerAddress& server) {
    const auto known =
        std::find_if(channels_.begin(), channels_.end(), [&](const Channel& channel) { return channel.server() == server; });
    return known == channels_.end() ? channels_.emplace_back(server) : *known;
  }

  void PollOnce(SteadyTime until) {
    std::vector<os::Polled> polls{{.number = waker_.number()}};
    for (const Channel& channel : channels_) {
      until = std::min(until, channel.NextTimer());
      polls.push_back({.number = channel.udp()});
      polls.push_back({.number = channel.tcp(), .awaits_writing = channel.WantsToWrite()});
    }
    // Rounded up, so that it does not end just before the time and spin.
    const auto left = std::chrono::ceil<milliseconds>(until - RealClock().SteadyNow());
    os::Poll(polls, waker_.is_open() ? left : std::min(left, kTick));
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (polls[1 + 2 * i].is_ready) channels_[i].ReadUdp();
      // A datagram may have made the TCP socket fail or be replaced in between: RunTcp blocks on none.
      if (polls[2 + 2 * i].is_ready && channels_[i].tcp() >= 0) channels_[i].RunTcp();
    }
  }

  Call call_;
  SteadyTime deadline_;
  os::Waker waker_;
  std::stop_callback<Wake> on_stop_;
  std::deque<Channel> channels_;
  std::deque<NumberedReply> finished_;
  std::size_t next_number_ = 0;
};

Exchange::Exchange(const Call& call) : loop_(std::make_unique<Loop>(call)) {}
Exchange::~Exchange() = default;
std::size_t Exchange::Start(Outgoing outgoing) { return loop_->Start(std::move(outgoing)); }
Result<std::optional<NumberedReply>> Exchange::Next(milliseconds patience) { return loop_->Next(patience); }

std::vector<Result<std::string>> ExchangeAll(const Call& call, std::span<const Outgoing> messages) {
  if (auto fine = call.Check(); !fine) {
    fine.error().delivery = Delivery::kNotSent;
    return std::vector<Result<std::string>>(messages.size(), std::move(fine).error());
  }
  Exchange exchange(call);
  // Start counts from 0, so that a number is an index here.
  for (const Outgoing& message : messages) exchange.Start(message);
  std::vector<Result<std::string>> replies(messages.size(), Error{ErrorKind::kInternal, "no answer"});
  for (std::size_t left = messages.size(); left > 0;) {
    auto next = exchange.Next(std::chrono::hours(1));
    if (!next) {
      // Whatever came in before stands; the rest shares the reason.
      for (Result<std::string>& reply : replies) {
        if (!reply && reply.error().kind == ErrorKind::kInternal) reply = next.error();
      }
      return replies;
    }
    if (!*next) continue;
    replies[(*next)->number] = std::move((*next)->reply);
    --left;
  }
  return replies;
}

}  // namespace base::dns

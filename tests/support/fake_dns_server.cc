// SPDX-License-Identifier: MPL-2.0
#include "tests/support/fake_dns_server.h"

#include <ldns/ldns.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/dns/ldns_handle.h"
#include "base/os/descriptor.h"
#include "base/text.h"

namespace tests {

using base::dns::PacketHandle;
using base::os::Descriptor;

namespace {

std::string TextOf(char* owned) {
  std::string text = owned;
  std::free(owned);
  return text;
}

void Push(ldns_pkt& packet, ldns_pkt_section section, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    ldns_rr* record = nullptr;
    if (ldns_rr_new_frm_str(&record, line.c_str(), 60, nullptr, nullptr) != LDNS_STATUS_OK) std::abort();  // the test's own typo
    ldns_pkt_push_rr(&packet, section, record);
  }
}

sockaddr_storage Loopback(bool is_v6, std::uint16_t port) {
  sockaddr_storage address{};
  if (is_v6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = in6addr_loopback;
    v6->sin6_port = htons(port);
  } else {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
    v4->sin_family = AF_INET;
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4->sin_port = htons(port);
  }
  return address;
}

}  // namespace

class FakeDnsServer::Sockets {
 public:
  Sockets(Speaks speaks, Family family) : is_v6_(family == Family::kV6) {
    // The same number must be free for both: the second bind may fail.
    for (bool is_bound = false; !is_bound;) {
      udp = Open(SOCK_DGRAM, 0);
      tcp = Open(SOCK_STREAM, port);
      is_bound = tcp.is_open();
    }
    if (speaks == Speaks::kTcpOnly) udp.Close();
    if (speaks == Speaks::kUdpOnly) {
      tcp.Close();
    } else {
      listen(tcp.number(), 16);
    }
  }

  Descriptor udp;
  Descriptor tcp;
  std::vector<Descriptor> connections;
  std::uint16_t port = 0;

 private:
  Descriptor Open(int type, std::uint16_t wanted) {
    Descriptor opened(socket(is_v6_ ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0));
    sockaddr_storage address = Loopback(is_v6_, wanted);
    socklen_t size = is_v6_ ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (bind(opened.number(), reinterpret_cast<sockaddr*>(&address), size) != 0) return Descriptor();
    getsockname(opened.number(), reinterpret_cast<sockaddr*>(&address), &size);
    port =
        ntohs(is_v6_ ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
    return opened;
  }

  bool is_v6_;
};

FakeDnsServer::FakeDnsServer(Script script, Speaks speaks, Family family)
    : script_(std::move(script)), sockets_(std::make_unique<Sockets>(speaks, family)) {
  host_ = family == Family::kV6 ? "::1" : "127.0.0.1";
  thread_ = std::jthread([this](const std::stop_token& stop) { Serve(stop); });
}

FakeDnsServer::~FakeDnsServer() = default;

base::dns::ServerAddress FakeDnsServer::address() const { return {.host = host_, .port = sockets_->port}; }

std::vector<DnsAsked> FakeDnsServer::asked() const {
  std::lock_guard lock(mutex_);
  return asked_;
}

void FakeDnsServer::WaitUntilAsked() const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !asked_.empty(); });
}

std::string FakeDnsServer::Reply(const std::string& wire, bool by_tcp, bool& closes) {
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, base::dns::Octets(wire), wire.size()) != LDNS_STATUS_OK) return {};
  const PacketHandle query(parsed);
  const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(parsed), 0);
  DnsAsked asked{.name = base::ToLower(TextOf(ldns_rdf2str(ldns_rr_owner(question)))),
                 .type = TextOf(ldns_rr_type2str(ldns_rr_get_type(question))),
                 .by_tcp = by_tcp,
                 .wants_recursion = ldns_pkt_rd(parsed),
                 .wire = wire};
  {
    std::lock_guard lock(mutex_);
    asked.nth += static_cast<std::size_t>(std::count_if(asked_.begin(), asked_.end(), [&](const DnsAsked& before) {
      return before.name == asked.name && before.type == asked.type;
    }));
    asked_.push_back(asked);
    changed_.notify_all();
  }
  const DnsAnswer answer = script_(asked);
  closes = answer.closes_connection;
  if (answer.is_dropped || closes) return {};
  if (!answer.raw.empty()) return wire.substr(0, 2) + answer.raw;

  const PacketHandle reply(ldns_pkt_new());
  ldns_pkt_set_id(reply.get(), static_cast<std::uint16_t>(ldns_pkt_id(parsed) + (answer.has_wrong_id ? 1 : 0)));
  ldns_pkt_set_qr(reply.get(), true);
  ldns_pkt_set_aa(reply.get(), answer.is_authoritative);
  ldns_pkt_set_opcode(reply.get(), ldns_pkt_get_opcode(parsed));
  ldns_pkt_set_rcode(reply.get(), static_cast<std::uint8_t>(answer.rcode));
  ldns_rr* echoed = ldns_rr_clone(question);
  if (answer.has_wrong_question) {
    ldns_rdf_deep_free(ldns_rr_owner(echoed));
    ldns_rr_set_owner(echoed, base::dns::MakeName("wrong.test.").release());
  }
  ldns_pkt_push_rr(reply.get(), LDNS_SECTION_QUESTION, echoed);
  const bool is_cut = answer.is_truncated && !by_tcp;
  ldns_pkt_set_tc(reply.get(), is_cut);
  if (!is_cut) Push(*reply, LDNS_SECTION_ANSWER, answer.answers);
  Push(*reply, LDNS_SECTION_AUTHORITY, answer.authority);
  return base::dns::ToWire(*reply);
}

void FakeDnsServer::Serve(const std::stop_token& stop) {
  std::string block(65535, '\0');
  while (!stop.stop_requested()) {
    std::vector<pollfd> polls{{.fd = sockets_->udp.number(), .events = POLLIN, .revents = 0},
                              {.fd = sockets_->tcp.number(), .events = POLLIN, .revents = 0}};
    for (const Descriptor& one : sockets_->connections) polls.push_back({.fd = one.number(), .events = POLLIN, .revents = 0});
    if (poll(polls.data(), polls.size(), 5) <= 0) continue;
    bool closes = false;
    if (polls[0].revents != 0) {
      sockaddr_storage peer{};
      socklen_t size = sizeof(peer);
      const ssize_t got = recvfrom(polls[0].fd, block.data(), block.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
      const std::string reply = got > 0 ? Reply(block.substr(0, static_cast<std::size_t>(got)), false, closes) : std::string();
      if (!reply.empty()) sendto(polls[0].fd, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
    }
    for (std::size_t i = 2; i < polls.size(); ++i) {
      if (polls[i].revents == 0) continue;
      // Our own client writes a message in one piece; more than one may come together.
      const ssize_t got = recv(polls[i].fd, block.data(), block.size(), 0);
      std::string_view stream(block.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
      closes = stream.empty();
      while (stream.size() > 2 && !closes) {
        const std::size_t length =
            static_cast<std::size_t>(static_cast<unsigned char>(stream[0])) << 8 | static_cast<unsigned char>(stream[1]);
        const std::string reply = Reply(std::string(stream.substr(2, length)), true, closes);
        stream.remove_prefix(std::min(stream.size(), 2 + length));
        const std::string framed = base::Cat(static_cast<char>(reply.size() >> 8), static_cast<char>(reply.size() & 0xFF), reply);
        if (!reply.empty()) send(polls[i].fd, framed.data(), framed.size(), MSG_NOSIGNAL);
      }
      if (closes) sockets_->connections[i - 2].Close();
    }
    if (polls[1].revents != 0) sockets_->connections.emplace_back(accept(polls[1].fd, nullptr, nullptr));
    std::erase_if(sockets_->connections, [](const Descriptor& one) { return !one.is_open(); });
  }
}

std::string TxtLine(const std::string& name, const std::string& value) { return base::Cat(name, " 60 IN TXT \"", value, "\""); }

base::Call RealCall(std::chrono::milliseconds limit, std::stop_token stop) {
  return {
      .clock = &base::RealClock(), .deadline = base::Deadline::In(base::RealClock(), limit), .stop = std::move(stop), .log = {}};
}

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// Owners of ldns objects, for the .cc files of this folder only.
#pragma once

#include <ldns/ldns.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace base::dns {

template <auto kFree>
struct LdnsFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using PacketHandle = std::unique_ptr<ldns_pkt, LdnsFree<ldns_pkt_free>>;
using RecordHandle = std::unique_ptr<ldns_rr, LdnsFree<ldns_rr_free>>;
using DataHandle = std::unique_ptr<ldns_rdf, LdnsFree<ldns_rdf_deep_free>>;

// Null when `name` is not a domain name.
inline DataHandle MakeName(const std::string& name) {
  ldns_rdf* made = nullptr;
  if (ldns_str2rdf_dname(&made, name.c_str()) != LDNS_STATUS_OK) return nullptr;
  return DataHandle(made);
}

inline std::string_view Bytes(const ldns_rdf& data) {
  return {reinterpret_cast<const char*>(ldns_rdf_data(&data)), ldns_rdf_size(&data)};
}

inline const std::uint8_t* Octets(std::string_view bytes) { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }

// Empty when the packet does not fit into a message.
inline std::string ToWire(const ldns_pkt& packet) {
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  if (ldns_pkt2wire(&octets, &packet, &size) != LDNS_STATUS_OK) return {};
  std::string wire(reinterpret_cast<const char*>(octets), size);
  std::free(octets);
  return wire.size() > 65535 ? std::string() : wire;
}

}  // namespace base::dns

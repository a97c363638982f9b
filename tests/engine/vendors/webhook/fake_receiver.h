// SPDX-License-Identifier: MPL-2.0
// A strict receiver of the destination webhook: it verifies signatures, refuses requests that the protocol does not have, and
// keeps certificates in memory.
#pragma once

#include <map>
#include <string>

#include "tests/support/fake_api.h"
#include "tests/support/fake_clock.h"

namespace tests {

class FakeReceiver final : public FakeApi {
 public:
  static constexpr const char* kUrl = "https://receiver.test/hooks";
  static constexpr const char* kSecret = "signing-secret-canary-0123456789abcdef";

  struct Item {
    int version = 0;
    base::Json content{};  // of the put

    friend bool operator==(const Item&, const Item&) = default;
  };

  bool Has(const std::string& name) const;
  Item Get(const std::string& name) const;
  void Place(const std::string& name, const Item& item);
  void Erase(const std::string& name);
  std::string Snapshot() const;
  // Puts are refused, with all that the receiver was sent in the message.
  void set_broken(bool broken) { broken_ = broken; }

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response Observe(const std::string& name) const;
  base::http::Response Put(const std::string& name, const base::Json& request);
  base::http::Response Remove(const std::string& name, const base::Json& request);

  bool broken_ = false;
  std::map<std::string, Item> items_;  // by name; external IDs are "shelf/<name>"
};

}  // namespace tests

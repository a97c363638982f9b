// SPDX-License-Identifier: MPL-2.0
// NS1's API as far as DNS-01 meets it: a zone with a summary of its records, and records with answers that carry more than a
// value.
#pragma once

#include <map>

#include "tests/support/fake_zone_api.h"

namespace tests {

class FakeNs1 final : public FakeZoneApi {
 public:
  static constexpr const char* kUrl = "https://ns1.test/v1";

  FakeNs1() {
    token_header_ = "X-NSONE-Key";
    token_prefix_ = "";
  }

  // A note that the answer with this value has.
  void Annotate(const std::string& value, const std::string& note);
  std::string NoteOf(const std::string& value) const;

 protected:
  base::http::Response Answer(const ApiRequest& request) override;

 private:
  base::http::Response OneRecord(const ApiRequest& request, const std::string& domain);
  base::http::Response Write(const base::Json& body, const std::string& domain, bool is_there);
  base::Json RecordOf(const std::string& name) const;

  std::map<std::string, std::string> notes_;  // by value
};

}  // namespace tests

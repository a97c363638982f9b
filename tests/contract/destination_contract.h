// SPDX-License-Identifier: MPL-2.0
// What every sync destination keeps, as tests. A destination's test file derives a harness from DestinationHarness and says
//   INSTANTIATE_TEST_SUITE_P(LocalFiles, DestinationContract, testing::Values(MakeHarness<LocalFilesHarness>));
// A destination over an API derives it from ApiDestinationHarness, and instantiates ApiDestinationContract besides.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/sync/destination.h"
#include "engine/sync/reconcile.h"
#include "tests/support/fake_api.h"
#include "tests/support/test_bundle.h"
#include "tests/support/test_destination.h"

namespace tests {

class DestinationHarness {
 public:
  virtual ~DestinationHarness() = default;
  // A new one each time, as each run has.
  virtual engine::sync::Destination& destination() = 0;
  // False where there is no place for a mark of ownership: then the receipt alone tells what is whose.
  virtual bool has_marks() const { return true; }
  // All that the destination holds, as text that differs as soon as anything was written, even the same once more.
  virtual std::string Snapshot() = 0;
  // What others do behind the sync's back: put their own certificate in the place of ours, take ours away, and change something
  // of it besides the leaf.
  virtual void ReplaceCertificate(const engine::sync::Deployed& deployed) = 0;
  virtual void TakeAway(const engine::sync::Deployed& deployed) = 0;
  virtual void DamageBesideLeaf(const engine::sync::Deployed& deployed) = 0;
  // An object of others that is called `name`, and whether it is still as it was.
  virtual void PlaceForeign(const std::string& name) = 0;
  virtual bool ForeignIsIntact() = 0;
  // The next Put of `name` fails half-way, after its first write; Mend ends that.
  virtual void BreakNextPut(const std::string& name) = 0;
  virtual void Mend() = 0;
  // The process dies at its nth write, which takes effect, until Revive. A Put then fails or throws a Killed.
  virtual void DieAtWrite(int nth) = 0;
  virtual void Revive() = 0;
};

struct Killed {};

class ApiDestinationHarness : public DestinationHarness {
 public:
  // The API that throttles, and what it says then.
  virtual FakeApi& api() = 0;
  virtual base::http::Response Throttled() { return JsonAnswer(429, base::Json::object(), {{"Retry-After", "1"}}); }
  // What it says to credentials that have expired.
  virtual base::http::Response Denied() { return JsonAnswer(401, base::Json::object()); }
  void DieAtWrite(int nth) override { api().DieAtWrite(nth); }
  void Revive() override { api().Revive(); }
};

using MakeDestinationHarness = std::unique_ptr<DestinationHarness> (*)();
template <typename Harness>
std::unique_ptr<DestinationHarness> MakeHarness() {
  return std::make_unique<Harness>();
}

class DestinationContract : public DestinationTest, public testing::WithParamInterface<MakeDestinationHarness> {
 protected:
  using Action = engine::sync::Action;

  static constexpr const char* kName = "web-0123456789abcdef0123456789abcdef";
  static constexpr const char* kId = kCertificateId;

  engine::sync::Destination& destination() { return harness_->destination(); }

  // What now exists is in `now_`.
  base::Result<void> TryPut(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    const auto put = DestinationTest::TryPut(destination(), kName, bundle, previous);
    if (!put) Note(put.error());
    return put;
  }

  Deployed Put(const Bundle& bundle, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::Put(destination(), kName, bundle, previous);
  }

  std::optional<Deployed> Observe(const Deployed& known) {
    const auto observed = destination().Observe(Call(), known);
    EXPECT_TRUE(observed.ok()) << (observed ? "" : observed.error().message);
    return observed ? *observed : std::nullopt;
  }

  void Remove(const Deployed& deployed) {
    const auto removed = destination().Remove(Call(), deployed);
    EXPECT_TRUE(removed.ok()) << (removed ? "" : removed.error().message);
  }

  // What the next run would do about the certificate.
  Action NextAction(const Bundle& wanted, const Deployed& known) {
    const std::vector<engine::sync::Wanted> want = {
        {.key = "web", .name = kName, .fingerprint_sha256 = wanted.chain.front().fingerprint_sha256, .certificate_id = kId}};
    const std::vector<engine::sync::Existing> existing = {{.key = "web", .known = known, .observed = Observe(known)}};
    return Decide(want, existing, engine::sync::LeftBehind::kRemove)->front().action;
  }

  void Note(const base::Error& error) {
    said_ += base::Cat(error.message, ' ', error.code, ' ', error.blame.attribute, ' ', base::Join(error.while_doing, " "), ' ',
                       base::Join(error.details, " "), '\n');
  }

  std::unique_ptr<DestinationHarness> harness_ = GetParam()();
  std::string said_;  // by errors
  Bundle bundle_ = MakeTestBundle(kId);
};

class ApiDestinationContract : public DestinationContract {
 protected:
  ApiDestinationHarness& harness() { return dynamic_cast<ApiDestinationHarness&>(*harness_); }
};

}  // namespace tests

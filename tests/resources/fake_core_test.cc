// SPDX-License-Identifier: MPL-2.0
// The oracle on a resource of its own: a good one passes, and each way of being wrong is told.
#include "tests/support/fake_core.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace tests {
namespace {

using resources::ChangeRequest;
using resources::ChangeResult;
using resources::Context;
using resources::ImportResult;
using resources::Stored;
using schema::cty::Path;
using schema::cty::Type;
using schema::cty::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A box with a label that the cloud keeps; `misbehave` changes what it answers.
class Box final : public resources::Resource {
 public:
  Box() {
    schema_.attributes.push_back(schema::String("kind").Required());
    schema_.attributes.push_back(schema::String("label").Optional());
    schema_.attributes.push_back(schema::String("token").Optional().WriteOnly());
    schema_.attributes.push_back(schema::String("id").Computed());
  }

  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }
  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    const Value label = config.Get("label");
    if (label.is_known() && label.AsString() == "refused") diagnostics.Error("Refused", "Refused.", Path::Of("label"));
  }
  void Plan(const Context&, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    const bool is_another = !request.prior.is_null() && request.prior.Get("kind") != result.planned.Get("kind");
    if (is_another) result.requires_replace.push_back(Path::Of("kind"));
    if (plan) plan(request, result);
  }
  ChangeResult Read(const base::Call&, const Context&, const Stored& current) const override {
    const auto found = cloud_.find(current.state.Get("id").AsString());
    if (found == cloud_.end()) return {.stored = {.state = Value::Null(current.state.type())}};
    return {.stored = {.state = current.state.With("label", found->second), .private_data = current.private_data}};
  }
  ChangeResult Create(const base::Call&, const Context&, const ChangeRequest& request) const override {
    const std::string id = "box-" + std::to_string(++made_);
    cloud_.insert_or_assign(id, request.planned.Get("label"));
    return Answer({.stored = {.state = request.planned.With("id", Value::String(id)), .private_data = "p"}});
  }
  ChangeResult Update(const base::Call&, const Context&, const ChangeRequest& request) const override {
    cloud_.insert_or_assign(request.planned.Get("id").AsString(), request.planned.Get("label"));
    return Answer({.stored = {.state = request.planned, .private_data = request.planned_private}});
  }
  ChangeResult Delete(const base::Call&, const Context&, const ChangeRequest& request) const override {
    cloud_.erase(request.prior.Get("id").AsString());
    return Answer({.stored = {.state = Value::Null(request.prior.type())}});
  }
  ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    return {.stored = {.state = Value::ObjectOf(schema_.ImpliedType(), {{"id", Value::String(std::string(id))}})}};
  }

  std::function<void(const schema::PlanRequest&, schema::PlanResult&)> plan;
  std::function<void(ChangeResult&)> misbehave;
  mutable std::map<std::string, Value> cloud_;

 private:
  ChangeResult Answer(ChangeResult result) const {
    if (misbehave) misbehave(result);
    return result;
  }

  std::string type_name_ = "test_box";
  schema::Schema schema_;
  mutable int made_ = 0;
};

class FakeCoreTest : public ::testing::Test {
 protected:
  Value Config(const char* label) {
    return core_.Config({{"kind", Value::String("k")}, {"label", Value::String(label)}, {"token", Value::String("t0ken")}});
  }

  FakeClock clock_;
  Context context_{.clock = &clock_, .random = nullptr, .sealer = resources::sealed::Sealer::Missing(), .acme = {}, .http = {}};
  Box box_;
  FakeCore core_{box_, context_, clock_};
};

TEST_F(FakeCoreTest, DrivesAGoodResourceThroughItsLife) {
  const Outcome created = core_.Apply(Config("a"));
  EXPECT_EQ(created.action, Action::kCreate);
  EXPECT_EQ(created.ToText(), "action: create\n");
  EXPECT_EQ(core_.state().Get("id"), Value::String("box-1"));
  EXPECT_TRUE(core_.state().Get("token").is_null());

  EXPECT_EQ(core_.Plan(Config("a")).ToText(), "action: no change\n");
  EXPECT_EQ(core_.Apply(Config("b")).ToText(), "action: update\n");
  EXPECT_EQ(core_.private_data(), "p");

  const Outcome replaced = core_.Apply(Config("b").With("kind", Value::String("other")));
  EXPECT_EQ(replaced.ToText(), "action: replace\nreplaced for: kind\n");
  EXPECT_EQ(core_.state().Get("id"), Value::String("box-2"));

  EXPECT_EQ(core_.Destroy().ToText(), "action: delete\n");
  EXPECT_TRUE(core_.state().is_null());
  EXPECT_TRUE(box_.cloud_.empty());
}

TEST_F(FakeCoreTest, SeesDriftAndDisappearance) {
  ASSERT_FALSE(core_.Apply(Config("a")).has_failed());

  box_.cloud_.begin()->second = Value::String("changed");
  EXPECT_EQ(core_.Plan(Config("a")).action, Action::kUpdate);

  box_.cloud_.clear();
  EXPECT_EQ(core_.Plan(Config("a")).action, Action::kCreate);
}

TEST_F(FakeCoreTest, TakesAConfigThatIsUnknownAtPlanTime) {
  EXPECT_EQ(core_.Apply(WithUnknownLeaves(Config("a")), Config("a")).ToText(), "action: create\n");
  EXPECT_EQ(core_.Apply(Config("a").With("label", Value::Unknown(Type::String())), Config("b")).ToText(), "action: update\n");
}

TEST_F(FakeCoreTest, StopsAtValidation) {
  const Outcome refused = core_.Apply(Config("refused"));

  EXPECT_TRUE(refused.has_failed());
  EXPECT_TRUE(core_.state().is_null());
}

TEST_F(FakeCoreTest, Imports) {
  box_.cloud_.emplace("box-9", Value::String("a"));

  const Outcome imported = core_.Import("box-9");

  EXPECT_EQ(imported.ToText(), "action: no change\n");
  EXPECT_EQ(core_.state().Get("label"), Value::String("a"));
}

TEST_F(FakeCoreTest, HandsOutPriorValuesForIgnoredAttributes) {
  ASSERT_FALSE(core_.Apply(Config("a")).has_failed());
  core_.IgnoreChanges({"label", "token"});
  Value seen = Value::Null(Type::String());
  box_.plan = [&](const schema::PlanRequest& request, schema::PlanResult&) { seen = request.config; };

  EXPECT_EQ(core_.Apply(Config("b")).action, Action::kNone);
  EXPECT_EQ(seen.Get("label"), Value::String("a"));
  EXPECT_TRUE(seen.Get("token").is_null());
}

TEST_F(FakeCoreTest, TellsAnInvalidPlan) {
  box_.plan = [](const schema::PlanRequest&, schema::PlanResult& result) {
    result.planned = result.planned.With("kind", Value::String("mine"));
  };

  EXPECT_THAT(core_.Plan(Config("a")).violations,
              ElementsAre("invalid plan: kind: planned value does not match config value nor prior value"));
}

TEST_F(FakeCoreTest, TellsAnInconsistentFinalPlan) {
  int calls = 0;
  box_.plan = [&](const schema::PlanRequest&, schema::PlanResult& result) {
    result.planned = result.planned.With("id", Value::String(++calls == 1 ? "one" : "two"));
  };

  EXPECT_THAT(core_.Apply(Config("a")).violations, ::testing::Contains("inconsistent final plan: id: has another value"));
}

TEST_F(FakeCoreTest, TellsAnInconsistentResult) {
  box_.misbehave = [](ChangeResult& result) { result.stored.state = result.stored.state.With("label", Value::String("other")); };

  EXPECT_THAT(core_.Apply(Config("a")).violations, ElementsAre("inconsistent result after apply: label: has another value"));
}

TEST_F(FakeCoreTest, TellsUnknownValuesAndSecretsInTheState) {
  box_.misbehave = [](ChangeResult& result) {
    result.stored.state = result.stored.state.With("label", Value::Unknown(Type::String())).With("token", Value::String("t0ken"));
  };

  EXPECT_THAT(core_.Apply(Config("a")).violations,
              ::testing::IsSupersetOf({"invalid result object after apply: token: returned a value for a write-only attribute",
                                       "invalid result object after apply: label: is unknown"}));
}

TEST_F(FakeCoreTest, TellsAPlanThatNeverSettles) {
  box_.plan = [](const schema::PlanRequest&, schema::PlanResult& result) {
    result.planned = result.planned.With("id", Value::Unknown(Type::String()));
  };

  EXPECT_THAT(core_.Apply(Config("a")).violations,
              ElementsAre("the plan after the apply is not empty: id: was known, but is now unknown"));
}

TEST_F(FakeCoreTest, TaintsAHalfMadeObjectAndReplacesIt) {
  box_.misbehave = [](ChangeResult& result) { result.diagnostics.Error("Failed", "It failed."); };
  const Outcome failed = core_.Apply(Config("a"));
  EXPECT_TRUE(failed.has_failed());
  EXPECT_THAT(failed.violations, IsEmpty());
  EXPECT_TRUE(core_.is_tainted());

  box_.misbehave = nullptr;
  EXPECT_EQ(core_.Apply(Config("a")).ToText(), "action: replace\n");
  EXPECT_FALSE(core_.is_tainted());
  EXPECT_EQ(box_.cloud_.size(), 1U);
}

TEST_F(FakeCoreTest, KeepsThePriorStateWhenAFailureReturnsNone) {
  ASSERT_FALSE(core_.Apply(Config("a")).has_failed());
  box_.misbehave = [](ChangeResult& result) {
    result = {.stored = {.state = Value::Null(result.stored.state.type())}};
    result.diagnostics.Error("Failed", "It failed.");
  };

  EXPECT_TRUE(core_.Apply(Config("b")).has_failed());
  EXPECT_EQ(core_.state().Get("label"), Value::String("a"));
  EXPECT_TRUE(core_.Destroy().has_failed());
  EXPECT_FALSE(core_.state().is_null());
}

}  // namespace
}  // namespace tests

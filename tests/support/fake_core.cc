// SPDX-License-Identifier: MPL-2.0
#include "tests/support/fake_core.h"

#include <utility>

#include "base/text.h"
#include "schema/cty/json.h"
#include "schema/cty/msgpack.h"
#include "schema/cty/walk.h"
#include "tests/support/core_rules.h"

namespace tests {
namespace {

using base::Cat;
using schema::cty::Path;
using schema::cty::Value;

void AddAll(std::vector<std::string> lines, std::string_view heading, Outcome& outcome) {
  for (const std::string& line : lines) outcome.violations.push_back(Cat(heading, ": ", line));
}

// The part of the value at `path`; empty when there is none.
std::optional<Value> PartAt(const Value& value, const Path& path) {
  std::optional<Value> part;
  Visit(value, [&](const Path& at, const Value& one) {
    if (at == path) part = one;
    return schema::cty::Descent::kInto;
  });
  return part;
}

// Terraform leaves out paths whose value did not change, and refuses those that are nowhere.
std::vector<std::string> ChangedPaths(const Value& prior, const schema::PlanResult& plan, Outcome& outcome) {
  std::vector<std::string> changed;
  for (const Path& path : plan.requires_replace) {
    const auto before = PartAt(prior, path);
    const auto after = PartAt(plan.planned, path);
    if (!before && !after) outcome.violations.push_back(At(path, "requires replacement but is nowhere"));
    if (before != after) changed.push_back(path.ToText());
  }
  return changed;
}

std::string_view NameOf(Action action) {
  switch (action) {
    case Action::kNone:
      return "no change";
    case Action::kCreate:
      return "create";
    case Action::kUpdate:
      return "update";
    case Action::kReplace:
      return "replace";
    case Action::kDelete:
      return "delete";
  }
  return "?";
}

}  // namespace

std::string Outcome::ToText() const {
  std::string text = Cat("action: ", NameOf(action), "\n");
  for (const std::string& path : replaced_for) text.append(Cat("replaced for: ", path, "\n"));
  for (const auto& one : diagnostics.items()) {
    text.append(Cat(one.severity == schema::Severity::kError ? "error" : "warning", " at ", one.path ? one.path->ToText() : "-",
                    ": ", one.summary, "\n", one.detail, "\n"));
  }
  for (const std::string& line : violations) text.append(Cat("violation: ", line, "\n"));
  return text;
}

FakeCore::FakeCore(const resources::Resource& resource, const resources::Context& context, FakeClock& clock)
    : resource_(resource), context_(context), clock_(clock), type_(resource.schema().ImpliedType()), state_(Value::Null(type_)) {}

Value FakeCore::Config(Value::Members members) const { return Value::ObjectOf(type_, std::move(members)); }

Value FakeCore::Absent() const { return Value::Null(type_); }

base::Call FakeCore::Call() const {
  base::Call call = clock_.Call();
  call.stop = stop_;
  return call;
}

Value FakeCore::Sent(const Value& value, Outcome& outcome) const {
  const auto arrived = schema::cty::FromMsgpack(schema::cty::ToMsgpack(value), type_);
  if (arrived && *arrived == value) return *arrived;
  outcome.violations.push_back(Cat("the wire: ", arrived ? "another value arrived" : arrived.error().message));
  return value;
}

Value FakeCore::Stored(Outcome& outcome) const {
  const auto json = schema::cty::ToJson(state_);
  const auto read =
      json ? schema::cty::FromJson(*json, type_, schema::cty::UnknownMembers::kRefused) : base::Result<Value>(json.error());
  if (read) return *read;
  outcome.violations.push_back(Cat("the state file: ", read.error().message));
  return state_;
}

void FakeCore::Validate(const Value& config, Outcome& outcome) const {
  const auto run = [&](const Value& value, schema::Diagnostics& diagnostics) {
    diagnostics.Append(schema::ValidateConfig(resource_.schema(), Sent(value, outcome)));
    resource_.Validate(value, diagnostics);
  };
  // Terraform validates first with every variable unknown.
  for (const Value& unknown : {WithUnknownLeaves(config), WithUnknownAttributes(config)}) {
    schema::Diagnostics diagnostics;
    run(unknown, diagnostics);
    if (diagnostics.HasErrors())
      outcome.violations.push_back(Cat("unknown values are refused: ", diagnostics.items().front().summary));
  }
  run(config, outcome.diagnostics);
}

schema::PlanResult FakeCore::PlanOnce(const Value& prior, const Value& config, const Private& data, Outcome& outcome) const {
  const bool is_first = data.first == nullptr;
  auto result = schema::PlanChange(
      {.schema = resource_.schema(),
       .prior = Sent(prior, outcome),
       .config = Sent(config, outcome),
       .prior_private = data.prior,
       .planned_private = keeps_planned_private_ && !is_first ? data.first->planned_private : std::string(),
       .now = keeps_planned_private_ && is_first ? std::optional(clock_.Now()) : std::nullopt},
      [&](const schema::PlanRequest& request, schema::PlanResult& plan) { resource_.Plan(context_, request, plan); });
  outcome.diagnostics.Append(result.diagnostics);
  if (result.diagnostics.HasErrors()) return result;
  if (keeps_planned_private_ && result.planned_private.empty()) result.planned_private = "{}";
  resource_.NotePlanned(context_, prior, result.planned);
  result.planned = Sent(result.planned, outcome);
  AddAll(PlanViolations(resource_.schema(), prior, config, result.planned), "invalid plan", outcome);
  return result;
}

Value FakeCore::WithIgnored(const Value& config) const {
  Value changed = config;
  if (state_.is_null()) return changed;
  for (const std::string& name : ignored_) changed = changed.With(name, state_.Get(name));
  return changed;
}

FakeCore::Proposal FakeCore::Propose(const Value& config, Outcome& outcome) const {
  if (tainted_) return {.result = PlanOnce(Absent(), config, {}, outcome), .action = Action::kReplace};
  const Value prior = Stored(outcome);
  auto result = PlanOnce(prior, WithIgnored(config), {private_data_}, outcome);
  if (outcome.has_failed()) return {.result = std::move(result)};
  if (prior.is_null()) return {.result = std::move(result), .action = Action::kCreate};
  outcome.replaced_for = ChangedPaths(prior, result, outcome);
  if (!outcome.replaced_for.empty()) return {.result = PlanOnce(Absent(), config, {}, outcome), .action = Action::kReplace};
  const bool same = result.planned == prior;
  return {.result = std::move(result), .action = same ? Action::kNone : Action::kUpdate};
}

void FakeCore::Read(Outcome& outcome) {
  if (state_.is_null()) return;
  resource_.NoteSaved(context_, Sent(Stored(outcome), outcome));
  if (std::exchange(skips_read_, false)) return;
  const auto read = resource_.Read(Call(), context_, {.state = Sent(Stored(outcome), outcome), .private_data = private_data_});
  outcome.diagnostics.Append(read.diagnostics);
  if (read.diagnostics.HasErrors()) return;
  AddAll(StateViolations(resource_.schema(), read.stored.state), "invalid object after read", outcome);
  state_ = Sent(read.stored.state, outcome);
  private_data_ = state_.is_null() ? "" : read.stored.private_data;
}

Outcome FakeCore::Refresh() {
  Outcome outcome = NewOutcome();
  Read(outcome);
  return outcome;
}

FakeCore::Proposal FakeCore::Prepare(const Value& config, Outcome& outcome) {
  if (refreshes_ == Refreshes::kAlways) {
    Read(outcome);
  } else if (!state_.is_null()) {
    resource_.NoteSaved(context_, Sent(Stored(outcome), outcome));
  }
  Validate(config, outcome);
  Proposal proposal{.result = {.planned = Absent()}};
  if (outcome.has_failed()) return proposal;
  proposal = Propose(config, outcome);
  if (refreshes_ == Refreshes::kIfNothingChanges && !outcome.has_failed() && proposal.action == Action::kNone) {
    Read(outcome);
    if (!outcome.has_failed()) proposal = Propose(config, outcome);
  }
  return proposal;
}

Outcome FakeCore::Plan(const Value& config) {
  Outcome outcome = NewOutcome();
  const Proposal proposal = Prepare(config, outcome);
  outcome.action = proposal.action;
  outcome.planned = proposal.result.planned;
  return outcome;
}

Outcome FakeCore::Apply(const Value& planned_config, const Value& config) {
  Outcome outcome = NewOutcome();
  const Proposal first = Prepare(planned_config, outcome);
  outcome.action = first.action;
  outcome.planned = first.result.planned;
  if (outcome.has_failed() || first.action == Action::kNone) return outcome;

  if (before_change_) before_change_();
  Validate(config, outcome);
  if (outcome.has_failed()) return outcome;
  if (first.action == Action::kReplace) {
    Delete(outcome);
    if (outcome.has_failed()) return outcome;
  }
  first.action == Action::kUpdate ? Update(first, config, outcome) : Create(first, config, outcome);
  if (!outcome.has_failed()) CheckSettled(config, outcome);
  return outcome;
}

void FakeCore::Create(const Proposal& first, const Value& config, Outcome& outcome) {
  const auto second = PlanOnce(Absent(), config, {.first = &first.result}, outcome);
  if (outcome.has_failed()) return;
  AddAll(ConformanceViolations(first.result.planned, second.planned), "inconsistent final plan", outcome);
  outcome.planned = second.planned;
  const auto result = resource_.Create(
      Call(), context_,
      {.prior = Absent(), .config = config, .planned = second.planned, .planned_private = second.planned_private});
  tainted_ = result.diagnostics.HasErrors() && !result.stored.state.is_null();
  Save(second.planned, result, outcome);
}

void FakeCore::Update(const Proposal& first, const Value& config, Outcome& outcome) {
  const Value prior = Stored(outcome);
  const auto second = PlanOnce(prior, WithIgnored(config), {private_data_, &first.result}, outcome);
  if (outcome.has_failed()) return;
  AddAll(ConformanceViolations(first.result.planned, second.planned), "inconsistent final plan", outcome);
  if (!ChangedPaths(prior, second, outcome).empty()) {
    outcome.violations.emplace_back("inconsistent final plan: the update became a replacement");
  }
  outcome.planned = second.planned;
  // Terraform skips the change when nothing is left of it.
  if (second.planned == prior) return;
  const auto result = resource_.Update(
      Call(), context_, {.prior = prior, .config = config, .planned = second.planned, .planned_private = second.planned_private});
  Save(second.planned, result, outcome);
}

void FakeCore::Save(const Value& planned, const resources::ChangeResult& result, Outcome& outcome) {
  outcome.diagnostics.Append(result.diagnostics);
  const bool failed = result.diagnostics.HasErrors();
  AddAll(StateViolations(resource_.schema(), result.stored.state), "invalid result object after apply", outcome);
  if (!failed) {
    if (result.stored.state.is_null()) outcome.violations.emplace_back("inconsistent result after apply: the object was absent");
    AddAll(ConformanceViolations(planned, result.stored.state), "inconsistent result after apply", outcome);
  }
  if (failed && result.stored.state.is_null()) return;  // the prior state is kept, of a create nothing
  state_ = Transform(Sent(result.stored.state, outcome),
                     [](const Path&, const Value& part) { return part.is_unknown() ? Value::Null(part.type()) : part; });
  private_data_ = result.stored.private_data;
}

void FakeCore::Delete(Outcome& outcome) {
  const auto result = resource_.Delete(
      Call(), context_,
      {.prior = Sent(Stored(outcome), outcome), .config = Absent(), .planned = Absent(), .planned_private = private_data_});
  outcome.diagnostics.Append(result.diagnostics);
  const bool gone = result.stored.state.is_null();
  if (result.diagnostics.HasErrors()) {
    if (gone) return;  // the prior state is kept
  } else if (!gone) {
    outcome.violations.emplace_back("the object is still there after its destruction");
  }
  AddAll(StateViolations(resource_.schema(), result.stored.state), "invalid object after destroy", outcome);
  state_ = result.stored.state;
  private_data_ = gone ? "" : result.stored.private_data;
  if (gone) tainted_ = false;
}

Outcome FakeCore::Destroy() {
  Outcome outcome = NewOutcome();
  Read(outcome);
  if (outcome.has_failed() || state_.is_null()) return outcome;
  outcome.action = Action::kDelete;
  Delete(outcome);
  return outcome;
}

void FakeCore::TakeIn(const resources::ImportResult& result, Outcome& outcome) {
  outcome.diagnostics.Append(result.diagnostics);
  if (result.diagnostics.HasErrors()) return;
  AddAll(StateViolations(resource_.schema(), result.stored.state), "invalid object after import", outcome);
  state_ = Sent(result.stored.state, outcome);
  private_data_ = result.stored.private_data;
  tainted_ = false;
}

Outcome FakeCore::Import(std::string_view id) {
  Outcome outcome = NewOutcome();
  TakeIn(resource_.Import(Call(), context_, id), outcome);
  if (!outcome.has_failed()) Read(outcome);
  return outcome;
}

Outcome FakeCore::Move(const resources::MoveRequest& request, Refreshing refreshing) {
  Outcome outcome = NewOutcome();
  const auto moved = resource_.Move(request);
  if (!moved) {
    outcome.violations.emplace_back("nothing is moved from this type");
    return outcome;
  }
  TakeIn(*moved, outcome);
  if (!outcome.has_failed() && refreshing == Refreshing::kDone) Read(outcome);
  skips_read_ = refreshing == Refreshing::kSkipped;
  return outcome;
}

void FakeCore::CheckSettled(const Value& config, Outcome& outcome) {
  Read(outcome);
  if (outcome.has_failed()) return;
  const Value prior = Stored(outcome);
  const auto next = PlanOnce(prior, WithIgnored(config), {private_data_}, outcome);
  if (outcome.has_failed() || next.planned == prior) return;
  auto differences = ConformanceViolations(prior, next.planned);
  if (differences.empty()) differences.emplace_back("a set changes");
  AddAll(std::move(differences), "the plan after the apply is not empty", outcome);
}

Value WithUnknownLeaves(const Value& config) {
  return Transform(config, [](const Path&, const Value& part) {
    using schema::cty::Kind;
    const Kind kind = part.type().kind();
    const bool leaf = kind == Kind::kString || kind == Kind::kNumber || kind == Kind::kBool;
    return leaf && part.is_known() ? Value::Unknown(part.type()) : part;
  });
}

Value WithUnknownAttributes(const Value& config) {
  if (!config.is_known()) return config;
  Value::Members members = config.AsMembers();
  for (auto& [name, member] : members) {
    if (!member.is_null()) member = Value::Unknown(member.type());
  }
  return Value::ObjectOf(config.type(), std::move(members));
}

}  // namespace tests

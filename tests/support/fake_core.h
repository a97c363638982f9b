// SPDX-License-Identifier: MPL-2.0
// FakeCore: Terraform in one process, for one resource instance. It drives a Resource through the calls of a real run, in their
// order and with their values (each through the wire form, state through JSON too), keeps state and private data as Terraform
// would, also after failures, and holds every answer against Terraform's rules.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "resources/resource.h"
#include "tests/support/fake_clock.h"

namespace tests {

enum class Action { kNone, kCreate, kUpdate, kReplace, kDelete };

// How a run went.
struct Outcome {
  Action action = Action::kNone;
  schema::cty::Value planned;               // of the last plan; of a replacement, the new object
  std::vector<std::string> replaced_for{};  // paths
  schema::Diagnostics diagnostics{};        // of all calls
  std::vector<std::string> violations{};    // of Terraform's rules; must be empty whatever the outcome
  bool has_failed() const { return diagnostics.HasErrors(); }
  // Action, diagnostics and violations, a line each: what a failed expectation prints.
  std::string ToText() const;
};

class FakeCore {
 public:
  // All borrowed; outlive this.
  FakeCore(const resources::Resource& resource, const resources::Context& context, FakeClock& clock);

  // An object of the resource's type; attributes that are not given are null.
  schema::cty::Value Config(schema::cty::Value::Members members) const;

  // `terraform plan`: refresh, validate, plan. Changes the state only as a refresh does.
  Outcome Plan(const schema::cty::Value& config);
  // `terraform apply`: the same, then the second plan, the change, a refresh, and a plan that has to be empty when all went well.
  Outcome Apply(const schema::cty::Value& config) { return Apply(config, config); }
  // The same with a config that was `planned_config` at plan time, when some of its values were unknown.
  Outcome Apply(const schema::cty::Value& planned_config, const schema::cty::Value& config);
  Outcome Refresh();
  Outcome Import(std::string_view id);
  // A moved block from another type, until the refresh. kSkipped: -refresh=false.
  enum class Refreshing { kDone, kSkipped };
  Outcome Move(const resources::MoveRequest& request, Refreshing refreshing = Refreshing::kDone);
  // `terraform destroy`: refresh, then delete.
  Outcome Destroy();

  // lifecycle.ignore_changes: on update, both plans get the prior value of these attributes (null where they are write-only), and
  // the change gets the real one.
  void IgnoreChanges(std::vector<std::string> attributes) { ignored_ = std::move(attributes); }
  // Protocol 6.11: the second plan gets the private data of the first one, which may look at the clock.
  void KeepPlannedPrivate() { keeps_planned_private_ = true; }
  // -refresh=false and -minimal-refresh, which reads only if the plan on the stored state changes nothing.
  enum class Refreshes { kAlways, kIfNothingChanges, kNever };
  void Refresh(Refreshes when) { refreshes_ = when; }
  // Runs between the plan and the apply, as when a plan is saved.
  void BeforeChange(std::function<void()> hook) { before_change_ = std::move(hook); }
  // What Terraform does to it if the provider dies in an apply.
  void LosePrivateData() { private_data_.clear(); }
  // From now on calls hear this token: Ctrl-C.
  void StopWith(std::stop_token stop) { stop_ = std::move(stop); }

  // Null when there is no object.
  const schema::cty::Value& state() const { return state_; }
  const std::string& private_data() const { return private_data_; }
  bool is_tainted() const { return tainted_; }

 private:
  struct Proposal {
    schema::PlanResult result;
    Action action = Action::kNone;
  };

  Outcome NewOutcome() const { return Outcome{.planned = Absent()}; }
  schema::cty::Value Absent() const;
  base::Call Call() const;
  // `value` as it arrives at the other side of the wire.
  schema::cty::Value Sent(const schema::cty::Value& value, Outcome& outcome) const;
  // The state as it is read back from its file.
  schema::cty::Value Stored(Outcome& outcome) const;

  void Validate(const schema::cty::Value& config, Outcome& outcome) const;
  struct Private {
    std::string prior{};
    const schema::PlanResult* first = nullptr;  // of the first plan, for the second one
  };
  // The plan against `prior`; checked.
  schema::PlanResult PlanOnce(const schema::cty::Value& prior, const schema::cty::Value& config, const Private& data,
                              Outcome& outcome) const;
  // Refresh, validation, and plan, in the order that `refreshes_` asks for.
  Proposal Prepare(const schema::cty::Value& config, Outcome& outcome);
  // The plan of what to do with the present state, the replacement's plan included.
  Proposal Propose(const schema::cty::Value& config, Outcome& outcome) const;
  schema::cty::Value WithIgnored(const schema::cty::Value& config) const;
  void Read(Outcome& outcome);
  // What an import or a move brought, before it is read for the first time.
  void TakeIn(const resources::ImportResult& result, Outcome& outcome);
  void Create(const Proposal& first, const schema::cty::Value& config, Outcome& outcome);
  void Update(const Proposal& first, const schema::cty::Value& config, Outcome& outcome);
  void Delete(Outcome& outcome);
  // Keeps what a change returned as Terraform would.
  void Save(const schema::cty::Value& planned, const resources::ChangeResult& result, Outcome& outcome);
  // After an apply: reading changes nothing that a plan would, and the next plan is empty.
  void CheckSettled(const schema::cty::Value& config, Outcome& outcome);

  const resources::Resource& resource_;
  const resources::Context& context_;
  FakeClock& clock_;
  const schema::cty::Type type_;
  std::vector<std::string> ignored_;
  std::stop_token stop_;
  schema::cty::Value state_;
  std::string private_data_;
  bool tainted_ = false;
  bool skips_read_ = false;  // the next refresh is left out
  bool keeps_planned_private_ = false;
  Refreshes refreshes_ = Refreshes::kAlways;
  std::function<void()> before_change_{};
};

// The config with every string, number and bool unknown, and with every attribute that it sets unknown as a whole: what Terraform
// sends when everything comes from resources that do not exist yet.
schema::cty::Value WithUnknownLeaves(const schema::cty::Value& config);
schema::cty::Value WithUnknownAttributes(const schema::cty::Value& config);

}  // namespace tests

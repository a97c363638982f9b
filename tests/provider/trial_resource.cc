// SPDX-License-Identifier: MPL-2.0
#include "tests/provider/trial_resource.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tests {
namespace {

using resources::ChangeRequest;
using resources::ChangeResult;
using resources::Context;
using resources::Stored;
using schema::cty::Value;

schema::Schema MakeTrialSchema() {
  return {.version = 2,
          .doc = "A trial.",
          .attributes = {
              schema::String("name").Required().ReplaceOnChange().Doc("What it does."),
              schema::Number("size").Optional().Doc("A number."),
              schema::String("secret").Optional().WriteOnly().Doc("Never kept."),
              schema::Nested("parts", schema::Nesting::kList,
                             {schema::String("label").Optional().Doc("A label."),
                              schema::String("token").Optional().WriteOnly().Doc("Never kept.")})
                  .Optional()
                  .Doc("Parts."),
              schema::String("id").Computed().Doc("Made at create."),
          }};
}

std::string NameOf(const Value& object) {
  if (!object.is_known()) return {};
  const Value name = object.Get("name");
  return name.is_known() ? name.AsString() : std::string();
}

void Print(int descriptor, std::string_view text) {
  if (write(descriptor, text.data(), text.size()) < 0) throw std::runtime_error("cannot print");
}

// Behaves as the name says, with `state` as the outcome.
ChangeResult Act(const base::Call& call, const std::string& name, const Stored& outcome) {
  if (name == "throws") throw std::runtime_error("the trial was told to throw");
  if (name == "aborts") {
    Print(STDERR_FILENO, "last words\n");
    std::abort();
  }
  if (name == "noisy") {
    Print(STDOUT_FILENO, "printed to standard output");
    Print(STDERR_FILENO, "printed to standard error");
  }
  ChangeResult result{.stored = outcome};
  if (name == "blocks") {
    Print(STDOUT_FILENO, "blocking");
    if (auto waited = call.Wait(std::chrono::minutes(10)); !waited) result.diagnostics.Error("Interrupted", waited.error());
  }
  if (name.starts_with("fails")) result.diagnostics.Error("Failed", "As told.");
  if (name == "fails-bare") result.stored = Stored{.state = Value::Null(outcome.state.type())};
  return result;
}

class TrialResource final : public resources::Resource {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }

  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    if (NameOf(config) == "throws") throw std::runtime_error("the trial was told to throw");
    if (NameOf(config) == "invalid") diagnostics.Error("Invalid name", "Not \xff this one.", schema::cty::Path::Of("name"));
  }
  // Lets a write-only value through when it is told to: the provider layer must not.
  void Plan(const Context&, const schema::PlanRequest& request, schema::PlanResult& result) const override {
    if (NameOf(request.config) == "throws") throw std::runtime_error("the trial was told to throw");
    if (NameOf(request.config) == "leaky") result.planned = result.planned.With("secret", Value::String("leaked"));
    result.planned_private = request.prior_private + "+p";
  }
  ChangeResult Read(const base::Call& call, const Context&, const Stored& current) const override {
    if (NameOf(current.state) == "gone") return {.stored = {.state = Value::Null(current.state.type())}};
    return Act(call, NameOf(current.state), {.state = current.state, .private_data = current.private_data + "+r"});
  }
  ChangeResult Create(const base::Call& call, const Context&, const ChangeRequest& request) const override {
    return Act(call, NameOf(request.planned),
               {.state = request.planned.With("id", Value::String("1")), .private_data = request.planned_private + "+c"});
  }
  ChangeResult Update(const base::Call& call, const Context&, const ChangeRequest& request) const override {
    return Act(call, NameOf(request.planned), {.state = request.planned, .private_data = request.planned_private + "+u"});
  }
  ChangeResult Delete(const base::Call& call, const Context&, const ChangeRequest& request) const override {
    const std::string name = NameOf(request.prior);
    return Act(call, name == "missing" ? "fails-bare" : name, {.state = Value::Null(request.prior.type())});
  }
  resources::ImportResult Import(const base::Call&, const Context&, std::string_view id) const override {
    if (id == "missing") return {.stored = {.state = Value::Null(schema_.ImpliedType())}};
    return {.stored = {.state = Value::ObjectOf(schema_.ImpliedType(), {{"id", Value::String(std::string(id))}}),
                       .private_data = "+i"}};
  }

 private:
  const std::string type_name_ = "trial_thing";
  const schema::Schema schema_ = MakeTrialSchema();
};

std::vector<std::unique_ptr<resources::Resource>> MakeTrialCatalog() {
  std::vector<std::unique_ptr<resources::Resource>> catalog;
  catalog.push_back(std::make_unique<TrialResource>());
  return catalog;
}

}  // namespace

const std::vector<std::unique_ptr<resources::Resource>>& TrialCatalog() {
  static const auto catalog = MakeTrialCatalog();
  return catalog;
}

const schema::Schema& TrialProviderSchema() {
  static const schema::Schema schema{.attributes = {schema::String("region").Optional().Doc("Where.")}};
  return schema;
}

std::shared_ptr<const resources::Context> TrialConfigure(const Value& config, schema::Diagnostics& diagnostics) {
  const Value region = config.Get("region");
  if (region.is_known() && region.AsString() == "bad") {
    diagnostics.Error("Bad region", "There is no such region.", schema::cty::Path::Of("region"));
    return nullptr;
  }
  return std::make_shared<resources::Context>(resources::Context{
      .clock = nullptr, .random = nullptr, .version = {}, .sealer = resources::Sealer::Missing(), .acme = {}, .http = {}});
}

provider::rpc::ServiceParts TrialParts(base::Clock& clock, const base::Log& log) {
  return {.resources = TrialCatalog(),
          .provider_schema = &TrialProviderSchema(),
          .configure = TrialConfigure,
          .clock = &clock,
          .log = log};
}

}  // namespace tests

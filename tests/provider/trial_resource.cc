// SPDX-License-Identifier: MPL-2.0
#include "tests/provider/trial_resource.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/os/descriptor.h"

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
              schema::String("name").Required().Doc("What it does."),
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

// Version 0 called the name a title.
base::Result<std::string> TitleToName(std::string_view json) {
  auto state = nlohmann::json::parse(json, nullptr, false);
  if (!state.contains("title")) return base::Error{base::ErrorKind::kProtocol, "there is no title"};
  state["name"] = state["title"];
  return state.dump();
}

std::string NameOf(const Value& object) {
  if (!object.is_known()) return {};
  const Value name = object.Get("name");
  return name.is_known() ? name.AsString() : std::string();
}

void Print(int descriptor, std::string_view text) {
  if (write(descriptor, text.data(), text.size()) < 0) throw std::runtime_error("cannot print");
}

void HoardDescriptors() {
  static std::vector<base::os::Descriptor> hoard;
  do {
    hoard.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  } while (hoard.back().is_open());
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
  if (name == "hoards") HoardDescriptors();
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
    const bool is_renamed = !request.prior.is_null() && request.prior.Get("name") != result.planned.Get("name");
    if (is_renamed) result.requires_replace.push_back(schema::cty::Path::Of("name"));
    result.planned_private = NameOf(request.config) == "keeps nothing" ? "" : request.prior_private + "+p";
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
  std::optional<resources::ImportResult> Move(const resources::MoveRequest& request) const override {
    if (request.source_type != "other_thing") return std::nullopt;
    return resources::ImportResult{
        .stored = {.state = Value::ObjectOf(schema_.ImpliedType(), {{"name", Value::String(request.source_json)}}),
                   .private_data = "+m"}};
  }
  std::span<const schema::UpgradeStep> upgrade_steps() const override { return steps_; }

 private:
  const std::string type_name_ = "trial_thing";
  const schema::Schema schema_ = MakeTrialSchema();
  const std::vector<schema::UpgradeStep> steps_ = {TitleToName};
};

class TrialAnswer final : public resources::Source {
 public:
  const std::string& type_name() const override { return type_name_; }
  const schema::Schema& schema() const override { return schema_; }
  Value Read(const base::Call&, const Context&, const Value& wanted, schema::Diagnostics& diagnostics) const override {
    const std::string question = wanted.Get("question").AsString();
    if (question == "unanswerable") diagnostics.Error("No answer", "As told.", schema::cty::Path::Of("question"));
    return wanted.With("answer", Value::String("re: " + question));
  }

 private:
  static void Refuse(const Value& value, const schema::cty::Path& path, schema::Diagnostics& diagnostics) {
    if (value.AsString() == "bad") diagnostics.Error("Bad question", "Ask another.", path);
  }
  const std::string type_name_ = "trial_answer";
  const schema::Schema schema_{.doc = "A trial.",
                               .attributes = {schema::String("question").Required().Check(Refuse).Doc("What to ask."),
                                              schema::String("answer").Computed().Doc("What comes back.")}};
};

base::Result<Value> Reverse(std::span<const Value> arguments) {
  const std::string& text = arguments.front().AsString();
  if (text.empty()) return base::Error{base::ErrorKind::kInvalid, "there is nothing to reverse"};
  return Value::String({text.rbegin(), text.rend()});
}

std::vector<std::unique_ptr<resources::Source>> MakeTrialSources() {
  std::vector<std::unique_ptr<resources::Source>> sources;
  sources.push_back(std::make_unique<TrialAnswer>());
  return sources;
}

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

const std::vector<std::unique_ptr<resources::Source>>& TrialSources() {
  static const auto sources = MakeTrialSources();
  return sources;
}

const std::vector<resources::Function>& TrialFunctions() {
  using schema::cty::Type;
  static const std::vector<resources::Function> functions = {
      {.name = "reverse",
       .summary = "Reverses a text.",
       .doc = "Reverses it.",
       .parameters = {{.name = "text", .type = Type::String(), .doc = "What to reverse."}},
       .result = Type::String(),
       .call = Reverse}};
  return functions;
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
      .clock = nullptr, .random = nullptr, .sealer = resources::sealed::Sealer::Missing(), .acme = {}, .http = {}});
}

provider::rpc::ServiceParts TrialParts(base::Clock& clock, const base::Log& log) {
  return {.resources = TrialCatalog(),
          .data_sources = TrialSources(),
          .ephemerals = TrialSources(),
          .functions = TrialFunctions(),
          .provider_schema = &TrialProviderSchema(),
          .configure = TrialConfigure,
          .clock = &clock,
          .log = log};
}

}  // namespace tests

// SPDX-License-Identifier: MPL-2.0
// Resource: what Terraform can ask of one type. The provider layer looks it up, converts values, and calls it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "resources/context.h"
#include "schema/diagnostics.h"
#include "schema/plan.h"
#include "schema/schema.h"
#include "schema/upgrade.h"

namespace resources {

// A resource's state with the private data that travels beside it.
struct Stored {
  schema::cty::Value state;  // null: the object does not exist
  std::string private_data{};
};

struct ChangeRequest {
  schema::cty::Value prior;    // null on create
  schema::cty::Value config;   // null on delete; carries write-only values
  schema::cty::Value planned;  // null on delete
  std::string planned_private{};
};

// Whatever happens, `stored` is the best known state: the provider layer saves it beside the errors.
struct ChangeResult {
  Stored stored;
  schema::Diagnostics diagnostics{};
};

struct ImportResult {
  Stored stored;
  schema::Diagnostics diagnostics{};
};

// A resource of another type that a moved block turns into one of this type.
struct MoveRequest {
  std::string source_type;  // "acme_certificate"
  std::string source_json;  // its attributes, as the state file holds them
};

// Implementations are immutable and safe from many threads.
class Resource {
 public:
  virtual ~Resource() = default;
  virtual const std::string& type_name() const = 0;  // "certwright_certificate"
  virtual const schema::Schema& schema() const = 0;

  // Rules across attributes, after each attribute's validators. Pure, like Plan. `config` may hold unknown values. No context:
  // the provider is not configured when Terraform validates.
  virtual void Validate(const schema::cty::Value& config, schema::Diagnostics& diagnostics) const = 0;
  // schema::PlanHook with the context: pure, no clock, no network, no file.
  virtual void Plan(const Context& context, const schema::PlanRequest& request, schema::PlanResult& result) const = 0;
  // Terraform shows a state that it has saved (or moved), as it does for each object before all else, with -refresh=false too.
  // Makes no request.
  virtual void NoteSaved(const Context&, const schema::cty::Value&) const {}
  // What a plan came to, each time that one is made: `planned` is null for a destroy. For what the apply, another process, is to
  // know of all resources. Makes no request.
  virtual void NotePlanned(const Context&, const schema::cty::Value& /*prior*/, const schema::cty::Value& /*planned*/) const {}
  // Has no config; after an import no handle either. The state comes back wholly known, or null when the object is gone.
  virtual ChangeResult Read(const base::Call& call, const Context& context, const Stored& current) const = 0;
  virtual ChangeResult Create(const base::Call& call, const Context& context, const ChangeRequest& request) const = 0;
  virtual ChangeResult Update(const base::Call& call, const Context& context, const ChangeRequest& request) const = 0;
  virtual ChangeResult Delete(const base::Call& call, const Context& context, const ChangeRequest& request) const = 0;
  virtual ImportResult Import(const base::Call& call, const Context& context, std::string_view id) const = 0;
  // Empty: nothing becomes one of these, or not this source type. Runs unconfigured; Read, Plan and the rest follow.
  virtual std::optional<ImportResult> Move(const MoveRequest&) const { return std::nullopt; }
  // `[i]` turns the JSON state of schema version i into that of i + 1; see schema::UpgradeState for versions without a step.
  // Empty while no version differs from the one before in more than attributes that came or went.
  virtual std::span<const schema::UpgradeStep> upgrade_steps() const { return {}; }
};

}  // namespace resources

// SPDX-License-Identifier: MPL-2.0
// A resource whose name says what it does, for tests of the provider layer without the product's own resources.
#pragma once

#include <memory>
#include <vector>

#include "provider/rpc/service_parts.h"
#include "resources/resource.h"

namespace tests {

// "trial_thing": name (required, "replaces" when changed), size, secret (write-only), parts = [{label, token (write-only)}], id
// (computed). Behaviour by name: "throws" in every call; "fails" with its state, "fails-bare" without; "blocks" until it is told
// to stop, and then fails with its state; "noisy" prints to the standard outputs; "aborts" prints and dies; "hoards" opens
// descriptors until it gets none, and keeps them; anything else
// succeeds. Delete of "missing" fails. Import of "missing" finds nothing. An "other_thing" can be
// moved to it: the name is then its JSON. Private data counts the calls: "+c" for a create, "+u",
// "+r".
const std::vector<std::unique_ptr<resources::Resource>>& TrialCatalog();
// "trial_answer", as a data source and as an ephemeral resource: question (required; "bad" is refused, "unanswerable" has no
// answer), answer (computed: "re: " and the question).
const std::vector<std::unique_ptr<resources::Source>>& TrialSources();
// "reverse": its text backwards; fails for an empty one.
const std::vector<resources::Function>& TrialFunctions();
const schema::Schema& TrialProviderSchema();  // one optional attribute: region; "bad" is refused
std::shared_ptr<const resources::Context> TrialConfigure(const schema::cty::Value& config, schema::Diagnostics& diagnostics);

provider::rpc::ServiceParts TrialParts(base::Clock& clock, const base::Log& log);

}  // namespace tests

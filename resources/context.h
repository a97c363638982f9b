// SPDX-License-Identifier: MPL-2.0
// Context: what a configured provider hands its resources. Shared by every RPC of one configuration; safe from many threads.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/http/transport.h"
#include "base/random.h"
#include "base/shared_objects.h"
#include "engine/acme/client.h"
#include "engine/connections/connection.h"
#include "resources/issued_in_this_run.h"
#include "resources/sealed/handle.h"

namespace resources {

namespace sealed {
class Journal;  // what a killed run leaves to the next one; see sealed/journal.h
}
class SharedNotes;  // what the processes of one working directory share; see shared_notes.h
class AcmeClients;  // one acme::Client per directory URL and set of roots; see acme_clients.h

struct Context {
  base::Clock* clock = nullptr;  // borrowed; outlive the context
  base::Random* random = nullptr;
  sealed::Sealer sealer;                        // keys may be unknown (plan before they exist) or missing (not configured)
  std::shared_ptr<AcmeClients> acme;            // shared: lives as long as the longest call
  std::shared_ptr<base::http::Transport> http;  // for everything that is no ACME server
  std::shared_ptr<sealed::Journal> journal{};   // shared: likewise
  std::shared_ptr<SharedNotes> notes{};         // shared: likewise
  std::function<void()> host_is_gone{};         // Terraform was killed, and the calls under way are only ended
  // Changes that the provider is carrying out.
  std::shared_ptr<std::atomic<int>> changes_under_way = std::make_shared<std::atomic<int>>(0);
  bool allow_exec = false;                  // the provider's allow_exec
  bool abandon_unreadable_handles = false;  // the provider's; see lost_keys.h
  std::string user_agent{};                 // what this program calls itself in requests
  // Of one configuration; shared by all copies of the context.
  std::shared_ptr<base::SharedObjects> shared = std::make_shared<base::SharedObjects>();  // by connections and what uses them
  std::shared_ptr<Issuances> issuances = std::make_shared<Issuances>();

  // What connections, DNS providers and destinations reach the outside with; borrows from this context.
  engine::connections::Deps deps() const {
    return {.http = http.get(),
            .random = random,
            .allow_exec = allow_exec,
            .holds_sealing_key = [sealer = sealer](std::string_view text) { return sealer.FindsKeyIn(text); },
            .user_agent = user_agent,
            .shared = shared};
  }
};

}  // namespace resources

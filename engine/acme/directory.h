// SPDX-License-Identifier: MPL-2.0
// The directory (RFC 8555 section 7.1.1): read once, shared by everybody who uses the client.
#pragma once

#include <mutex>
#include <optional>
#include <string_view>

#include "base/single_flight.h"
#include "engine/acme/client.h"

namespace engine::acme {

// Errors: kProtocol (not JSON, a required member is missing, a member is no URL).
base::Result<Directory> ParseDirectory(std::string_view text);

// Safe from many threads: one fetches, the others wait for its answer. A failed fetch is not remembered.
class DirectoryCache {
 public:
  base::Result<Directory> Get(const base::Call& call, const ClientOptions& options, Patience patience);
  // The next Get fetches again: a resource of the directory turned out to be gone.
  void Forget();

 private:
  std::optional<Directory> Find();

  base::SingleFlight<Directory> flights_;
  std::mutex mutex_;
  std::optional<Directory> directory_;  // guarded by mutex_
};

}  // namespace engine::acme

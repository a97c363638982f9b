// SPDX-License-Identifier: MPL-2.0
// Resources of Google's newer APIs: got and listed by name, created, changed and deleted by operations that take their time
// (https://google.aip.dev/121, https://google.aip.dev/151).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/vendors/google/api.h"

namespace engine::vendors::google {

class GoogleResources {
 public:
  // `version`: of the API, "v1". Names are relative: "projects/p/locations/global/certificates/c".
  GoogleResources(GoogleApi api, std::string version) : api_(std::move(api)), version_(std::move(version)) {}

  // Empty when there is none of that name. Errors: those of GoogleApi.
  base::Result<std::optional<base::Json>> Find(const base::Call& call, std::string_view name) const;
  // All of a collection, page by page: `collection` "projects/p/locations/global/certificates", whose elements are `member`.
  base::Result<std::vector<base::Json>> List(const base::Call& call, std::string_view collection, std::string_view member) const;

  // These return when Google is done. error.code of a failed operation is that of google.rpc ("FAILED_PRECONDITION"); kConflict
  // also means that the resource is there already, or in use.
  base::Result<void> Create(const base::Call& call, std::string_view collection, std::string_view id_parameter,
                            std::string_view id, const base::Json& body) const;
  // `mask`: the members that are written, separated by commas.
  base::Result<void> Update(const base::Call& call, std::string_view name, std::string_view mask, const base::Json& body) const;
  // One that is gone already is success.
  base::Result<void> Delete(const base::Call& call, std::string_view name) const;

 private:
  base::Result<void> Await(const base::Call& call, base::Result<base::Json> operation) const;

  GoogleApi api_;
  std::string version_;
};

}  // namespace engine::vendors::google

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/aws/tagging_api.h"

#include "engine/vendors/aws/json_call.h"

namespace engine::vendors::aws {
namespace {

using base::Call;
using base::FindMember;
using base::FindString;
using base::Json;
using base::Result;

constexpr int kResourcesPerPage = 100;  // the most that it gives

}  // namespace

Result<std::map<std::string, AwsTags>> AwsTaggingApi::Find(const Call& call, std::string_view type, std::string_view key,
                                                           std::string_view value) const {
  std::map<std::string, AwsTags> found;
  const Json filter{{"Key", key}, {"Values", Json::array({value})}};
  Json body{{"ResourcesPerPage", kResourcesPerPage},
            {"ResourceTypeFilters", Json::array({type})},
            {"TagFilters", Json::array({filter})}};
  for (;;) {
    const auto answer = SendAwsJson(call, *session_, *transport_,
                                    {.service = "tagging",
                                     .region = region_,
                                     .target = "ResourceGroupsTaggingAPI_20170126.GetResources",
                                     .body = body,
                                     .doing = "looking resources up by their tags"});
    if (!answer) return answer.error();
    const Json* list = FindMember(*answer, "ResourceTagMappingList");
    for (const Json& one : list != nullptr && list->is_array() ? *list : Json::array()) {
      found.emplace(FindString(one, "ResourceARN").value_or(""), FindTags(one, "Tags"));
    }
    const std::string next = FindString(*answer, "PaginationToken").value_or("");
    if (next.empty()) return found;
    body["PaginationToken"] = next;
  }
}

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
// AWS's Resource Groups Tagging API (docs.aws.amazon.com/resourcegroupstagging/latest/APIReference): resources by their tags,
// many at once. It learns of new tags and resources some seconds after the service that has them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/result.h"
#include "engine/vendors/aws/session.h"
#include "engine/vendors/aws/tags.h"

namespace engine::vendors::aws {

class AwsTaggingApi {
 public:
  // `transport` is borrowed; outlives this. `region` empty: that of the session.
  AwsTaggingApi(std::shared_ptr<AwsSession> session, base::http::Transport& transport, std::string region)
      : session_(std::move(session)), transport_(&transport), region_(std::move(region)) {}

  // The resources of that type ("acm:certificate") that have the tag: all their tags, by ARN. A request for each hundred.
  // Errors: those of AwsSession::Send.
  base::Result<std::map<std::string, AwsTags>> Find(const base::Call& call, std::string_view type, std::string_view key,
                                                    std::string_view value) const;

 private:
  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  base::http::Transport* transport_;
  std::string region_;
};

}  // namespace engine::vendors::aws

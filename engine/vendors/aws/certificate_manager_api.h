// SPDX-License-Identifier: MPL-2.0
// AWS Certificate Manager's API (docs.aws.amazon.com/acm/latest/APIReference), as far as imported certificates need it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/vendors/aws/session.h"
#include "engine/vendors/aws/tags.h"

namespace engine::vendors::aws {

struct AcmContent {
  std::string leaf_pem;
  std::string chain_pem;  // without the leaf; may be empty
  base::Secret private_key_pem;
};

struct AcmDetails {
  // When it was imported last: it changes with each import into the same ARN, and so tells whether the content can have changed.
  std::string imported_at;
  std::vector<std::string> in_use_by{};  // ARNs
};

// Errors everywhere: those of AwsSession::Send; kNotFound when there is no such ARN.
class AcmApi {
 public:
  // `transport` is borrowed; outlives this. `region` empty: that of the session.
  AcmApi(std::shared_ptr<AwsSession> session, base::http::Transport& transport, std::string region)
      : session_(std::move(session)), transport_(&transport), region_(std::move(region)) {}

  // A new ARN at each call: not sent again after a lost answer.
  base::Result<std::string> Import(const base::Call& call, const AcmContent& content, const AwsTags& tags) const;
  // Into an ARN that is there. Takes no tags. Errors: kInvalid with the code ValidationException, also for a key of another type
  // or size.
  base::Result<void> ImportAgain(const base::Call& call, const std::string& arn, const AcmContent& content) const;
  base::Result<std::string> GetChainPem(const base::Call& call, const std::string& arn) const;  // leaf first
  base::Result<AcmDetails> Describe(const base::Call& call, const std::string& arn) const;
  // AcmDetails::imported_at of all certificates of the region, by ARN; empty for those that were not imported.
  base::Result<std::map<std::string, std::string>> List(const base::Call& call) const;
  base::Result<AwsTags> GetTags(const base::Call& call, const std::string& arn) const;
  base::Result<void> AddTags(const base::Call& call, const std::string& arn, const AwsTags& tags) const;
  base::Result<void> RemoveTags(const base::Call& call, const std::string& arn, const AwsTags& tags) const;
  // Errors: kConflict with the code ResourceInUseException.
  base::Result<void> Delete(const base::Call& call, const std::string& arn) const;

 private:
  base::Result<base::Json> Send(const base::Call& call, std::string_view action, const base::Json& body, std::string_view doing,
                                base::http::Idempotency idempotency = base::http::Idempotency::kSafe) const;

  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  base::http::Transport* transport_;
  std::string region_;
};

}  // namespace engine::vendors::aws

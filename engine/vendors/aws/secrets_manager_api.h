// SPDX-License-Identifier: MPL-2.0
// AWS Secrets Manager's API (docs.aws.amazon.com/secretsmanager/latest/apireference), for secrets that are texts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/call.h"
#include "base/http/transport.h"
#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/vendors/aws/session.h"
#include "engine/vendors/aws/tags.h"

namespace engine::vendors::aws {

// A version of a secret. Its content never changes.
struct SecretVersion {
  std::string id;  // 32 to 64 letters, digits and dashes, chosen by the caller: the same one again is the same write
  base::Secret text;
};

struct SecretDetails {
  std::string arn;
  std::string version_id;  // of AWSCURRENT; empty when there is none
  AwsTags tags{};
  std::string kms_key_id{};     // empty: AWS's own key
  bool is_in_deletion = false;  // it is gone for readers, its name is still taken
};

// `id` is an ARN or a name. Errors everywhere: those of AwsSession::Send; kNotFound when there is no such secret; kInvalid with
// the code InvalidRequestException when it is in deletion.
class SecretsManagerApi {
 public:
  // `transport` is borrowed; outlives this. `region` empty: that of the session.
  SecretsManagerApi(std::shared_ptr<AwsSession> session, base::http::Transport& transport, std::string region)
      : session_(std::move(session)), transport_(&transport), region_(std::move(region)) {}

  // The new secret's ARN. `kms_key_id` empty: AWS's own key. Errors: kConflict with the code ResourceExistsException.
  base::Result<std::string> Create(const base::Call& call, std::string_view name, const SecretVersion& version,
                                   std::string_view kms_key_id, const AwsTags& tags) const;
  // `version` becomes the current one. `kms_key_id` empty: the key stays.
  base::Result<void> Update(const base::Call& call, const std::string& id, const SecretVersion& version,
                            std::string_view kms_key_id) const;
  base::Result<SecretDetails> Describe(const base::Call& call, const std::string& id) const;
  base::Result<SecretVersion> GetCurrent(const base::Call& call, const std::string& id) const;
  // Those that have the tag, by ARN, without those in deletion. A request for each hundred; changes show after some minutes.
  base::Result<std::map<std::string, SecretDetails>> List(const base::Call& call, std::string_view key,
                                                          std::string_view value) const;
  base::Result<void> AddTags(const base::Call& call, const std::string& id, const AwsTags& tags) const;
  // Out of deletion.
  base::Result<void> Restore(const base::Call& call, const std::string& id) const;
  // It can be restored for `days`, 7 to 30.
  base::Result<void> Delete(const base::Call& call, const std::string& id, int days) const;

 private:
  base::Result<base::Json> Send(const base::Call& call, std::string_view action, const base::Json& body,
                                std::string_view doing) const;

  std::shared_ptr<AwsSession> session_;  // shared with every other user of the credentials
  base::http::Transport* transport_;
  std::string region_;
};

}  // namespace engine::vendors::aws

// SPDX-License-Identifier: MPL-2.0
#include "engine/vendors/google/identity.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "engine/vendors/google/api.h"
#include "tests/engine/vendors/google/fake_api.h"
#include "tests/support/fake_clock.h"
#include "tests/support/handler_transport.h"

namespace tests::google_identity {
namespace {

using base::Secret;
using engine::vendors::google::FindAmbientIdentity;
using engine::vendors::google::FindAmbientProject;
using engine::vendors::google::GoogleIdentity;

std::string User(const std::string& name) {
  return base::Cat(R"({"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":")", name,
                   R"(","quota_project_id":"quota"})");
}

class FindAmbientGoogle : public testing::Test {
 protected:
  FindAmbientGoogle() {
    std::string name = testing::TempDir() + "google-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    environment_["HOME"] = folder_;
  }
  ~FindAmbientGoogle() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = std::filesystem::path(folder_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }

  base::EnvironmentReader Environment() const {
    return [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
  }

  // Who was found: the user's token, the access token, the machine's address, or the error.
  std::string Found() const {
    const auto identity = FindAmbientIdentity(Environment());
    if (!identity) return identity.error().message;
    if (identity->access_token) return std::string(identity->access_token->Reveal());
    return identity->user ? std::string(identity->user->refresh_token.Reveal()) : identity->metadata_host;
  }

  std::map<std::string, std::string> environment_;
  std::string folder_;
};

TEST_F(FindAmbientGoogle, FollowsTheOrderOfGooglesOwnTools) {
  EXPECT_EQ(Found(), "metadata.google.internal");
  environment_["GCE_METADATA_HOST"] = "127.0.0.1:1";
  EXPECT_EQ(Found(), "127.0.0.1:1");
  Write(".config/gcloud/application_default_credentials.json", User("gcloud"));
  EXPECT_EQ(Found(), "gcloud");
  environment_["GOOGLE_APPLICATION_CREDENTIALS"] = Write("file", User("file"));
  EXPECT_EQ(Found(), "file");
  environment_["GOOGLE_CREDENTIALS"] = User("content");
  EXPECT_EQ(Found(), "content");
  environment_["GOOGLE_OAUTH_ACCESS_TOKEN"] = "ya29.token\n";
  EXPECT_EQ(Found(), "ya29.token");
}

TEST_F(FindAmbientGoogle, WhatCannotBeUsedIsNoReasonToLookFurther) {
  Write(".config/gcloud/application_default_credentials.json", User("gcloud"));
  environment_["GOOGLE_APPLICATION_CREDENTIALS"] = folder_ + "/none";
  EXPECT_TRUE(Found().starts_with("GOOGLE_APPLICATION_CREDENTIALS: ")) << Found();
  environment_["GOOGLE_CREDENTIALS"] = "{\"type\": \"gdch_service_account\"}";
  EXPECT_EQ(Found(),
            "GOOGLE_CREDENTIALS: credentials of the type \"gdch_service_account\" are not supported; there are service_account, "
            "authorized_user, external_account and impersonated_service_account");
}

TEST_F(FindAmbientGoogle, TheProjectIsThatOfGooglesProviderFirst) {
  EXPECT_EQ(FindAmbientProject(Environment()), "");
  environment_["CLOUDSDK_CORE_PROJECT"] = "last";
  EXPECT_EQ(FindAmbientProject(Environment()), "last");
  environment_["GOOGLE_PROJECT"] = "first";
  EXPECT_EQ(FindAmbientProject(Environment()), "first");
}

TEST(GoogleApiQuota, ThatProjectIsChargedForEachRequest) {
  auto identity = engine::vendors::google::MakeAccessTokenIdentity(Secret("ya29.it"));
  ASSERT_TRUE(identity);
  base::SharedObjects shared;
  FakeClock clock;
  HandlerTransport transport(
      [](const base::Call&, const base::http::Request&) { return base::http::Response{.status = 200, .body = "{}"}; });
  const engine::vendors::google::GoogleApi api(transport, "https://dns.googleapis.com",
                                               SharedGoogleCredentials(*std::move(identity), "", "scope", shared), nullptr, "q");

  ASSERT_TRUE(api.Send(clock.Call(), "GET", "/x"));

  EXPECT_EQ(HeaderOf(transport.requests().front(), "Authorization"), "Bearer ya29.it");
  EXPECT_EQ(HeaderOf(transport.requests().front(), "X-Goog-User-Project"), "q");
}

}  // namespace
}  // namespace tests::google_identity

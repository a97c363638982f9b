// SPDX-License-Identifier: MPL-2.0
// The kubernetes_secret destination against a strict fake, and the fake against kubectl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/environment.h"
#include "base/process.h"
#include "engine/vendors/catalog.h"
#include "tests/contract/destination_contract.h"
#include "tests/engine/vendors/kubernetes/fake_api.h"
#include "tests/support/fake_random.h"
#include "tests/support/loopback_http.h"
#include "tests/support/settings.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_destination.h"

namespace tests::kubernetes_secret {
namespace {

using base::ErrorKind;
using engine::connections::Connection;
using engine::sync::Bundle;
using engine::sync::Deployed;
using engine::sync::Destination;
using Settings = SettingEntries;
using testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";
constexpr const char* kSyncId = "5c0e";

Connection Connect(const std::string& token = FakeKubernetes::kToken) {
  Connection connection{
      .kind = "kubernetes", .id = "c", .settings = ConnectionSettings("kubernetes", {{"server_url", FakeKubernetes::kUrl}})};
  Put(connection.settings, "token", base::Secret(token));
  return connection;
}

const engine::sync::DestinationSpec& Spec() { return *engine::vendors::FindDestination("kubernetes_secret"); }

std::unique_ptr<Destination> Make(FakeKubernetes& cluster, Settings settings = {}, const std::string& sync_id = kSyncId,
                                  const Connection& connection = Connect()) {
  settings.try_emplace("namespace", FakeKubernetes::kNamespace);
  return MakeTestDestination("kubernetes_secret", {.settings = DestinationSettings("kubernetes_secret", settings),
                                                   .connection = &connection,
                                                   .deps = {.http = &cluster},
                                                   .sync_id = sync_id});
}

std::string ChainOf(const Bundle& bundle) { return base::Base64(bundle.chain.front().pem); }

class KubernetesHarness final : public ApiDestinationHarness {
 public:
  Destination& destination() override {
    destination_ = Make(cluster_);
    return *destination_;
  }
  std::string Snapshot() override { return cluster_.Snapshot(); }
  void ReplaceCertificate(const Deployed& deployed) override {
    cluster_.Set(deployed.name, {{"data/tls.crt", ChainOf(MakeTestBundle(kId))}});
  }
  void TakeAway(const Deployed& deployed) override { cluster_.Erase(deployed.name); }
  void DamageBesideLeaf(const Deployed& deployed) override {
    cluster_.Set(deployed.name, {{"data/tls.key", base::Base64("damaged")}});
  }
  void PlaceForeign(const std::string& name) override {
    foreign_ = name;
    cluster_.Set(name, {{"type", "Opaque"}, {"data/password", base::Base64("foreign")}});
    before_ = cluster_.Snapshot();
  }
  bool ForeignIsIntact() override { return cluster_.Snapshot() == before_; }
  void BreakNextPut(const std::string&) override {
    cluster_.FailNext({JsonAnswer(403, {{"kind", "Status"}, {"reason", "Forbidden"}, {"message", "secrets is forbidden"}})});
  }
  void Mend() override { cluster_.FailNext({}); }
  FakeApi& api() override { return cluster_; }

 private:
  FakeKubernetes cluster_;
  std::unique_ptr<Destination> destination_;
  std::string foreign_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(KubernetesSecret, DestinationContract, testing::Values(MakeHarness<KubernetesHarness>));
INSTANTIATE_TEST_SUITE_P(KubernetesSecret, ApiDestinationContract, testing::Values(MakeHarness<KubernetesHarness>));

class KubernetesSecret : public DestinationTest {
 protected:
  base::Result<void> TryPut(Destination& destination, const std::optional<Deployed>& previous = std::nullopt) {
    return DestinationTest::TryPut(destination, "tls-web", bundle_, previous);
  }
  Deployed Put(Destination& destination, const std::optional<Deployed>& previous = std::nullopt,
               const std::string& name = "tls-web") {
    return DestinationTest::Put(destination, name, bundle_, previous);
  }
  std::string Field(const std::string& field) const {
    const auto fields = cluster_.Get("tls-web").fields;
    const auto found = fields.find(field);
    return found == fields.end() ? "" : found->second;
  }

  FakeKubernetes cluster_;
  Bundle bundle_ = MakeTestBundle(kId);
};

TEST_F(KubernetesSecret, AppliesATlsSecretWithLabels) {
  const Deployed now = Put(*Make(cluster_, {{"labels", "team=web\ntier=front"}, {"annotations", "example.com/note=a=b"}}));

  EXPECT_EQ(Field("type"), "kubernetes.io/tls");
  EXPECT_THAT(*base::FromBase64(Field("data/tls.crt")), HasSubstr(bundle_.chain.front().pem));
  EXPECT_EQ(*base::FromBase64(Field("data/tls.key")), bundle_.private_key_pem.Reveal());
  EXPECT_EQ(Field("labels/team"), "web");
  EXPECT_EQ(Field("labels/app.kubernetes.io/managed-by"), "certwright");
  EXPECT_EQ(Field("labels/certwright/sync-id"), kSyncId);
  EXPECT_EQ(Field("labels/certwright/certificate-id"), kId);
  EXPECT_EQ(Field("annotations/example.com/note"), "a=b");
  EXPECT_EQ(now.external_id, "web/tls-web");
}

TEST_F(KubernetesSecret, LeavesTheFieldsOfOthersInItsSecret) {
  const Deployed before = Put(*Make(cluster_, {{"labels", "team=web"}}));
  cluster_.Set("tls-web", {{"labels/theirs", "x"}, {"data/extra", base::Base64("x")}});
  bundle_ = MakeTestBundle(kId);

  Put(*Make(cluster_), before);

  EXPECT_EQ(Field("labels/theirs"), "x");
  EXPECT_EQ(Field("data/extra"), base::Base64("x"));
  EXPECT_EQ(Field("labels/team"), "") << "a label that left the settings goes";
}

TEST_F(KubernetesSecret, AsksOnceForAllOfARun) {
  const auto destination = Make(cluster_);
  std::vector<Deployed> all;
  for (int i = 0; i < 120; ++i) all.push_back(Put(*destination, std::nullopt, base::Cat("tls-", i)));
  const std::size_t before = cluster_.CountRequests("GET");

  for (const Deployed& one : all) EXPECT_TRUE(destination->Observe(clock_.Call(), one)->has_value());

  EXPECT_EQ(cluster_.CountRequests("GET") - before, 2U) << "pages of a hundred";
}

TEST_F(KubernetesSecret, LooksOneByOneWhereListsAreForbidden) {
  const auto destination = Make(cluster_);
  const Deployed now = Put(*destination);
  cluster_.ForbidLists();

  const auto seen = destination->Observe(clock_.Call(), now);

  ASSERT_TRUE(seen.ok() && *seen);
  EXPECT_EQ((*seen)->parts, now.parts);
}

TEST_F(KubernetesSecret, SeesThatTheLabelIsGoneAndPutsItBack) {
  const Deployed before = Put(*Make(cluster_));
  cluster_.Set("tls-web", {{"labels/certwright/sync-id", ""}});

  const auto seen = Make(cluster_)->Observe(clock_.Call(), before);
  ASSERT_TRUE(seen.ok() && *seen);
  EXPECT_NE((*seen)->parts, before.parts);
  Put(*Make(cluster_), before);

  EXPECT_EQ(Field("labels/certwright/sync-id"), kSyncId);
}

TEST_F(KubernetesSecret, LeavesTheSecretOfAnotherSyncAlone) {
  const Deployed theirs = Put(*Make(cluster_, {}, "other"));
  bundle_ = MakeTestBundle(kId);
  const std::string before = cluster_.Snapshot();
  const auto destination = Make(cluster_);

  const auto put = TryPut(*destination, theirs);
  ASSERT_TRUE(destination->Remove(clock_.Call(), theirs).ok());

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_THAT(put.error().message, HasSubstr("the Secret web/tls-web exists and was not written by this sync"));
  EXPECT_EQ(cluster_.Snapshot(), before);
}

TEST_F(KubernetesSecret, TakesOverWhatAKilledRunWrote) {
  Put(*Make(cluster_, {}, "killed"));

  Put(*Make(cluster_));

  EXPECT_EQ(Field("labels/certwright/sync-id"), kSyncId);
}

TEST_F(KubernetesSecret, AnApplyWhoseAnswerWasLostIsFoundAgain) {
  cluster_.LoseNextAnswer();

  Put(*Make(cluster_));

  EXPECT_EQ(*base::FromBase64(Field("data/tls.key")), bundle_.private_key_pem.Reveal());
}

TEST_F(KubernetesSecret, AChangeByOthersMeanwhileIsAConflict) {
  const Deployed before = Put(*Make(cluster_));
  bundle_ = MakeTestBundle(kId);
  cluster_.FailNext({JsonAnswer(409, {{"kind", "Status"}, {"reason", "Conflict"}, {"message", "the object has been modified"}})});

  const auto put = TryPut(*Make(cluster_), before);

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(put.error().message, "Kubernetes answered 409: the object has been modified (Conflict)");
}

TEST_F(KubernetesSecret, ReplacesItsSecretThatBecameAnotherType) {
  const Deployed before = Put(*Make(cluster_));
  cluster_.Set("tls-web", {{"type", "Opaque"}});

  Put(*Make(cluster_), before);

  EXPECT_EQ(Field("type"), "kubernetes.io/tls");
}

TEST_F(KubernetesSecret, ARefusedTokenBlamesTheToken) {
  const auto put = TryPut(*Make(cluster_, {}, kSyncId, Connect("wrong")));

  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::kDenied);
  EXPECT_EQ(put.error().blame.attribute, "token");
}

// `terraform import` of what a lost state had made, and then a renewal.
TEST_F(KubernetesSecret, TakesOverWhatAnImportNames) {
  Put(*Make(cluster_, {}, "former"));
  bundle_ = MakeTestBundle(kId);
  const auto destination = Make(cluster_);

  const auto adopted = destination->Adopt(clock_.Call(), "web/tls-web", engine::sync::Adoption::kMarked);
  ASSERT_TRUE(adopted) << adopted.error().message;
  const Deployed now = Put(*destination, *adopted);

  EXPECT_EQ(adopted->certificate_id, kId);
  EXPECT_EQ(now.external_id, "web/tls-web");
  ASSERT_TRUE(destination->Remove(clock_.Call(), now).ok());
  EXPECT_EQ(cluster_.Snapshot(), "");
}

TEST_F(KubernetesSecret, TakesOverNothingThatHasNoMarkUnlessItIsToldTo) {
  cluster_.Set("tls-web",
               {{"type", "kubernetes.io/tls"}, {"data/tls.crt", ChainOf(bundle_)}, {"data/tls.key", base::Base64("x")}});
  const auto destination = Make(cluster_);

  const auto marked = destination->Adopt(clock_.Call(), "web/tls-web", engine::sync::Adoption::kMarked);
  const auto outside = destination->Adopt(clock_.Call(), "other/tls-web", engine::sync::Adoption::kAny);
  const auto any = destination->Adopt(clock_.Call(), "web/tls-web", engine::sync::Adoption::kAny);

  ASSERT_FALSE(marked);
  EXPECT_EQ(marked.error().kind, ErrorKind::kConflict);
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().kind, ErrorKind::kInvalid);
  ASSERT_TRUE(any) << any.error().message;
  Put(*destination, *any);
}

TEST(KubernetesSecretValidate, SaysWhatIsWrongWithEachSetting) {
  const std::pair<const char*, const char*> bad[] = {{"namespace", "Web"},
                                                     {"labels", "a b=c"},
                                                     {"labels", "team=not a value"},
                                                     {"labels", "certwright/sync-id=x"},
                                                     {"annotations", "/note=x"}};
  for (const auto& [field, value] : bad) {
    const auto problems = Spec().validate(DestinationSettings("kubernetes_secret", {{field, value}}));
    ASSERT_EQ(problems.size(), 1U) << field << '=' << value;
    EXPECT_EQ(problems.front().field, field);
  }
  EXPECT_TRUE(
      Spec()
          .validate(DestinationSettings("kubernetes_secret", {{"namespace", "web-1"}, {"labels", "example.com/team=\nb=c.d"}}))
          .empty());
  EXPECT_EQ(Spec().check_name("tls-web.1"), "");
  EXPECT_THAT(Spec().check_name("Certwright-0"), HasSubstr("certwright-{{certificateId}}"));
  EXPECT_NE(Spec().check_name("a_b"), "");
  EXPECT_NE(Spec().check_name("a/b"), "");
}

// kubectl, from whom nobody here has hidden anything, against the fake that the tests above trust.
class WithKubectl : public KubernetesSecret {
 protected:
  void SetUp() override {
    dir_.Write("kubeconfig", "apiVersion: v1\nkind: Config\n");
    if (Kubectl({"version", "--client"}).exit_code == 0) return;
    if (base::Environment("CI")) FAIL() << "kubectl is missing: install Debian's kubernetes-client";
    GTEST_SKIP() << "kubectl is missing (Debian's kubernetes-client): nobody foreign judged the fake";
  }

  base::ProgramOutcome Kubectl(std::vector<std::string> arguments) {
    const std::vector<std::string> common = {"kubectl",     "--server", server_.Url(""), "--kubeconfig", dir_ / "kubeconfig",
                                             "--namespace", "web",      "--cache-dir",   dir_ / "cache"};
    arguments.insert(arguments.begin(), common.begin(), common.end());
    const auto finished = base::RunProgram(clock_.Call(), {.arguments = arguments});
    return finished ? *finished : base::ProgramOutcome{.exit_code = 127, .output = {}, .errors = finished.error().message};
  }

  // Tokens are not sent over plain HTTP by everybody: the server puts it in.
  LoopbackServer server_{[this](const base::http::Request& request) {
    base::http::Request known = request;
    known.headers.push_back({"Authorization", base::Cat("Bearer ", FakeKubernetes::kToken)});
    return Answer(cluster_.Handle(known));
  }};
  TempDir dir_;
};

TEST_F(WithKubectl, ShowsTheSecretThatWasApplied) {
  Put(*Make(cluster_));

  const auto shown = Kubectl({"get", "secret", "tls-web", "-o", "jsonpath={.type} {.data.tls\\.crt}"});

  EXPECT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_EQ(shown.output, base::Cat("kubernetes.io/tls ", Field("data/tls.crt")));
}

TEST_F(WithKubectl, MeetsAConflictWithUsAsAtTheRealServer) {
  Put(*Make(cluster_));
  dir_.Write("secret.json", base::Json{{"apiVersion", "v1"},
                                       {"kind", "Secret"},
                                       {"metadata", {{"name", "tls-web"}, {"namespace", "web"}}},
                                       {"type", "kubernetes.io/tls"},
                                       {"data", {{"tls.crt", base::Base64("theirs")}, {"tls.key", base::Base64("theirs")}}}}
                                .dump());

  const auto applied = Kubectl({"apply", "--server-side", "--validate=false", "-f", dir_ / "secret.json"});
  const auto deleted = Kubectl({"delete", "secret", "tls-web", "--wait=false"});

  EXPECT_NE(applied.exit_code, 0);
  EXPECT_THAT(applied.errors, HasSubstr("conflict with \"certwright\""));
  EXPECT_EQ(deleted.exit_code, 0) << deleted.errors;
  EXPECT_EQ(cluster_.Get("tls-web").version, 0);
}

}  // namespace
}  // namespace tests::kubernetes_secret
